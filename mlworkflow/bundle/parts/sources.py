"""Data source evaluation: how each source scores, why it was taken or refused, and what its contract says."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.bundle.file import File, LeftOut
from mlworkflow.bundle.page import page, points, section, table
from mlworkflow.bundle.words import Full
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, code
from mlworkflow.documents.saying import capital
from mlworkflow.freshness import freshness
from mlworkflow.question import Entry

PATH = "data-source-evaluation.md"
_DAY = 86400.0


def files(spec: Spec) -> Iterator[File]:
    """Yield the evaluation where sources were named."""
    sources = spec.answers.entries("sources")
    if sources:
        say = Full(spec)
        parts = [_source(say, entry) for entry in sources]
        yield File(PATH, page(spec, "Data Source Evaluation", _summary(say, sources), *parts), _TITLE, "DSS")


_TITLE = "Each source scored, accepted or rejected, with the clause of its contract"


def left_out(spec: Spec) -> Iterator[LeftOut]:
    """Yield the reason where there is nothing to evaluate."""
    if not spec.answers.entries("sources"):
        yield LeftOut(PATH, "the answers name no source")


# ------------------------------------------------------------------ scores

Score = tuple[str, Md, int | None, str]
_MARKS = {2: "good", 1: "weak", 0: "bad", None: "unknown"}


def scores(say: Full, entry: Entry) -> list[Score]:
    """Return each criterion with what was answered, its mark (2 good, 1 weak, 0 bad, None unknown) and the measure."""
    return [
        ("Freshness", _freshness(entry), *_fresh(say, entry)),
        ("Completeness", _said(say, entry, "completeness"), *_share(entry.value("completeness"), 0.98, 0.9)),
        ("Schema consistency", _said(say, entry, "schema_consistency"), *_share(_schema(entry), 0.99, 0.95)),
        ("Licence", _said(say, entry, "licence"), *_licence(entry)),
        ("Provenance", _said(say, entry, "provenance"), *_there(entry.value("provenance"), "its origin is written")),
        ("Owner", _said(say, entry, "owner"), *_there(entry.value("owner"), "a name to call")),
        ("Personal data", _personal(entry), *_privacy(entry)),
        ("History", _said(say, entry, "history"), *_history(say, entry)),
        ("Mutability", _mutability(say, entry), *_kept(entry)),
    ]


def _said(say: Full, entry: Entry, field: str) -> Md:
    return say.field(entry, "sources", field, "not said")


def _freshness(entry: Entry) -> Md:
    found = freshness(entry)
    if found is None:
        return Md("not said")
    return Md(f"up to {found.says}{', arrival lag not said' if found.lag is None else ''}")


def _fresh(say: Full, entry: Entry) -> tuple[int | None, str]:
    found = freshness(entry)
    if found is None:
        return None, "no refresh was answered"
    allowed = say.spec.value("freshness")
    if allowed is None:
        return 1, "no freshness was asked for to hold it against"
    return (2 if found.oldest <= 2 * allowed else 1), f"a prediction may be {say.value('freshness')} old"


def _schema(entry: Entry) -> float | None:
    found: float | None = entry.value("schema_consistency")
    return found


def _share(value: float | None, good: float, weak: float) -> tuple[int | None, str]:
    measure = f"good from {good:.0%}, bad below {weak:.0%}".replace("%", " %")
    if value is None:
        return None, f"to measure; {measure}"
    return (2 if value >= good else 1 if value >= weak else 0), measure


def _licence(entry: Entry) -> tuple[int | None, str]:
    licence = entry.value("licence") or "unknown"
    measure = "a right to use it for this purpose"
    return ({"own": 2, "licensed": 2, "open": 1, "forbidden": 0}.get(licence)), measure


def _there(value: str | None, measure: str) -> tuple[int | None, str]:
    return (2 if value else None), measure


def _personal(entry: Entry) -> Md:
    return Md({True: "yes", False: "no", None: "not said"}[entry.value("personal")])


def _privacy(entry: Entry) -> tuple[int | None, str]:
    return {True: 1, False: 2}.get(entry.value("personal")), "none is best; else purpose, basis and erasure stand first"


def _history(say: Full, entry: Entry) -> tuple[int | None, str]:
    reach, wanted = entry.value("history"), say.spec.value("history")
    if reach is None:
        return None, "reaches as far back as training reads"
    if wanted is None:
        return 1, "how far training reads back was not answered"
    return (2 if reach >= wanted else 0), f"training reads {say.value('history')} back"


def _mutability(say: Full, entry: Entry) -> Md:
    return Md(f"{_said(say, entry, 'mutability')}{'' if entry.fields['mutability'].given else ' (assumed)'}")


def _kept(entry: Entry) -> tuple[int | None, str]:
    return {"append-only": 2, "versioned": 2, "overwritten": 0}.get(
        entry.value("mutability")
    ), "the past can be rebuilt"


# ------------------------------------------------------------------ what is shown


def _summary(say: Full, sources: tuple[Entry, ...]) -> str:
    rows = []
    for entry in sources:
        found = scores(say, entry)
        known = [mark for _, _, mark, _ in found if mark is not None]
        rows.append(
            (
                code(entry.value("name")),
                f"{sum(known)} of {2 * len(known)}",
                len(found) - len(known) or "none",
                ", ".join(name.lower() for name, _, mark, _ in found if mark == 0) or "nothing",
                capital(_said(say, entry, "state")),
            )
        )
    text = (
        "Good counts 2, weak 1, bad 0; what nobody answered counts on neither side. A score ranks, it does not decide."
    )
    return section("Scores", table(("Source", "Score", "Unknown", "Bad in", "State"), rows), text)


def _source(say: Full, entry: Entry) -> str:
    name = str(code(entry.value("name")))
    rows = [(criterion, value, _MARKS[mark], measure) for criterion, value, mark, measure in scores(say, entry)]
    holds = _said(say, entry, "content") if entry.value("content") else Md("what it holds was not said")
    asked = _asked(say, entry)
    return section(
        f"Source {name}",
        f"{_said(say, entry, 'kind')}; {holds}.",
        table(("Criterion", "Answered", "Score", "Held against"), rows),
        f"**{_decided(say, entry)}**",
        f"Ask {_said(say, entry, 'owner') if entry.value('owner') else 'whoever turns out to own it'}:"
        if asked
        else "",
        points(asked),
        f"Contract clause: {_clause(say, entry)}" if entry.value("state") != "rejected" else "",
    )


def _decided(say: Full, entry: Entry) -> str:
    bad = [name.lower() for name, _, mark, _ in scores(say, entry) if mark == 0]
    unknown = [name.lower() for name, _, mark, _ in scores(say, entry) if mark is None]
    against = "; ".join(
        [*([f"bad in {', '.join(bad)}"] if bad else []), *([f"unknown: {', '.join(unknown)}"] if unknown else [])]
    )
    read = sum(one.value("source") == entry.value("name") for one in say.spec.answers.entries("features"))
    match entry.value("state"):
        case "rejected":
            return f"Rejected: {against or 'by a person, who has not said why'}. No feature may read it."
        case "candidate":
            return f"Not decided: {against or 'nothing speaks against it'}. It is not read until its state is accepted."
        case _:
            features = {0: "no feature reads it yet", 1: "one feature reads it"}.get(read, f"{read} features read it")
            return f"Accepted: {features}{f'; accepted in spite of {against}' if against else ''}."


def _asked(say: Full, entry: Entry) -> list[str]:
    """The questions that the answers leave open, each to the owner of the source."""
    value, name = entry.value, str(code(entry.value("name")))
    found = []
    if not value("owner"):
        found.append(f"Who answers for {name} when a load fails, and who tells us of a change before it happens?")
    if (value("licence") or "unknown") == "unknown":
        found.append("May it be used to train a model for this purpose, and where is that written?")
    if value("licence") == "forbidden":
        found.append("Is there a licence under which this use is allowed, and what does it cost?")
    if not value("provenance"):
        found.append("Where is it first written, and what changes it on the way here?")
    if value("personal") is None:
        found.append("Does any column describe a person, directly or through a key?")
    if value("personal") and value("state") != "rejected":
        found.append("On which legal basis and for which purpose, how long is it kept, and how is a person erased?")
    if value("mutability") == "overwritten":
        found.append("From which day on can a snapshot be taken at each refresh, and is there a log of changes?")
    if value("refresh") is None:
        found.append("How often is it refreshed, and at what hour is a load complete?")
    if value("arrival_lag") is None:
        found.append("How late can a row arrive, at the 99th percentile?")
    if value("completeness") is None:
        found.append("Which share of the rows misses a key field, by month of the last year?")
    if value("schema_consistency") is None:
        found.append("How often did a column appear, vanish or change its meaning in the last year?")
    return found


def _clause(say: Full, entry: Entry) -> str:
    value = entry.value
    owner = _said(say, entry, "owner") if value("owner") else Md("the owner, still to be named,")
    parts = []
    if (fresh := freshness(entry)) is not None:
        parts.append(
            f"its data is at most {fresh.says} old in good order; beyond {fresh.alarms} a refresh counts as missed"
        )
    if value("completeness") is not None:
        parts.append(
            f"key fields are missing in at most {_percent(2 * (1 - value('completeness')))} of the rows of a load"
        )
    parts.append("a change of schema or meaning is announced two weeks ahead, with a sample")
    if value("mutability") == "overwritten":
        parts.append("a snapshot is taken at each refresh")
    if value("personal"):
        parts.append("an erasure reaches every derived table within a month")
    return f"{owner} promises the reader that {'; '.join(parts)}; a load that breaks this stays in quarantine."


def _percent(share: float) -> str:
    from mlworkflow.quantity import say_share

    return say_share(round(max(share, 0.001), 6))
