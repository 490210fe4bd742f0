"""What no answer says and a rehearsal needs all the same: each a judgement with its reason, printed with the result."""

from __future__ import annotations

from dataclasses import dataclass

DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0


CHAIN = ("chain",)
CALLS = ("retrain", "rollback", "labels", "data", "capacity", "dependency", "provider")
METRIC = ("retrain", "rollback", "provider")


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that stands in for something nobody says, and for which kinds of mending it counts."""

    id: str
    value: float
    says: str
    counts_for: tuple[str, ...]


_ALL = (
    Assumption(
        "stage_work", 5 * 8 * HOUR, "a stage is a week of work, training takes the time of its search besides", CHAIN
    ),
    Assumption("attempts", 3, "a gate that fails is tried three times in all", CHAIN),
    Assumption("answers_by_day", 0.95, "who is called answers 19 times of 20 by day, 8 of 10 at night", CALLS),
    Assumption("answers_at_night", 0.8, "", CALLS),
    Assumption("escalates", 15 * MINUTE, "an unanswered page goes to the backup after 15 minutes", CALLS),
    Assumption("away", 0.1, "anybody is away one day in ten, for up to two weeks", CALLS),
    Assumption(
        "somebody_looks",
        8 * HOUR,
        "with nobody on call, an alert is read some time in the next eight hours of work",
        CALLS,
    ),
    Assumption("rollback", 15 * MINUTE, "a rehearsed rollback takes 15 minutes by hand, 2 by itself", ("rollback",)),
    Assumption("rollback_itself", 2 * MINUTE, "", ("rollback",)),
    Assumption("workers", 20 * MINUTE, "workers are added 20 minutes after the call", ("capacity",)),
    Assumption("scales", 5 * MINUTE, "what scales by itself has its workers after 5 minutes", ("capacity",)),
    Assumption(
        "dependency",
        HOUR,
        "the owner of a dependency mends it an hour after the call, uncalled in 8 hours",
        ("dependency",),
    ),
    Assumption("dependency_alone", 8 * HOUR, "", ("dependency",)),
    Assumption(
        "diagnosis",
        8 * HOUR,
        "the cause of a drift or a fall in quality takes a working day to find",
        ("retrain", "data"),
    ),
    Assumption("data_fix", 2 * HOUR, "a source is mended or left out two hours after its cause is known", ("data",)),
    Assumption("label_fix", 16 * HOUR, "a feed of labels is mended in two working days", ("labels",)),
    Assumption("provider_fix", 24 * HOUR, "prompts are moved to another model in three working days", ("provider",)),
    Assumption("gate_work", 8 * HOUR, "the gates of a retrained model take a working day", ("retrain",)),
    Assumption("margin", 0.25, "the released model is a quarter of its gain above the success threshold", METRIC),
    Assumption(
        "background",
        0.3,
        "three tenths of the error budget are used up on a good day",
        ("rollback", "capacity", "dependency"),
    ),
)
ASSUMED = {one.id: one.value for one in _ALL}


def says(*kinds: str) -> tuple[str, ...]:
    """Return what is assumed for these kinds of mending."""
    return tuple(one.says for one in _ALL if one.says and set(one.counts_for) & set(kinds))
