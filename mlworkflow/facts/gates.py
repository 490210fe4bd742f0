"""Facts that gates and signals compare evidence with."""

from __future__ import annotations

import math
import re

from mlworkflow.facts.registry import Subject, fact

_WEEK = 7 * 86400.0
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")
LONGEST_KEY = 40


@fact("subjects")
def slice_subjects(slices: tuple[str, ...] | None = None) -> tuple[Subject, ...]:
    """The groups for which quality must hold, each with a key that evidence can use."""
    found: dict[str, Subject] = {}
    for number, name in enumerate(slices or (), 1):
        key = _key(name) or f"group_{number}"
        key = key if key not in found else f"{key}_{number}"
        found[key] = Subject(key, name, {"id": key, "name": name, "label": name})
    return tuple(found.values())


def _key(name: str) -> str:
    return _NOT_IN_A_KEY.sub("_", name.lower()).strip("_")[:LONGEST_KEY].strip("_")


@fact("text")
def deciding_metric_key(deciding_metric: str) -> str:
    """The name of the deciding metric in an evidence file."""
    return deciding_metric.replace("-", "_")


@fact("share")
def error_budget(availability: float | None = None) -> float:
    """The share of requests that may fail (1 % where nothing was promised)."""
    return round(1 - availability, 8) if availability is not None else 0.01


@fact("duration")
def oldest_review(answers_online: bool, label_source: str | None = None, review_age: float | None = None) -> float:
    """How old an unread case may be, in working time: what spare reading catches up, a day's reading at most."""
    most = 7200.0 if answers_online and label_source != "people" else 8 * 3600.0
    return most if review_age is None else min(most, review_age // 900 * 900)


@fact("flag")
def false_alarm_rate_said(highest_false_alarm_rate: float | None = None) -> bool:
    """A ceiling of false alarms was given."""
    return highest_false_alarm_rate is not None


@fact("count")
def golden_losses(golden_alarm: float) -> float:
    """Cases that may be lost on balance before chance no longer explains it."""
    return golden_alarm - 1


@fact("share")
def quantile_from(forecast_quantile: float) -> float:
    """The lowest share below the planned quantile that still counts as covered: 3 points less."""
    return round(max(0.0, forecast_quantile - 0.03), 3)


@fact("share")
def quantile_to(forecast_quantile: float) -> float:
    """The highest share below the planned quantile that still counts as covered: 3 points more."""
    return round(min(1.0, forecast_quantile + 0.03), 3)


@fact("count")
def stable_weeks(label_age: float | None = None) -> int:
    """Weeks that must stay calm before a new baseline is fixed: four, or as many as labels need."""
    return max(4, math.ceil((label_age or 0.0) / _WEEK))


@fact("flag")
def golden_set_known(golden_set: float | None = None) -> bool:
    """It is known how many golden cases there are."""
    return golden_set is not None


@fact("flag")
def ready_by_known(ready_by: float | None = None) -> bool:
    """It was said when a scheduled run must be done."""
    return ready_by is not None


@fact("flag")
def metric_named(business_metric: str | None = None) -> bool:
    """A business figure was named."""
    return business_metric is not None


@fact("flag")
def computed_twice(any_online: bool, on_device: bool, unstructured: bool, problem_type: str) -> bool:
    """Training and serving each compute features, so the two can differ."""
    return (any_online or on_device) and not unstructured and problem_type != "generative"


@fact("flag")
def regulated(regulation: tuple[str, ...] | None = None, affects_people: bool | None = None) -> bool:
    """A rule, or a person whom a prediction decides about, asks for a review from outside the team."""
    return bool(set(regulation or ()) & {"eu-ai-act", "bank", "health"}) or affects_people is True


@fact("text")
def release_objects(problem_type: str) -> str:
    """What can be released on its own."""
    if problem_type == "generative":
        return "bundle, index, threshold, policy"
    return "model, threshold, policy"


@fact("text")
def business_words(business_metric: str | None = None) -> str:
    """The business figure by its name, or in general words."""
    return business_metric if business_metric is not None else "the business figure, still to be named,"


@fact("text")
def regulation_words(regulation: tuple[str, ...] | None = None) -> str:
    """The rules that apply, by the names of their answers."""
    return ", ".join(regulation) if regulation else "none"


@fact("flag")
def p50_known(latency_p50: float | None = None) -> bool:
    """A limit for the median latency was given."""
    return latency_p50 is not None


@fact("flag")
def p95_known(latency_p95: float | None = None) -> bool:
    """A limit for the p95 latency was given."""
    return latency_p95 is not None


@fact("flag")
def paired_sized(paired_positives: float | None = None) -> bool:
    """It is known how many bad cases both ways must judge."""
    return paired_positives is not None


@fact("flag")
def few_requests(mean_load: float | None = None) -> bool:
    """It is known that a quarter of an hour holds fewer than 500 requests."""
    return mean_load is not None and mean_load * 900 < 500
