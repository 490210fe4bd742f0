"""Facts about people who review cases, and what is read beside the business figure."""

from __future__ import annotations

import math

from mlworkflow.facts.registry import Subject, fact

RANDOM_PART, TWICE_PART, PLANTED_PART = 0.05, 0.05, 0.02
FEWEST_PLANTED = 1
# With fewer, everyone is called more than one week in a month.
FEWEST_ON_ROTA = 4


@fact("flag")
def people_review(
    problem_type: str,
    label_source: str,
    reviews_per_day: float | None = None,
    human_decides: bool | None = None,
) -> bool:
    """People look at cases: to decide, to confirm, or to label."""
    return bool(reviews_per_day or human_decides or label_source == "people" or problem_type == "generative")


@fact("flag")
def reviews_known(reviews_per_day: float | None = None) -> bool:
    """It is known how many cases people can read in a day."""
    return bool(reviews_per_day)


@fact("flag")
def arrivals_unknown(arrivals: float | None = None) -> bool:
    """Nobody said how many cases arrive."""
    return not arrivals


@fact("share")
def review_share(arrivals: float, reviews_per_day: float) -> float | None:
    """The share of arriving cases that people can read."""
    return min(1.0, reviews_per_day / arrivals) if arrivals else None


@fact("count")
def random_reviews(reviews_per_day: float) -> int:
    """Cases of a day that are drawn at random: one in twenty, and at least one."""
    return max(1, round(RANDOM_PART * reviews_per_day))


@fact("count")
def set_aside_reviews(
    random_reviews: int, reviews_per_day: float, action_capacity: float, label_scope: str
) -> float | None:
    """Random and planted cases that take places of those who act, where the same people read them."""
    if label_scope != "reviewed" or reviews_per_day != action_capacity:
        return None
    return float(random_reviews + round(PLANTED_PART * reviews_per_day))


@fact("flag")
def passed_get_labels(label_scope: str | None = None, label_source: str | None = None) -> bool:
    """What is not acted on gets its label from the business, so nobody must read it to know."""
    return label_scope in ("not-acted", "all") and label_source == "events"


@fact("share")
def missing_input(feature_subjects: tuple[Subject, ...], problem_type: str) -> float | None:
    """The share of cases whose main input is not there, by the completeness of its source."""
    main = {"computer-vision": "image", "generative": "text"}.get(problem_type)
    read = [one.attributes for one in feature_subjects]
    known = [
        one["source_completeness"]
        for one in read
        if one["type"] == main and one["available"] == "at-request" and one["source_completeness"] is not None
    ]
    return round(1 - min(known), 8) if known else None


@fact("count")
def places_for_held(reviews_per_day: float | None = None, action_capacity: float | None = None) -> float | None:
    """Cases that people can take in a day, or in a period of action."""
    return reviews_per_day if reviews_per_day is not None else action_capacity


@fact("text")
def double_reviews(reviews_per_day: float | None = None) -> str:
    """How many cases are judged twice."""
    return _part_in_words(TWICE_PART, reviews_per_day)


@fact("text")
def planted_reviews(reviews_per_day: float | None = None) -> str:
    """How many of the cases that people read are planted."""
    return _part_in_words(PLANTED_PART, reviews_per_day)


def _part_in_words(part: float, reviews_per_day: float | None) -> str:
    """A part of the cases of a day, or of a week where a day holds less than one."""
    share = f"{part:.0%}".replace("%", " %")
    if not reviews_per_day:
        return f"{share} of the cases read"
    day = part * reviews_per_day
    if day >= FEWEST_PLANTED:
        return f"{share} of the cases read, {_counted(round(day))} a day,"
    return f"{share} of the cases read, at least {_counted(max(FEWEST_PLANTED, math.ceil(5 * day)))} a week,"


def _counted(number: int) -> str:
    return f"{number:,}"


_PROPOSED = {
    "generative": "the share of users who ask a person right after an answer",
    "recommendation": "the share of people who hide or skip what was recommended",
    "ranking": "the share of searches that are typed again within a minute",
}


@fact("text")
def satisfaction_proposal(problem_type: str, action_effect: str | None = None) -> str:
    """A figure that tells how its users like it, to be counted until somebody names a better one."""
    if problem_type in _PROPOSED:
        return _PROPOSED[problem_type]
    if action_effect == "prevents":
        return "complaints about stopped cases, per 1,000 of them"
    return "complaints and corrections by those who act on it, per 1,000 cases"


@fact("number")
def experiment_days(experiment_weeks: float) -> float:
    """Days during which units enter the experiment."""
    return 7 * experiment_weeks


@fact("share")
def one_device_share(devices: float) -> float | None:
    """The share of the load that one device carries."""
    return 1 / devices if devices else None


@fact("share")
def one_place_share(places: float) -> float | None:
    """The share of the load that one place carries, if places are alike."""
    return 1 / places if places else None


@fact("flag")
def staffed_at_night(on_call: str, people_on_rota: float) -> bool:
    """Somebody is really there at night: a first line, or a rota of at least four."""
    return on_call == "first-line" or (on_call == "around-the-clock" and people_on_rota >= FEWEST_ON_ROTA)


@fact("flag")
def baseline_reproducible(baseline_value: float, baseline_measured: str) -> bool:
    """The baseline has a value, and it was said how it was measured."""
    return bool(baseline_measured)


@fact("flag")
def load_known(mean_load: float | None = None) -> bool:
    """It was said how many requests or events come."""
    return bool(mean_load)
