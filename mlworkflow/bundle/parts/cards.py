"""The model card and the dataset card as Hugging Face reads them, and the model card for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlworkflow.bundle.cards import card
from mlworkflow.bundle.file import File
from mlworkflow.bundle.page import page, points, section, table
from mlworkflow.bundle.words import Full, accepted_sources, chosen, system
from mlworkflow.bundle.yaml_text import as_yaml
from mlworkflow.designing import Spec
from mlworkflow.documents.data import written
from mlworkflow.documents.escape import Md, escape, slug
from mlworkflow.documents.saying import capital, joined, name
from mlworkflow.gates import gates_of
from mlworkflow.responsibility import Responsibility, responsibility

# No answer can hold this character, so a blank is told from any text.
MARK = Md("\x00")
BLANK = "_blank_"
TASKS = {
    "classification": "tabular-classification",
    "regression": "tabular-regression",
    "forecasting": "time-series-forecasting",
    "anomaly-detection": "tabular-classification",
    "ranking": "text-ranking",
    "generative": "text-generation",
}
VISION = {"classes": "image-classification", "boxes": "object-detection", "masks": "image-segmentation"}
TEXT = {"classes": "text-classification", "spans": "token-classification"}
LICENCES = {"own": "other", "licensed": "other", "open": "other"}
SIZES = (
    *((1e3, "n<1K"), (1e4, "1K<n<10K"), (1e5, "10K<n<100K"), (1e6, "100K<n<1M"), (1e7, "1M<n<10M")),
    *((1e8, "10M<n<100M"), (1e9, "100M<n<1B")),
)


def files(spec: Spec) -> Iterator[File]:
    """Yield the three cards."""
    say = Full(spec)
    yield File("model-card.md", _model_card(say), "What the model is for, how it is judged, where it ends", "IRE")
    yield File("model-card.json", written(card(spec)), "The model card for programs", "IRE")
    yield File("dataset-card.md", _dataset_card(say), "Where the data comes from, and what may be done with it", "DSS")


# ------------------------------------------------------------------ what both share


def _counted(head: dict[str, Any], body: str) -> str:
    """Return a card with its front matter, its blanks shown as blanks, and their number in its first lines."""
    count = body.count(MARK)
    said = f"{count} blanks stay until somebody fills them: each is written {BLANK}." if count else "Nothing is blank."
    title, rest = body.split("\n\n", 1)
    text = f"{title}\n\n{said}\n\n{rest}".replace(MARK, BLANK)
    return f"---\n{as_yaml(head)}---\n\n{text}"


def task(spec: Spec) -> str | None:
    """Return the task as the hub calls it, where it has a name for it."""
    kind = spec.value("problem_type")
    if kind == "computer-vision":
        return VISION.get(spec.value("vision_task") or "classes")
    if kind == "nlp":
        return TEXT.get(spec.value("text_task") or "classes")
    return TASKS.get(kind)


def _languages(spec: Spec) -> list[str]:
    """Return those languages that were given by their code; the hub knows no other way to say one."""
    return [one.lower() for one in spec.value("languages") or () if re.fullmatch(r"[A-Za-z]{2,3}", one)]


def _without(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value}


def _value(say: Full, id: str) -> Md:
    text = say.value(id, MARK)
    return Md(f"{text} (assumed)") if say.known(id) and say.mark(id) == "assumed" else text


def _owner(found: Responsibility, *duties: str) -> Md:
    by_id = {one.clause.id: one.accountable.name for one in found.duties}
    return next((escape(by_id[duty]) for duty in duties if duty in by_id), MARK)


# ------------------------------------------------------------------ the model card


def _model_card(say: Full) -> str:
    spec = say.spec
    owned = responsibility(spec)
    head = _without(
        language=_languages(spec),
        pipeline_tag=task(spec),
        tags=[
            "ml-workflow",
            str(spec.value("problem_type")),
            *([chosen(spec, "main-model")] if chosen(spec, "main-model") else []),
        ],
        datasets=[slug(spec.value("dataset"))] if spec.known("dataset") else [],
        metrics=[str(chosen(spec, "deciding-metric"))] if chosen(spec, "deciding-metric") else [],
    )
    body = page(
        spec,
        "Model Card",
        section("Model details", table(("Aspect", "Detail"), _details(say, owned))),
        section("Intended use", table(("Aspect", "Detail"), _use(say))),
        section("Out of scope", _list(say, "out_of_scope"), _never(say)),
        section("Factors", _list(say, "slices")),
        section("Metrics", table(("Aspect", "Detail"), _metrics(say))),
        section("Training data", _data_line(say), table(("Source", "Holds", "Rights", "Owner"), _sources(say))),
        section(
            "Evaluation", table(("What is shown before the rollout", "Wanted", "Value", "Interval"), _evaluation(say))
        ),
        section("Explanations", _explanation(say)),
        section(
            "Limits",
            points(
                [
                    *say.findings("problem"),
                    *say.findings("features"),
                    *say.findings("training"),
                    f"Found in the evaluation: {MARK}",
                ]
            ),
        ),
        section("Ethics", points(_ethics(say))),
        section(
            "Recommendations",
            points([*say.findings("serving"), *say.findings("monitoring")])
            or "Nothing beyond the gates of the release.",
        ),
    )
    return _counted(head, body)


def _details(say: Full, owned: Responsibility) -> list[tuple[Any, ...]]:
    return [
        ("Version", MARK),
        ("Kind of model", Md(f"{say.choice('main-model')}: {say.because('main-model')}")),
        ("Status", Md("designed; nothing was shown yet")),
        ("Model", _owner(owned, "duty-model", "duty-prompt")),
        ("Card", _owner(owned, "duty-model-card", "duty-guardrails")),
        ("Release decision", say.value("approver", MARK)),
        ("Questions and complaints to", say.value("document_owner", MARK)),
        (
            "Trained with",
            Md(
                f"{say.choice('orchestration')}; runs in {say.choice('experiment-tracking')}, versions in {say.choice('model-registry')}"
            ),
        ),
    ]


def _use(say: Full) -> list[tuple[Any, ...]]:
    return [
        ("Predicts", _value(say, "target")),
        ("One prediction is about", _value(say, "prediction_unit")),
        ("Used by", _value(say, "for_whom")),
        ("Decides", _value(say, "decision_driven")),
        ("A person confirms each decision", _value(say, "human_decides")),
        ("Instead of", _value(say, "current_process")),
        (
            "When no model answers",
            joined(dict.fromkeys(str(say.chosen(one)) for one in say.spec.of("fallback"))) or MARK,
        ),
    ]


def _list(say: Full, id: str) -> str:
    return points(say.texts(id) or [MARK])


def _never(say: Full) -> str:
    topics = say.texts("never_topics")
    return f"It never answers about {joined(topics)}." if topics else ""


def _metrics(say: Full) -> list[tuple[Any, ...]]:
    return [
        ("Deciding metric", Md(f"{say.choice('deciding-metric')}: {say.because('deciding-metric')}")),
        ("Worth shipping from", _value(say, "success_threshold")),
        ("Accepted by", _value(say, "threshold_owner")),
        ("Baseline", Md(f"{_value(say, 'baseline_kind')}: {_value(say, 'baseline_value')}")),
        ("Business figure", _value(say, "business_metric")),
        ("Validation", Md(f"{say.choice('data-split')}; {say.choice('validation')}")),
    ]


def _data_line(say: Full) -> str:
    rows = f", {say.value('row_count')} rows a run" if say.known("row_count") else ""
    return f"Dataset {say.value('dataset', MARK)}{rows}; the label: {say.value('label_definition', MARK)}. More in `dataset-card.md`."


def _sources(say: Full) -> list[tuple[Any, ...]]:
    found = [
        (
            name(one.value("name")),
            *(say.field(one, "sources", field, MARK) for field in ("content", "licence", "owner")),
        )
        for one in accepted_sources(say.spec)
    ]
    return found or [(MARK,) * 4]


def _evaluation(say: Full) -> list[tuple[Any, ...]]:
    shown = [one for one in gates_of(say.spec, "before") if one.owner == "model" and one.measure.kind != "flag"]
    return [(capital(say.sentence(one.applied.says)), escape(one.wanted), MARK, MARK) for one in shown]


def _explanation(say: Full) -> str:
    return f"{capital(say.choice('explanation-method'))}: {say.because('explanation-method')}."


def _ethics(say: Full) -> Iterator[str]:
    yield f"Personal data: {_value(say, 'personal_data')}."
    yield f"Decides about a person: {_value(say, 'affects_people')}."
    yield f"Can hurt somebody: {_value(say, 'safety')}."
    yield f"Rules that apply: {_value(say, 'regulation')}."
    yield f"Groups that it was not tested on: {MARK}."


# ------------------------------------------------------------------ the dataset card


def _dataset_card(say: Full) -> str:
    spec = say.spec
    kind = task(spec)
    head = _without(
        pretty_name=spec.value("dataset") or spec.answers.value("name"),
        language=_languages(spec),
        license="other",
        task_categories=[kind] if kind else [],
        size_categories=[_size(spec.value("row_count"))] if spec.known("row_count") else [],
        tags=["ml-workflow", system(spec)],
    )
    body = page(
        spec,
        "Dataset Card",
        section(
            "Motivation", f"Made to predict {say.value('target')}; it decides {say.value('decision_driven', MARK)}."
        ),
        section("Composition", table(("Aspect", "Detail"), _composition(say))),
        section("Collection", table(_ORIGIN, _origins(say))),
        section("Labels", table(("Aspect", "Detail"), _labels(say))),
        section("Preprocessing", points(_cleaning(say))),
        section(
            "Uses",
            f"For {say.value('for_whom', MARK)}, through this model alone.",
            "Not for:",
            _list(say, "out_of_scope"),
        ),
        section(
            "Limits and ethics", points([*say.findings("features"), f"Personal data: {_value(say, 'personal_data')}."])
        ),
        section("Distribution and maintenance", points(_maintenance(say))),
    )
    return _counted(head, body)


def _size(rows: float) -> str:
    return next((label for most, label in SIZES if rows < most), "n>1B")


def _composition(say: Full) -> list[tuple[Any, ...]]:
    return [
        ("One row", _value(say, "prediction_unit")),
        ("Rows of a run", _value(say, "row_count")),
        ("Usable history", _value(say, "history")),
        ("Labelled examples", _value(say, "labelled_count")),
        ("Share of positives", _value(say, "prevalence")),
        ("Snapshot, with its hash", MARK),
    ]


_ORIGIN = ("Source", "Kind", "Where it comes from", "Rights", "Complete", "Rows", "Personal", "Owner", "Version")


def _origins(say: Full) -> list[tuple[Any, ...]]:
    fields = ("kind", "provenance", "licence", "completeness", "mutability", "personal", "owner")
    found = [
        (name(one.value("name")), *(say.field(one, "sources", field, MARK) for field in fields), MARK)
        for one in accepted_sources(say.spec)
    ]
    return found or [(MARK,) * len(_ORIGIN)]


def _labels(say: Full) -> list[tuple[Any, ...]]:
    return [
        ("What counts", _value(say, "label_definition")),
        ("Who says so", _value(say, "label_source")),
        ("Which cases", _value(say, "label_scope")),
        ("Final after", _value(say, "label_delay_p95" if say.known("label_delay_p95") else "label_delay")),
    ]


def _cleaning(say: Full) -> list[str]:
    found = [f"{say.sentence(one.says)}: {say.column(one, 'rule')}." for one in say.spec.kind("cleaning")]
    return [*found, f"Checked with {say.choice('data-quality')}."]


def _maintenance(say: Full) -> Iterator[str]:
    owned = responsibility(say.spec)
    yield f"Owner: {_owner(owned, 'duty-corpus', 'duty-data-contract')}; a change of a source is announced before it is made."
    yield f"Kept in {say.choice('data-versioning')}; {say.because('data-versioning')}."
    yield f"Erasure of a person from every derived table: {MARK}."
