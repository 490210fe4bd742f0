"""Feature Engineering: sources compared, the fixed table, the store line, and the dictionary."""

from __future__ import annotations

from typing import Any

from mlworkflow.decision import Verdict
from mlworkflow.documents.escape import Md
from mlworkflow.documents.saying import Say, Table, capital, name
from mlworkflow.freshness import freshness
from mlworkflow.question import Entry

MOST_PROPOSED = 5
LEAKAGE = {"used": "Low", "guarded": "Med", "refused": "High"}


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    entries = say.spec.answers.entries("features")
    return {
        "sources": Table(_SOURCE_HEADER, [_source(say, entry) for entry in say.spec.answers.entries("sources")]),
        "provenance": _provenance(say) if say.full else [],
        "table": Table(
            ("Feature", "Source", "Transformation", "Type", "Leakage Risk"),
            [_row(say, entry) for entry in entries] or [_no_features()],
        ),
        "store": _store(say),
        "uses": _uses(say),
        "dictionary": Table(
            _DICTIONARY, [_words(say, entry) for entry in entries if _is_used(say, entry)] if say.full else []
        ),
        "schemas": Table(
            _SCHEMA_HEADER, [_schema(say, entry) for entry in entries if _is_used(say, entry)] if say.full else []
        ),
        "selection": _selection(say),
        "proposed": [
            Md(f"{say.sentence(one.says)}: {say.column(one, 'why')}")
            for one in say.spec.kind("proposed-feature")[:MOST_PROPOSED]
        ],
        "cleaning": [Md(f"{say.sentence(one.says)}: {say.column(one, 'rule')}.") for one in say.spec.kind("cleaning")]
        if say.full
        else [],
        "tests": Md("; ".join(_tests(say))),
        "limits": say.full or not any(":" in line for line in say.lines("leakage-test")),
        "practices": say.lines("practice", "features") if not say.brief else [],
        "findings": say.findings("features"),
    }


def _tests(say: Say) -> list[str]:
    """The leakage tests: by name, in full with what each must show."""
    lines = [str(one) for one in say.lines("leakage-test")]
    return lines if say.full else [one.split(":")[0] for one in lines]


def _selection(say: Say) -> Md:
    cap = (
        ""
        if say.holds("unstructured")
        else f" (cap: {say.value('feature_cap')} features{', assumed' if say.mark('feature_cap') else ''})"
    )
    return Md(f"{say.choice('feature-selection')}: {say.because('feature-selection')}{cap}.")


_SOURCE_HEADER = (
    "Source",
    "Kind",
    "Owner",
    "Freshness",
    "Completeness",
    "Schema consistency",
    "Licensing status",
    "Rows",
    "State",
)


def _source(say: Say, entry: Entry) -> tuple[Any, ...]:
    def field(id: str, otherwise: str = "not given") -> Md:
        return say.field(entry, "sources", id, otherwise)

    personal = ", personal" if entry.value("personal") else ""
    return (
        name(entry.value("name")),
        Md(f"{field('kind')}{personal}"),
        field("owner", "**nobody named**"),
        Md(fresh.says) if (fresh := freshness(entry)) else field("refresh"),
        field("completeness", "to measure"),
        field("schema_consistency", "to measure"),
        field("licence"),
        Md(f"{field('mutability')}{'' if entry.fields['mutability'].given else ' (assumed)'}"),
        field("state"),
    )


def _provenance(say: Say) -> list[Md]:
    lines = []
    for entry in say.spec.answers.entries("sources"):
        holds = say.field(entry, "sources", "content", "")
        origin = say.field(entry, "sources", "provenance", "")
        if holds or origin:
            lines.append(Md(f"{name(entry.value('name'))}: {'; '.join(part for part in (holds, origin) if part)}."))
    return lines


def _no_features() -> tuple[Any, ...]:
    return (Md("none named yet"), Md("–"), Md("to be proposed from the sources"), Md("–"), Md("Med"))


def _row(say: Say, entry: Entry) -> tuple[Any, ...]:
    id = entry.value("name")
    use = say.verdict(f"feature-use[{id}]")
    refused = use.chosen == "refused"
    return (
        name(id),
        name(entry.value("source")),
        Md("not used") if refused else Md(f"{_transformation(say, entry)}{_missing(say, entry)}"),
        say.field(entry, "features", "type"),
        Md(_risk(say, id, use)),
    )


def _risk(say: Say, id: str, use: Verdict) -> str:
    """An encoding that reads outcomes is never without risk."""
    if use.chosen == "used" and say.verdict(f"transformation[{id}]").chosen == "target-encode":
        return "Med"
    return LEAKAGE.get(use.chosen or "refused", "High")


def _transformation(say: Say, entry: Entry) -> Md:
    verdict = say.verdict(f"transformation[{entry.value('name')}]")
    match verdict.chosen:
        case "given":
            return say.field(entry, "features", "transformation")
        case "window-aggregate":
            return Md(f"aggregate over {say.field(entry, 'features', 'window')}, as of prediction time")
        case "target-encode" if say.holds("many_classes"):
            return Md("shares of earlier outcomes by class")
        case _:
            return say.chosen(verdict)


def _missing(say: Say, entry: Entry) -> str:
    """What a missing value means, where somebody said it."""
    return f"; missing: {say.field(entry, 'features', 'missing_means')}" if entry.value("missing_means") else ""


_SAID_ABOVE = {"rows-are-overwritten": "overwritten-history"}


def _uses(say: Say) -> list[Md]:
    """One line a reason: which features are refused or guarded, and why; what a finding says in full is left out."""
    above = {one.clause.id for one in say.spec.clauses}
    said = {row for row, finding in _SAID_ABOVE.items() if finding in above}
    groups: dict[tuple[str, str], list[str]] = {}
    subjects = {subject.id: subject for subject in say.spec.world.subjects("features")}
    for verdict in say.spec.of("feature-use"):
        reasons = [str(say.why(verdict))]
        if verdict.chosen == "guarded" and verdict.overruled is None:
            supporting = say.spec.world.supporting(verdict.decision, subjects[verdict.subject], "guarded")
            if supporting:
                reasons = [str(say.sentence(sentence)) for row, sentence in supporting if row not in said]
        for reason in reasons if verdict.chosen != "used" else []:
            groups.setdefault((verdict.chosen or "refused", reason), []).append(str(name(verdict.subject)))
    words = {"refused": "Refused", "guarded": "Guarded"}
    order = sorted(groups.items(), key=lambda item: item[0][0] != "refused")
    kept = sum(verdict.chosen != "refused" for verdict in say.spec.of("feature-use"))
    return [Md(f"{words[use]}: {_those(names, kept)}; {why}.") for (use, why), names in order]


def _those(names: list[str], kept: int) -> str:
    """The features by name, or in one phrase where a reason holds for all that are kept."""
    return "every one that is kept" if len(names) == kept > _MANY else ", ".join(names)


_MANY = 4


def _store(say: Say) -> Md:
    verdict = say.verdict("feature-store")
    if verdict.chosen == "online-store":
        tool = say.verdict("feature-store-tool")
        return Md(f"Yes: {say.chosen(tool)}. {capital(say.why(verdict))}; {say.why(tool)}.")
    if verdict.chosen == "batch-tables" and say.holds("realtime_features"):
        return Md(
            "No product: short windows are state of the stream, and the same job writes them to shared tables for training and other models; slow features are tables that the job reads."
        )
    if verdict.chosen == "batch-tables":
        return Md(f"No product; shared feature tables, refreshed on a schedule. {capital(say.why(verdict))}.")
    if say.holds("unstructured"):
        return Md(f"No. {capital(say.why(verdict))}.")
    return Md(
        f"No. {capital(_three_criteria(say, verdict))}; one function computes each feature in the training query and at prediction."
    )


def _three_criteria(say: Say, verdict: Verdict) -> str:
    if verdict.overruled is not None or say.holds("unstructured") or say.holds("realtime_features"):
        return str(say.why(verdict))
    said = [
        ("features are shared across models", "no other model uses these features", "features_shared"),
        (
            "a request needs events of the last minutes",
            "no request needs events of the last minutes",
            "realtime_features",
        ),
        ("two code paths compute them", "one code path computes them", "skew_risk"),
    ]
    return ", ".join(yes if say.holds(fact) else no for yes, no, fact in said)


_DICTIONARY = (
    "Feature",
    "Description",
    "Data type",
    "Source",
    "Transformation logic",
    "Expected distribution",
    "Known",
)
_SCHEMA_HEADER = ("Feature", "Kind", "Version", "Input and output schema", "Reversible")


def _is_used(say: Say, entry: Entry) -> bool:
    return say.verdict(f"feature-use[{entry.value('name')}]").chosen != "refused"


def _words(say: Say, entry: Entry) -> tuple[Any, ...]:
    def field(id: str, otherwise: str) -> Md:
        return say.field(entry, "features", id, otherwise)

    return (
        name(entry.value("name")),
        field("description", "to be written"),
        field("type", "number"),
        name(entry.value("source")),
        _logic(say, entry),
        field("expected", "to measure"),
        field("available", "not said"),
    )


_LOGIC = {
    "as-is": "none",
    "standardise": "clip at 1 and 99 %, then standardise",
    "window-aggregate": "over {window} to the last complete event",
    "one-hot": "one-hot, rare levels pooled",
    "native-category": "integer code, unseen as missing",
    "target-encode": "smoothed mean of outcomes mature before the row's time",
    "from-parts": "computed from its parts",
    "hash-or-embed": "2^16 hash buckets or learned vector",
    "text-embedding": "tokens to a vector, pinned model",
    "tfidf": "n-grams, TF-IDF",
    "image-tensor": "resize, scale; augmented in training only",
    "training-only": "as logged; 1 at serving",
    "query-item-match": "BM25 and cosine of query and item",
    "item-sequence": "vectors of the last items, decayed mean",
    "recent-items": "mean of the vectors of recent items",
    "time-parts": "age, hour, weekday",
    "pinned-embedding": "vector of a pinned version",
    "spectral": "level, slope, spread, extremes and spectrum of the window",
    "metadata": "filter on passages, or shown as a fact",
    "shown-as-fact": "as a fact in the prompt, or in a check after it",
    "page-image": "page as an image, longest side fixed",
    "prompt-text": "cut at a stated length, put into the prompt",
}


def _logic(say: Say, entry: Entry) -> Md:
    chosen = say.verdict(f"transformation[{entry.value('name')}]").chosen or "given"
    if chosen == "as-is" and entry.value("kind") == "engineered":
        return Md("as described")
    text = _LOGIC.get(chosen) or str(say.field(entry, "features", "transformation"))
    if chosen == "window-aggregate" and say.spec.value("problem_type") == "forecasting":
        text = "over {window} to the origin"
    if chosen == "target-encode" and say.holds("many_classes"):
        text = "smoothed share of each class among outcomes mature before the row's time"
    return Md(text.replace("{window}", str(say.field(entry, "features", "window"))) + _missing(say, entry))


_OUTPUT = {
    "window-aggregate": "timestamped rows → one number",
    "one-hot": "text → one 0/1 column a level",
    "native-category": "text → integer code, unseen = missing",
    "target-encode": "text → one number",
    "hash-or-embed": "text → vector",
    "text-embedding": "text → vector",
    "tfidf": "text → sparse vector",
    "image-tensor": "image → tensor",
    "time-parts": "timestamp → numbers",
    "pinned-embedding": "vector → vector",
    "spectral": "readings → numbers",
    "training-only": "number → number, 1 at serving",
    "query-item-match": "two texts → numbers",
    "item-sequence": "items in order → vector",
    "recent-items": "items → vector",
    "standardise": "number → number",
    "as-is": "number → number",
    "given": "as the owner's schema says",
    "metadata": "value → filter or sentence",
    "shown-as-fact": "value → sentence or check",
    "page-image": "image → image of fixed size",
    "prompt-text": "text → text of limited length",
    "from-parts": "numbers → one number",
}
_REVERSIBLE = {
    "as-is": "yes",
    "standardise": "yes, with the stored mean and deviation, outside the clipped tails",
    "one-hot": "yes, except pooled levels",
    "native-category": "yes, with the stored codes",
    "time-parts": "no: only parts are kept",
    "window-aggregate": "no: rows are summed up",
    "target-encode": "no: levels share values",
    "hash-or-embed": "no: buckets collide",
    "text-embedding": "no: words are not kept",
    "tfidf": "no: word order is lost",
    "image-tensor": "no: pixels are resampled",
    "pinned-embedding": "no: the other model's input is not kept",
    "spectral": "no: readings are summed up",
    "training-only": "yes",
    "query-item-match": "no: words are not kept",
    "item-sequence": "no: items are averaged",
    "recent-items": "no: items are averaged",
    "metadata": "yes",
    "shown-as-fact": "yes",
    "page-image": "no: pixels are resampled",
    "prompt-text": "no: what stands behind the cut is lost",
    "from-parts": "no: parts are combined, and kept beside it",
}


def _schema(say: Say, entry: Entry) -> tuple[Any, ...]:
    id = entry.value("name")
    chosen = say.verdict(f"transformation[{id}]").chosen or "given"
    said = entry.value("reversible")
    reversible = _REVERSIBLE.get(chosen, "not said") if said is None else ("yes" if said else "no, as declared")
    kind, version = say.field(entry, "features", "kind", "raw"), say.field(entry, "features", "version", "1")
    return (name(id), kind, version, Md(_OUTPUT[chosen]), Md(reversible))
