"""What no answer says and a rehearsal needs all the same: each a judgement with its reason, printed with the result."""

from __future__ import annotations

from dataclasses import dataclass

DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that stands in for something nobody says."""

    id: str
    value: float
    says: str


_ALL = (
    Assumption("stage_work", 5 * 8 * HOUR, "a stage is a week of work; training takes the time of its search besides"),
    Assumption("attempts", 3, "a gate that fails is tried three times in all"),
    Assumption("answers_by_day", 0.95, "who is called answers 19 times of 20 by day, 8 times of 10 at night"),
    Assumption("answers_at_night", 0.8, ""),
    Assumption("escalates", 15 * MINUTE, "an unanswered page goes to the backup after 15 minutes"),
    Assumption("away", 0.1, "anybody is away one day in ten, for up to two weeks"),
    Assumption("rollback", 15 * MINUTE, "a rehearsed rollback takes 15 minutes by hand, 2 by itself"),
    Assumption("rollback_itself", 2 * MINUTE, ""),
    Assumption("workers", 20 * MINUTE, "workers are added within 20 minutes by hand, 5 by themselves"),
    Assumption("workers_themselves", 5 * MINUTE, ""),
    Assumption("dependency", HOUR, "its owner mends a dependency within an hour of the call, after 8 hours uncalled"),
    Assumption("dependency_alone", 8 * HOUR, ""),
    Assumption("diagnosis", 8 * HOUR, "the cause of a drift or of a fall in quality takes a working day to find"),
    Assumption("data_fix", 2 * HOUR, "a feature is mended or left out within two hours once its cause is known"),
    Assumption("label_fix", 16 * HOUR, "the feed of labels is mended in two working days"),
    Assumption("provider_fix", 24 * HOUR, "prompts are moved to another model in three working days"),
    Assumption("gate_work", 8 * HOUR, "the gates of a retrained model take a working day"),
    Assumption("margin", 0.25, "the released model is a quarter of its gain above the success threshold"),
    Assumption("background", 0.3, "three tenths of the error budget are used up on a good day"),
)
ASSUMED = {one.id: one.value for one in _ALL}
SAYS = tuple(one.says for one in _ALL if one.says)
