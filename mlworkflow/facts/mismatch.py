"""Facts about answers that do not fit each other, or that only look like answers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from mlworkflow.facts.registry import Subject, fact
from mlworkflow.facts.subjects import MODES
from mlworkflow.question import Entry
from mlworkflow.wording import listed

# Metrics that lie between 0 and 1.
_SHARES = (
    "auc-roc", "pr-auc", "precision-at-k", "macro-f1", "f1", "recall", "accuracy", "ndcg-at-k", "mrr", "recall-at-k",
    "map-detection", "iou", "precision-at-budget", "golden-set-pass-rate",
)  # fmt: skip
MOST_NAMES = 5


def _names(names: Iterable[Any]) -> str | None:
    """Some names in words, or None where there are none."""
    every = [str(name) for name in names]
    more = len(every) - MOST_NAMES
    return listed([*every[:MOST_NAMES], *([f"{more} more"] if more > 0 else [])]) if every else None


def _accepted(sources: tuple[Subject, ...]) -> list[Subject]:
    return [one for one in sources or () if one.attributes["state"] == "accepted"]


# ------------------------------------------------------------------ numbers


@fact("text")
def off_scale(
    deciding_metric: str, success_threshold: float | None = None, baseline_value: float | None = None
) -> str | None:
    """A threshold or baseline above 1 of a metric that lies between 0 and 1."""
    values = [one for one in (success_threshold, baseline_value) if one is not None and one > 1]
    return f"{values[0]:g}" if deciding_metric in _SHARES and values else None


@fact("number")
def gain_asked(success_threshold: float, baseline_value: float) -> float:
    """How far the success threshold lies from the baseline."""
    return abs(success_threshold - baseline_value)


@fact("number")
def metric_noise(precision_margin: float | None = None, auc_margin: float | None = None) -> float | None:
    """Half the interval of the deciding metric, where one follows from the answers."""
    return precision_margin if precision_margin is not None else auc_margin


@fact("flag")
def gain_inside_noise(gain_asked: float, metric_noise: float) -> bool:
    """The gain that is asked for is smaller than the noise of its measurement."""
    return 0 < gain_asked < metric_noise


@fact("share")
def relative_effect(minimum_effect: Any, primary_baseline: float) -> float | None:
    """The smallest effect worth shipping, as a share of today's value."""
    if minimum_effect.relative:
        return float(abs(minimum_effect.size))
    return float(abs(minimum_effect.size / primary_baseline)) if primary_baseline else None


_CADENCE = {"daily": 86400.0, "weekly": 7 * 86400.0, "monthly": 30 * 86400.0, "quarterly": 91 * 86400.0}


@fact("flag")
def trains_on_old_labels(retraining_cadence: str, label_age: float) -> bool:
    """Retraining comes round more often than labels mature."""
    return label_age > _CADENCE.get(retraining_cadence, float("inf"))


@fact("duration")
def history_needed(label_age: float | None = None, horizon: float | None = None, windows: float | None = None) -> float:
    """The least history that holds a training part, a gap and a test part: twice what one row spans."""
    return 2 * (max(label_age or 0, horizon or 0) + (windows or 0))


@fact("duration")
def windows(feature_subjects: tuple[Subject, ...] = ()) -> float:
    """The longest window over which a candidate sums up."""
    return max((one.attributes["window"] or 0 for one in feature_subjects or ()), default=0)


@fact("duration")
def latest_label(label_delay: float | None = None, label_delay_p95: float | None = None) -> float | None:
    """When labels are known, as late as was said."""
    return label_delay_p95 if label_delay_p95 is not None else label_delay


_TOGETHER = 1.5


@fact("text")
def labels_disagree(
    labelled_count: float, labels_per_week: float, history: float, label_age: float = 0.0, label_scope: str = ""
) -> str | None:
    """The weeks that the labels cover at today's pace, where the history holds many more or fewer mature ones."""
    mature = (history - (label_age or 0)) / (7 * 86400)
    if label_scope not in ("all", "not-acted") or labels_per_week <= 0 or mature <= 0 or labelled_count <= 0:
        return None
    weeks = labelled_count / labels_per_week
    if 1 / _TOGETHER <= weeks / mature <= _TOGETHER:
        return None
    return f"{weeks:,.0f} weeks at today's pace, and the history holds {mature:,.0f} mature ones"


@fact("flag")
def rows_unlabelled(problem_type: str, label_source: str, row_count: float, labelled_count: float) -> bool:
    """A training run of a supervised model reads more rows than there are labels, by more than rounding."""
    supervised = problem_type in ("classification", "regression", "computer-vision", "nlp") and label_source != "none"
    return supervised and row_count > 1.05 * labelled_count > 0


@fact("flag")
def starts_after_deadline(start_date: str, deadline: str) -> bool:
    """The work starts on the day of the deadline or later (where the deadline is a day)."""
    return len(deadline) == 10 and deadline[4:5] == deadline[7:8] == "-" and start_date >= deadline


# ------------------------------------------------------------------ sources and features


@fact("text")
def unowned_sources(source_subjects: tuple[Subject, ...] = ()) -> str | None:
    """The accepted sources of which nobody was said to be the owner."""
    return _names(one.label for one in _accepted(source_subjects) if not one.attributes["has_owner"])


@fact("text")
def undated_sources(source_subjects: tuple[Subject, ...] = ()) -> str | None:
    """The accepted sources of which nobody said how often they are refreshed."""
    return _names(one.label for one in _accepted(source_subjects) if one.attributes["refresh"] is None)


@fact("text")
def unread_sources(
    unstructured: bool, feature_subjects: tuple[Subject, ...] = (), source_subjects: tuple[Subject, ...] = ()
) -> str | None:
    """The accepted sources from which no candidate is read, where candidates were named."""
    read = {one.attributes["source"] for one in feature_subjects or ()}
    if unstructured or not read:
        return None
    return _names(one.label for one in _accepted(source_subjects) if one.id not in read)


@fact("text")
def staler_sources(
    freshness: float,
    feature_subjects: tuple[Subject, ...] = (),
    used_features: tuple[str, ...] = (),
    source_subjects: tuple[Subject, ...] = (),
) -> str | None:
    """The sources of used features that are refreshed more slowly than a prediction may age."""
    read = {one.attributes["source"] for one in feature_subjects or () if one.id in (used_features or ())}
    old = (one for one in _accepted(source_subjects) if one.id in read and (one.attributes["refresh"] or 0) > freshness)
    return _names(one.label for one in old)


@fact("text")
def incomplete_sources(source_subjects: tuple[Subject, ...] = ()) -> str | None:
    """The accepted sources in which more than one row in ten lacks key fields."""
    low = (one for one in _accepted(source_subjects) if (one.attributes["completeness"] or 1) < 0.9)
    return _names(one.label for one in low)


@fact("text")
def personal_sources(source_subjects: tuple[Subject, ...] = ()) -> str | None:
    """The sources that were said to hold personal data."""
    return _names(one.label for one in source_subjects or () if one.attributes["personal"])


@fact("text")
def baseless_features(feature_subjects: tuple[Subject, ...] = (), used_features: tuple[str, ...] = ()) -> str | None:
    """Personal features that are used without a legal basis, where others have one."""
    used = [one for one in feature_subjects or () if one.id in (used_features or ())]
    personal = [one for one in used if one.attributes["personal"]]
    without = [one.label for one in personal if not one.attributes["basis_said"]]
    return _names(without) if len(without) < len(personal) else None


@fact("flag")
def no_minutes(
    realtime_features: bool,
    event_sources: bool,
    feature_subjects: tuple[Subject, ...] = (),
    source_subjects: tuple[Subject, ...] = (),
) -> bool:
    """Features of the last minutes are asked for, and no source or request brings them."""
    refreshed = [one.attributes["refresh"] for one in _accepted(source_subjects)]
    fast = any(one is not None and one <= 900 for one in refreshed)
    asked = any(one.attributes["at_request"] for one in feature_subjects or ())
    return realtime_features and bool(refreshed) and not (event_sources or fast or asked)


# ------------------------------------------------------------------ modes, people and words


@fact("text")
def modes_refused(serving: tuple[str, ...], mode_ids: tuple[str, ...]) -> str | None:
    """The serving modes that were asked for and are not in the design."""
    return _names(MODES[one].lower() for one in serving if one not in mode_ids)


_NOBODY = {
    "tbd",
    "tba",
    "n/a",
    "na",
    "none",
    "nobody",
    "?",
    "-",
    "todo",
    "unknown",
    "someone",
    "team",
    "the team",
    "us",
}


@fact("text")
def owned_by_nobody(
    document_owner: str | None = None,
    approver: str | None = None,
    threshold_owner: str | None = None,
    sources: tuple[Entry, ...] | None = None,
) -> str | None:
    """Owners that are no person and no role: TBD, the team."""
    named = [
        ("owner of the document", document_owner), ("approver", approver), ("owner of the threshold", threshold_owner),
        *((f"owner of {entry.value('name')}", entry.value("owner")) for entry in sources or ()),
    ]  # fmt: skip
    return _names(f"{role} “{who}”" for role, who in named if who is not None and who.strip().lower() in _NOBODY)


_SPELLED = {"one": 1, "two": 2, "three": 3, "six": 6, "nine": 9, "twelve": 12}
_SPAN = re.compile(
    rf"\b(?:(\d{{1,2}}|{'|'.join(_SPELLED)})[ -](?:calendar )?|calendar )"
    r"(months?|monate?n?|mois|mes(?:es)?|quarters?|quartale?n?|trimestres?|years?|jahre?n?|a[nñ]s|años?)\b",
    re.IGNORECASE,
)


@fact("text")
def month_words(target: str, label_definition: str | None = None) -> str | None:
    """The span of calendar months, quarters or years over which an outcome is said to be counted."""
    found = _SPAN.search(label_definition or "") or _SPAN.search(target)
    return found[0] if found else None


@fact("duration")
def longest_months(month_words: str) -> float | None:
    """As many days as that span can have, from any month of a year without a leap day."""
    found = _SPAN.search(month_words)
    if found is None:
        return None
    number = _SPELLED.get((found[1] or "one").lower()) or int(found[1])
    unit = found[2].lower()
    months = number * (3 if unit[0] in "qt" else 12 if unit[0] in "yja" else 1)
    firsts = [datetime.date(2025 + month // 12, month % 12 + 1, 1) for month in range(12 + months)]
    return 86400.0 * max((end - begin).days for begin, end in zip(firsts, firsts[months:], strict=False))


@fact("flag")
def months_cut_short(longest_months: float, horizon: float) -> bool:
    """The horizon is that span with months of thirty days, and some months are longer."""
    return 0.9 * longest_months < horizon < longest_months


@fact("flag")
def drift_rings_late(drift_delay: float, quality_delay: float) -> bool:
    """Falling quality is seen before drift of the inputs is."""
    return drift_delay > quality_delay
