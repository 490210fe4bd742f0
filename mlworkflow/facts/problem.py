"""Facts about the problem and its mistakes."""

from __future__ import annotations

from collections.abc import Mapping

from mlworkflow.facts.registry import Subject, fact


@fact("choices")
def used_features(feature_use: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the candidates that are used."""
    return tuple(name for name, use in feature_use.items() if use in ("used", "guarded"))


@fact("flag")
def unstructured(problem_type: str, feature_subjects: tuple[Subject, ...] = ()) -> bool:
    """Images, sound or free text carry the signal."""
    types = {subject.attributes["type"] for subject in feature_subjects or ()}
    return problem_type in ("nlp", "computer-vision", "generative") or bool(types & {"image", "audio"})


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
    """Later rows differ from earlier ones, so time must not be shuffled."""
    if temporal is not None:
        return temporal
    if problem_type in ("forecasting", "recommendation", "ranking", "anomaly-detection"):
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
    "message", "study", "request", "application", "report", "complaint",
}  # fmt: skip


@fact("flag")
def new_cases_each_run(problem_type: str, prediction_unit: str = "") -> bool:
    """Each run scores cases that no earlier run has seen, so an old table says nothing about them."""
    words = {word.strip(",.;:()") for word in (prediction_unit or "").lower().replace("-", " ").split()}
    return problem_type in ("computer-vision", "generative") or bool(words & (_ONCE | {f"{one}s" for one in _ONCE}))


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
