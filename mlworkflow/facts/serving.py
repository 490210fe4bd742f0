"""Facts about serving."""

from __future__ import annotations

from mlworkflow.facts.registry import fact


@fact("flag")
def serving_named(serving: tuple[str, ...] | None = None) -> bool:
    """Serving modes were asked for by name."""
    return bool(serving)


@fact("flag")
def no_network(offline: bool | None = None) -> bool:
    """It was said that it must work without a network."""
    return offline is True


@fact("flag")
def waits_for_each(who_waits: str) -> bool:
    """A person or program waits for each answer."""
    return who_waits in ("person", "program")


@fact("flag")
def wait_known(longest_wait: float | None = None) -> bool:
    """It was said how long they may wait."""
    return longest_wait is not None


@fact("duration")
def longest_wait(
    wait: float | None = None, latency_p99: float | None = None, hard_timeout: float | None = None
) -> float | None:
    """The strictest time within which an answer must be there."""
    known = [value for value in (wait, latency_p99, hard_timeout) if value is not None]
    return min(known) if known else None


@fact("duration")
def latency_limit(latency_p99: float | None = None, wait: float | None = None) -> float | None:
    """The p99 to keep: as promised, or the longest wait that was allowed."""
    return latency_p99 if latency_p99 is not None else wait


@fact("flag")
def few_requests(requests_a_day: float) -> bool:
    """A day brings fewer than a thousand requests, so five in a hundred of them show no fault."""
    return requests_a_day < 1000


@fact("count")
def requests_a_day(mean_load: float) -> float:
    """Requests, events or jobs that a day brings."""
    return mean_load * 86400


@fact("flag")
def answers_while_waiting(mode_ids: tuple[str, ...]) -> bool:
    """Somebody or something waits for each answer."""
    return bool(set(mode_ids) & {"real-time", "edge"})


@fact("flag")
def any_online(mode_ids: tuple[str, ...]) -> bool:
    """Predictions are made as requests, events or jobs come in."""
    return bool(set(mode_ids) & {"real-time", "streaming", "queue"})


@fact("flag")
def answers_online(mode_ids: tuple[str, ...]) -> bool:
    """Requests or events are answered in the data centre as they come."""
    return bool(set(mode_ids) & {"real-time", "streaming"})


@fact("flag")
def edge_only(mode_ids: tuple[str, ...]) -> bool:
    """All predictions are made on devices."""
    return mode_ids == ("edge",)


@fact("flag")
def batch_only(mode_ids: tuple[str, ...]) -> bool:
    """All predictions are made on a schedule."""
    return mode_ids == ("batch",)


@fact("flag")
def on_device(mode_ids: tuple[str, ...]) -> bool:
    """The model runs outside the data centre."""
    return "edge" in mode_ids


@fact("rate")
def peak(mean_load: float | None = None, peak_load: float | None = None) -> float | None:
    """The highest load to be ready for (three times the mean where no peak was given)."""
    if peak_load is not None:
        return peak_load
    return None if mean_load is None else 3 * mean_load


@fact("flag")
def peak_was_guessed(mean_load: float, peak_load: float | None = None) -> bool:
    """No peak was given, so three times the mean stands in."""
    return peak_load is None


@fact("flag")
def has_gpu(gpu: str) -> bool:
    """Some GPU can be used."""
    return gpu != "none"


@fact("choice", "cpu", "nvidia", "mobile", "microcontroller", "browser")
def device(device_accelerator: str | None = None) -> str:
    """What computes on the device (a general processor where nothing was said)."""
    return device_accelerator or "cpu"


@fact("flag")
def high_availability(availability: float | None = None) -> bool:
    """More than 99.9 % is promised."""
    return availability is not None and availability > 0.999


@fact("duration")
def last_good_until(freshness: float) -> float:
    """How old the last good output may become before the baseline takes over: one run that failed, and no second one."""
    return 2 * freshness
