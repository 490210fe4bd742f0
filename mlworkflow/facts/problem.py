"""Facts about the problem and its mistakes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlworkflow.facts.registry import Subject, fact
from mlworkflow.question import Entry


@fact("choices")
def used_features(feature_use: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the candidates that are used."""
    return tuple(name for name, use in feature_use.items() if use in ("used", "guarded"))


@fact("flag")
def unstructured(problem_type: str, feature_subjects: tuple[Subject, ...] = ()) -> bool:
    """Images, sound or free text carry the signal."""
    types = {subject.attributes["type"] for subject in feature_subjects or ()}
    return problem_type in ("nlp", "computer-vision", "generative") or bool(types & {"image", "audio"})


@fact("text")
def signal_in(problem_type: str, feature_subjects: tuple[Subject, ...] = ()) -> str:
    """What carries the signal where it stands in no columns."""
    types = {subject.attributes["type"] for subject in feature_subjects or ()}
    if problem_type == "computer-vision" or (problem_type != "nlp" and "image" in types):
        return "images"
    return "sound" if problem_type not in ("nlp", "generative") and "audio" in types else "text"


@fact("choice", "linear", "trees", "deep", "foundation")
def complexity(problem_type: str, complexity_to: str | None = None) -> str:
    """The most complex model family that this design considers."""
    if complexity_to:
        return complexity_to
    return {"computer-vision": "deep", "nlp": "deep", "generative": "foundation"}.get(problem_type, "trees")


@fact("flag")
def time_matters(
    problem_type: str,
    temporal: bool | None = None,
    horizon: float | None = None,
    label_delay: float | None = None,
    world_changes: str | None = None,
    feature_subjects: tuple[Subject, ...] = (),
) -> bool:
    """Later rows differ from earlier ones, so time must not be shuffled: of a table, unless somebody says otherwise."""
    if temporal is not None:
        return temporal
    if problem_type in (
        "classification",
        "regression",
        "forecasting",
        "recommendation",
        "ranking",
        "anomaly-detection",
    ):
        return True
    if problem_type in ("generative", "computer-vision"):
        return False
    windows = any(subject.attributes["has_window"] for subject in feature_subjects or ())
    delayed = (horizon or 0) > 0 or (label_delay or 0) >= 86400
    return bool(windows or delayed or world_changes in ("days", "weeks"))


@fact("flag")
def imbalanced(prevalence: float) -> bool:
    """The positive case is rarer than one in ten."""
    return prevalence < 0.1


@fact("flag")
def probability_used(
    calibrated: bool | None = None,
    cost_missed: float | None = None,
    cost_false_alarm: float | None = None,
    wrong_answer_ratio: float | None = None,
) -> bool:
    """A threshold, price or expected value is computed from the score."""
    if calibrated is not None:
        return calibrated
    return cost_missed is not None and cost_false_alarm is not None


_ONCE = {
    "invoice", "order", "claim", "payment", "transaction", "login", "letter", "document", "photo", "image", "ticket",
    "message", "study", "request", "application", "report", "complaint", "mail", "email", "note", "post", "comment",
    "call", "review",
}  # fmt: skip


@fact("flag")
def new_cases_each_run(problem_type: str, prediction_unit: str = "", population: float | None = None) -> bool:
    """Each run scores cases that no earlier run has seen, so an old table says nothing about them."""
    words = {word.strip(",.;:()") for word in (prediction_unit or "").lower().replace("-", " ").split()}
    new_texts = problem_type == "nlp" and population is None
    return (
        new_texts
        or problem_type in ("computer-vision", "generative")
        or bool(words & (_ONCE | {f"{one}s" for one in _ONCE}))
    )


@fact("flag")
def binary(problem_type: str, classes: float | None = None) -> bool:
    """There is one positive case and its absence."""
    return problem_type in ("classification", "anomaly-detection") and (classes is None or classes == 2)


@fact("flag")
def costs_known(cost_missed: float | None = None, cost_false_alarm: float | None = None) -> bool:
    """Both kinds of mistake have a price."""
    return cost_missed is not None and cost_false_alarm is not None


@fact("flag")
def capacity_limits(action_capacity: float, population: float, prevalence: float = 0.0) -> bool:
    """Fewer cases can be acted on than there are positive ones, or a small share of all."""
    return action_capacity < population * max(prevalence or 0.0, 0.05)


LOWER_IS_BETTER = ("expected-cost", "log-loss", "mae", "rmse", "mape", "wape", "mase", "pinball-loss")


@fact("flag")
def lower_is_better(deciding_metric: str) -> bool:
    """The evaluation metric counts errors."""
    return deciding_metric in LOWER_IS_BETTER


@fact("flag")
def beats_something(baseline_value: float | None = None, success_threshold: float | None = None) -> bool:
    """Both the baseline and the threshold have a value."""
    return baseline_value is not None and success_threshold is not None


@fact("flag")
def high_stakes(
    affects_people: bool | None = None, safety: bool | None = None, regulation: tuple[str, ...] | None = None
) -> bool:
    """A wrong prediction can do a person serious harm."""
    return bool(affects_people or safety or set(regulation or ()) & {"health", "bank"})


@fact("flag")
def uses_personal_data(personal_data: bool | None = None, source_subjects: tuple[Subject, ...] = ()) -> bool:
    """Personal data is read somewhere."""
    return bool(personal_data or any(subject.attributes["personal"] for subject in source_subjects or ()))


_PERSON = re.compile(r"user|member|customer|profile|account|subscriber|person|visitor|session|client|household")


@fact("count")
def catalogue(
    problem_type: str, catalogue_size: float | None = None, feature_subjects: tuple[Subject, ...] = ()
) -> float | None:
    """How many items there are to choose from: as said, else the levels of the smallest key that is nobody's."""
    if problem_type != "recommendation":
        return None
    keys = [one for one in feature_subjects or () if one.attributes["type"] == "identifier"]
    levels = [one.attributes["cardinality"] for one in keys if not _PERSON.search(one.id.lower())]
    levels = [one for one in levels if one]
    return catalogue_size if catalogue_size is not None else min(levels, default=None)


@fact("flag")
def few_items(catalogue: float | None = None, peak_load: float | None = None, mean_load: float | None = None) -> bool:
    """So few items, or so few requests, that each request can score them all."""
    load = peak_load if peak_load is not None else mean_load
    if catalogue is None:
        return False
    # Trees score about 100,000 rows a second on one core (judgement); 20,000 rows still fit into a fifth of a second.
    return catalogue <= 1000 or (catalogue <= 20_000 and load is not None and catalogue * load <= 100_000)


@fact("flag")
def cold_start(
    problem_type: str,
    row_count: float | None = None,
    labelled_count: float | None = None,
    catalogue: float | None = None,
) -> bool:
    """Too few interactions to learn tastes from: under 10,000 together, or under 20 for each item."""
    seen = _smallest(row_count, labelled_count)
    return problem_type == "recommendation" and seen is not None and seen < max(10_000, 20 * (catalogue or 0))


@fact("text")
def interactions_said(
    row_count: float | None = None, labelled_count: float | None = None, catalogue: float | None = None
) -> str | None:
    """How many interactions there are, and over how many items."""
    seen = _smallest(row_count, labelled_count)
    if seen is None:
        return None
    return f"{seen:,.0f} interactions" + (f" over {catalogue:,.0f} items" if catalogue else "")


def _smallest(*counts: float | None) -> float | None:
    return min((one for one in counts if one is not None), default=None)


@fact("text")
def known_without_history(feature_subjects: tuple[Subject, ...] = (), used_features: tuple[str, ...] = ()) -> str:
    """Which candidates speak of an item or a person that nobody has met yet."""
    used = [one for one in feature_subjects or () if one.id in (used_features or ())]
    there = [one.id for one in used if not one.attributes["has_window"] and one.attributes["type"] != "identifier"]
    return ", ".join(there[:4]) or "what is known of an item on its first day"


_TYPED = re.compile(
    r"quer(?:y|ies)|keyword|typed|\btext|words|such(?:e|anfrage)|requ[êe]te|consulta|buscador|recherche"
)


_PLACED = re.compile(r"\bnights?\b|\bstays?\b|flight|check-in|\btrips?\b|\broutes?\b|\bfilters?\b|guests|travel")


@fact("flag")
def typed_queries(
    problem_type: str,
    has_text: bool,
    target: str | None = None,
    prediction_unit: str | None = None,
    decision_driven: str | None = None,
    current_process: str | None = None,
    sources: tuple[Entry, ...] | None = (),
) -> bool:
    """A list answers words that somebody typed; it is taken to, unless all that was said is of places and dates."""
    if problem_type != "ranking":
        return False
    told = [target, prediction_unit, decision_driven, current_process]
    told += [str(one.value("content") or "") for one in sources or ()]
    words = " ".join(one or "" for one in told).lower()
    return has_text or _TYPED.search(words) is not None or _PLACED.search(words) is None


@fact("count")
def candidate_count(items_per_request: float | None = None) -> float:
    """How many candidates a ranker is handed (500 where nothing was said)."""
    return items_per_request if items_per_request is not None and items_per_request > 1 else 500


@fact("flag")
def person_known(feature_subjects: tuple[Subject, ...] = (), used_features: tuple[str, ...] = ()) -> bool:
    """Both the person and the item have a key, or no candidate was named yet."""
    keys = [one.id for one in feature_subjects or () if one.attributes["type"] == "identifier"]
    return not feature_subjects or len(set(keys) & set(used_features or ())) > 1


@fact("flag")
def towers_lead(complexity: str, has_gpu: bool, row_count: float | None = None) -> bool:
    """There are rows and machines enough for a two-tower network to be the main candidate."""
    return complexity in ("deep", "foundation") and has_gpu and row_count is not None and row_count >= 10_000_000


@fact("flag")
def labels_from_lists(problem_type: str, label_source: str) -> bool:
    """Labels come from the lists that were shown, so each ranker makes its own."""
    return problem_type in ("ranking", "recommendation") and label_source in ("feedback", "events")


@fact("flag")
def labels_beyond_lists(problem_type: str, label_source: str, label_scope: str) -> bool:
    """What people choose is recorded, whether it was shown to them or not."""
    return problem_type == "recommendation" and label_source == "events" and label_scope != "shown"


@fact("text")
def list_top(top_k: float | None = None) -> str:
    """The part of a list that is shown."""
    return f"first {top_k:,.0f}" if top_k is not None else "first items"


@fact("text")
def unit_word(experiment_unit: str | None = None) -> str:
    """What is assigned, or a person where nobody said."""
    return experiment_unit or "person"


@fact("flag")
def finds_spans(problem_type: str, text_task: str | None = None) -> bool:
    """Passages inside a text are found, not a class for the whole."""
    return problem_type == "nlp" and text_task == "spans"


@fact("flag")
def spans_meant(problem_type: str, finds_spans: bool, target: str) -> bool:
    """The target speaks of passages, and a class for the whole text is designed."""
    words = set(re.findall(r"[a-z]+", target.lower()))
    return problem_type == "nlp" and not finds_spans and bool(words & {"span", "spans", "entities", "passages"})


@fact("flag")
def reads_to_the_end(problem_type: str, finds_spans: bool, fail_direction: str | None = None) -> bool:
    """No part of a text may stay unread."""
    return problem_type == "nlp" and (finds_spans or fail_direction == "restrictive")


@fact("flag")
def several_languages(languages: tuple[str, ...] | None = None) -> bool:
    """Texts come in more than one language."""
    return len(languages or ()) > 1


@fact("flag")
def each_is_confirmed(problem_type: str, human_decides: bool | None = None) -> bool:
    """A person confirms each text, not only what was flagged."""
    return human_decides is True and problem_type in ("nlp", "generative")


@fact("flag")
def units_disagree(positive_count: float, labelled_count: float) -> bool:
    """Positives are counted in another unit than labelled examples."""
    return positive_count > labelled_count


@fact("flag")
def has_text(feature_subjects: tuple[Subject, ...] = ()) -> bool:
    """Free text is among the candidates."""
    return any(subject.attributes["type"] == "text" for subject in feature_subjects or ())


@fact("text")
def agreement_words(problem_type: str, finds_spans: bool) -> str:
    """How the agreement of people who label is measured."""
    if problem_type == "ranking":
        return "weighted kappa of two graders on 200 pairs"
    return "F1 between two annotators by kind" if finds_spans else "their agreement"


@fact("flag")
def has_signals(feature_subjects: tuple[Subject, ...] = ()) -> bool:
    """Sequences of readings, sound or images are among the candidates."""
    return bool({subject.attributes["type"] for subject in feature_subjects or ()} & {"series", "audio", "image"})


@fact("flag")
def own_cameras(
    problem_type: str, prediction_unit: str = "", target: str = "", adversarial: bool | None = None
) -> bool:
    """The images come from cameras of our own, not from people who upload them."""
    words = f"{prediction_unit or ''} {target or ''}".lower()
    uploaded = any(word in words for word in ("user", "seller", "customer", "listing", "upload", "member"))
    return problem_type == "computer-vision" and not adversarial and not uploaded


@fact("text")
def left_out_test(own_cameras: bool) -> str:
    """Which group a second test of images leaves out."""
    group = "camera or site" if own_cameras else "uploader group or app version"
    return (
        f"A second test leaves one {group} out in turn; the worst must still reach the threshold within its interval."
    )


@fact("flag")
def prompted_only(main_model: str, model_adaptation: str | None = None) -> bool:
    """A foundation model is prompted and nothing is trained."""
    return main_model == "foundation" and model_adaptation != "light-tuning"


@fact("flag")
def trains_a_network(main_model: str) -> bool:
    """A training run moves the weights of a neural network."""
    return main_model in ("network", "pretrained-network")


@fact("text")
def prompted_parts(retrieves: bool) -> str:
    """What changes where nothing is trained."""
    return "prompts, index and provider version" if retrieves else "prompts and provider version"


@fact("flag")
def calls_a_provider(main_model: str, model_access: str | None = None) -> bool:
    """The model runs at a provider, and what we serve only calls it."""
    return main_model == "foundation" and model_access != "self-hosted"


@fact("flag")
def acts_by_tools(problem_type: str, llm_task: str | None = None) -> bool:
    """A foundation model takes steps in other systems."""
    return problem_type == "generative" and llm_task == "agent"


@fact("flag")
def errs_one_way(problem_type: str) -> bool:
    """Without a model a case passes or is held; a list has its plain order then, an assistant hands over."""
    return problem_type not in ("ranking", "recommendation", "generative")


@fact("flag")
def retrieves(model_adaptation: str | None = None) -> bool:
    """Answers are written from passages that are looked up."""
    return model_adaptation == "retrieval"


@fact("flag")
def drawn(vision_task: str | None = None) -> bool:
    """Boxes or masks are drawn on an image."""
    return vision_task in ("boxes", "masks")


@fact("flag")
def dangerous(safety: bool | None = None) -> bool:
    """It was said that a wrong prediction can hurt somebody."""
    return safety is True


@fact("flag")
def no_person_decides(human_decides: bool | None = None) -> bool:
    """Nobody said that a person confirms each decision."""
    return human_decides is not True
