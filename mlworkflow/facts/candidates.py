"""Facts on the candidate models: the part of each, what searching costs, and what their test can tell."""

from __future__ import annotations

from mlworkflow.facts.registry import fact


@fact("text")
def texts_labelled_twice(classes: float | None = None) -> str:
    """Which texts two people label, to see how far they agree."""
    if classes is not None and classes > 40:
        return "At least 400 texts, drawn as the classes occur,"
    return "At least 200 texts, and 20 for each class,"


@fact("text")
def golden_set_margin(golden_set: float) -> str | None:
    """Half the width of a 95 % interval at a pass rate of 85 %."""
    if golden_set <= 0:
        return None
    return f"{196 * (0.85 * 0.15 / golden_set) ** 0.5:.0f} points"


@fact("text")
def floor_role(baseline_kind: str, problem_type: str) -> str:
    """The part of the simplest candidate: where something does the job today, that is the baseline."""
    if baseline_kind not in ("rules", "people", "vendor"):
        return "baseline"
    return _SIMPLEST.get(problem_type, "simplest learned model")


_SIMPLEST = {
    "forecasting": "simplest forecast",
    "ranking": "simplest order",
    "recommendation": "simplest list",
}


@fact("text")
def order_words(baseline_kind: str) -> str:
    """The simplest order of results for typed words."""
    return "BM25" if baseline_kind in ("rules", "people", "vendor") else "BM25, or the present order"


@fact("text")
def main_model_role_trees(main_model: str) -> str:
    """The part that boosted trees play among the candidates."""
    return "main candidate" if main_model in ("boosted-trees", "listwise-trees", "two-stage") else "challenger"


@fact("text")
def role_factors(towers_lead: bool) -> str:
    """The part that matrix factorisation plays."""
    return "simple challenger, first stage" if towers_lead else "main candidate, first stage"


@fact("text")
def role_towers(towers_lead: bool) -> str:
    """The part that a two-tower network plays."""
    return "main candidate, first stage" if towers_lead else "challenger, first stage"


@fact("text")
def role_pairs(few_items: bool) -> str:
    """The part that co-occurrence of items plays."""
    return "simple challenger" if few_items else "main candidate, first stage"


@fact("text")
def ranker_words(few_items: bool) -> str:
    """What a ranker orders."""
    return "all items that are eligible" if few_items else "the candidates"


@fact("text")
def role_ranker(few_items: bool, cold_start: bool = False) -> str:
    """The part that a ranker plays."""
    if cold_start:
        return "challenger, once there are interactions enough"
    return "main candidate" if few_items else "main candidate, second stage"


@fact("text")
def factors_budget(search_budget: str, row_count: float | None = None) -> str:
    """What a matrix factorisation may cost."""
    return search_budget if row_count is not None and row_count >= 10_000_000 else "2 CPU hours"


@fact("text")
def towers_budget(search_budget: str, row_count: float | None = None) -> str:
    """What a two-tower network may cost."""
    large = row_count is not None and row_count >= 10_000_000
    return search_budget if large else "24 GPU hours, 16 GB GPU memory"


@fact("text")
def main_model_role_series(main_model: str) -> str:
    """The part that series models play among the candidates."""
    return "main candidate" if main_model == "statistical-series" else "simple challenger"


@fact("flag")
def learns_without_labels(main_model: str) -> bool:
    """The main candidate is fitted without labels."""
    return main_model == "isolation"


@fact("text")
def quarantine(label_age: float | None = None) -> str:
    """How old a row must be before it may stand for what is normal."""
    from mlworkflow.quantity import say_duration

    if not label_age:
        return "older than detection takes, which is measured first"
    return f"older than {say_duration(label_age)}, after which 95 of 100 cases are known"


@fact("text")
def isolation_budget(row_count: float | None = None) -> str:
    """What fitting and scoring four isolation forests may take: five minutes for each million rows scored."""
    return _budget(5, row_count)


@fact("text")
def simplest_detector(baseline_kind: str) -> str:
    """The part of a threshold on single signals."""
    return "simplest detector" if baseline_kind in ("rules", "people", "vendor") else "baseline"


@fact("text")
def main_model_role_isolation(main_model: str) -> str:
    """The part that an isolation forest plays among the candidates."""
    return "main candidate" if main_model == "isolation" else "challenger without labels"


@fact("text")
def search_budget(trials: float, folds: float, search_time: float | None = None) -> str:
    """What the search of the main candidate may cost."""
    if search_time is None:
        return f"{trials} trials of {folds} fits each; memory of one training machine"
    hours = search_time / 3600
    return (
        f"{trials} trials of {folds} fits, {hours:.0f} machine hours"
        if hours >= 1
        else f"{trials} trials of {folds} fits, under an hour"
    )


@fact("count")
def trials(tuning_method: str, random_trials: float, learns_without_labels: bool = False) -> float:
    """Settings that the chosen search tries."""
    if learns_without_labels and tuning_method == "grid":
        return 4
    return {"grid": 8, "random": random_trials, "bayesian": 40}.get(tuning_method, 1)


@fact("count")
def folds(validation: str) -> float:
    """Fits for each setting under the chosen validation."""
    return {"cross-validation": 5, "walk-forward": 2}.get(validation, 1)


@fact("flag")
def too_few_test_positives(labelled_positives: float, positives_needed: float) -> bool:
    """A test part of 20 % holds too few positive cases for the metric."""
    return 0.2 * labelled_positives < positives_needed


@fact("text")
def recall_margin_said(recall_margin: float) -> str:
    """How exact a test makes recall."""
    return f"±{recall_margin * 100:.2g} points"


@fact("flag")
def recall_without_floor(deciding_metric: str, false_alarms_within_capacity: float | None = None) -> bool:
    """Recall decides, and no capacity limits the false alarms that buy it."""
    return deciding_metric == "recall" and false_alarms_within_capacity is None


@fact("text")
def coverage_gate(rows_in_fold: float | None = None) -> str:
    """How far the coverage of an 80 and a 95 % interval may lie off: with few rows, as far as chance goes."""
    if rows_in_fold is not None and rows_in_fold < 300:
        return f"within the 95 % binomial interval of about {rows_in_fold:,.0f} rows"
    return "75 to 85 and 92 to 98 %"


_CYCLES = {"day": 86400.0, "week": 604800.0, "month": 2592000.0, "year": 364 * 86400.0}


@fact("text")
def naive_candidate(seasonality: tuple[str, ...] | None = None) -> str:
    """The forecast that only repeats the past, for the cycles that were named."""
    cycles = set(seasonality or ())
    if not cycles:
        return "Naive (last value)"
    if "day" in cycles:
        same = "same time of the same weekday" if "week" in cycles else "same time of the day before"
    elif "week" in cycles:
        same = "same weekday, or same day last year" if "year" in cycles else "same weekday of last week"
    else:
        same = "same day of last month" if "month" in cycles else "same week or month of last year"
    return f"Seasonal naive ({same})"


@fact("text")
def naive_ranges(seasonality: tuple[str, ...] | None = None, forecast_step: float | None = None) -> str:
    """The seasons that a naive forecast tries, in steps where a step has a length."""
    cycles = [length for cycle, length in _CYCLES.items() if cycle in (seasonality or ())]
    if not cycles:
        return "none; cycles were not named"
    if not forecast_step:
        return "one season for each cycle, in steps"
    steps = [str(round(length / forecast_step)) for length in cycles if length >= 2 * forecast_step]
    return f"season of {' or '.join(steps)} steps" if steps else "none; each cycle is shorter than a step"


def _budget(minutes_a_million: float, rows: float | None) -> str:
    """Computing time that grows with the rows, of which a million take so many minutes (judgement)."""
    minutes = minutes_a_million * max(1.0, (rows or 0) / 1e6)
    return f"{minutes:.0f} CPU minutes" if minutes < 90 else f"{minutes / 60:,.0f} CPU hours"


@fact("text")
def quick_budget(rows: float | None = None) -> str:
    """What a model in closed form or a shallow tree may take: five minutes for each million rows."""
    return _budget(5, rows)


@fact("text")
def linear_budget(rows: float | None = None) -> str:
    """What the search of a linear model may take: ten minutes for each million rows."""
    return _budget(10, rows)


@fact("text")
def pairwise_budget(rows: float | None = None) -> str:
    """What a linear model over classes, pairs or quantiles may take: twenty minutes for each million rows."""
    return _budget(20, rows)


@fact("text")
def series_budget(rows: float | None = None) -> str:
    """What models of single series may take: half an hour for each million rows."""
    return _budget(30, rows)


@fact("text")
def additive_budget(rows: float | None = None) -> str:
    """What an additive model with interactions may take: an hour for each million rows."""
    return _budget(60, rows)


@fact("flag")
def several_seasons(seasonality: tuple[str, ...] | None = None, forecast_step: float | None = None) -> bool:
    """More than one cycle is at least two steps long, and one model of a series holds one of them."""
    return sum(_CYCLES[one] >= 2 * (forecast_step or 1) for one in seasonality or () if one in _CYCLES) > 1


@fact("text")
def seasons_candidate(seasonality: tuple[str, ...] | None = None) -> str:
    """The model of single series that holds several cycles at once."""
    cycles = set(seasonality or ())
    within = "hour and weekday" if "day" in cycles else "weekday"
    yearly = ", yearly harmonics" if "year" in cycles else ""
    return f"Regression on {within}{yearly}, holidays and drivers for each series, or MSTL with exponential smoothing"


@fact("text")
def llm_ranges(model_adaptation: str | None = None) -> str:
    """What is varied around a language model."""
    if model_adaptation == "retrieval":
        return "prompt variants up to 5, 3 to 10 passages, temperature 0"
    if model_adaptation == "light-tuning":
        return "rank 8 to 64, learning rate 1e-5 to 3e-4, 1 to 3 epochs; the untuned prompt beside it"
    return "prompt variants up to 5, 0 to 8 examples in the prompt, temperature 0"


@fact("text")
def configuration_words(model_adaptation: str | None = None) -> str:
    """What makes up a configuration beside the model."""
    return "prompt, retrieval settings" if model_adaptation == "retrieval" else "prompt, output schema, checks"


@fact("text")
def role_frozen(has_gpu: bool, main_model: str) -> str:
    """The part that frozen embeddings play."""
    if main_model == "frozen-embeddings" or not (has_gpu or main_model == "foundation"):
        return "main candidate"
    return "challenger" if main_model == "foundation" else "challenger without a GPU"


@fact("text")
def role_frozen_image(main_model: str) -> str:
    """The part that frozen features of images play."""
    return "main candidate" if main_model == "frozen-embeddings" else "baseline"


@fact("text")
def role_tuned_image(main_model: str) -> str:
    """The part that fine-tuning plays among images."""
    return "main candidate" if main_model == "pretrained-network" else "challenger, once there are labels enough"


@fact("text")
def role_prompted(main_model: str) -> str:
    """The part that a prompted model plays where text or images are sorted."""
    return "main candidate" if main_model == "foundation" else "ceiling, to see what size buys"


@fact("text")
def role_chain(main_model: str) -> str:
    """The part that a chain over tokens plays."""
    return "main candidate" if main_model == "linear" else "challenger without a GPU"


@fact("text")
def tuned_budget(search_budget: str, trial_time: float | None = None) -> str:
    """What the tuning of an encoder may cost."""
    return search_budget if trial_time is not None else "8 GPU hours, 16 GB GPU memory"


@fact("text")
def prompted_words(model_access: str | None = None) -> str:
    """Which language model is prompted as a ceiling."""
    return "Prompted local model" if model_access == "self-hosted" else "Prompted model of a provider"


@fact("text")
def role_tuned(has_gpu: bool, main_model: str) -> str:
    """The part that a tuned encoder plays."""
    if main_model == "pretrained-network":
        return "main candidate"
    return "challenger, once there are labels enough" if has_gpu else "challenger, on a GPU rented by the hour"
