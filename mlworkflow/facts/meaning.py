"""Facts that the words of a target, a business metric and the candidates give away."""

from __future__ import annotations

import re
from typing import Any

from mlworkflow.archetype import found_word, in_text, plain
from mlworkflow.facts.registry import Subject, fact

_AMOUNTS = {"amount", "value", "price", "revenue", "balance", "margin", "premium", "exposure", "spend"}
_RELATIVE = {"per", "ratio", "against", "share", "log", "change", "zscore", "mean", "median", "avg", "max", "min", "x"}


def _amounts(features: tuple[Subject, ...] | None, used: tuple[str, ...] | None) -> list[str]:
    found = []
    for one in features or ():
        parts = set(re.findall(r"[a-z]+", one.id.lower()))
        said = one.attributes
        plain_number = said["type"] == "number" and not said["has_window"] and not re.search(r"\d+ ?[dhm]?\b", one.id)
        if one.id in (used or ()) and plain_number and parts & _AMOUNTS and not parts & _RELATIVE:
            found.append(one.id)
    return found


@fact("text")
def value_feature(feature_subjects: tuple[Subject, ...] = (), used_features: tuple[str, ...] = ()) -> str | None:
    """The candidate that says how much each case is worth."""
    found = _amounts(feature_subjects, used_features)
    return found[0] if found else None


@fact("flag")
def value_differs(value_feature: str | None = None) -> bool:
    """Some candidate says that cases are worth different amounts."""
    return value_feature is not None


METRIC_WORDS = {
    "attention": ("click*", "ctr", "time spent", "watch time", "minutes watched", "session*", "page views", "dwell*", "engagement", "open rate*", "opens", "impressions", "screen time"),
    "absence": ("complaint*", "ticket*", "escalation*", "contact rate", "contacts per", "calls per", "reports per", "deflection", "containment", "self service rate"),
    "found": ("caught", "blocked", "stopped", "detected", "detection rate", "let through", "missed", "escapes", "escaped"),
    "speed": ("handling time", "processing time", "throughput", "minutes per case", "cases per hour", "time to close", "turnaround*"),
}  # fmt: skip
_COUNTERED = re.compile(
    r"\bat no (?:more|less|higher|lower)\b|\bat (?:the same|equal|least|most|unchanged)\b|\bwithout (?:more|less|fewer)\b"
    r"|\bnot (?:worse|more|below|above)\b|\bnet of\b|\bcost|\bmargin|\brevenue|\bprofit|\bmoney|\bwhile\b"
)


@fact("choices", *METRIC_WORDS)
def metric_kinds(business_metric: str | None = None, satisfaction_metric: str | None = None) -> tuple[str, ...]:
    """The ways in which the business metric could be won without helping, where no second figure stands beside it."""
    said = (business_metric or "").lower()
    if satisfaction_metric is not None or _COUNTERED.search(said):
        return ()
    text = plain(said)
    return tuple(kind for kind, words in METRIC_WORDS.items() if any(in_text(word, text) for word in words))


_VAGUE = (
    "engaged", "engagement", "resolved", "at risk", "high risk", "satisfied", "satisfaction", "relevant", "quality",
    "interested", "inactive", "healthy", "unhealthy", "important", "urgent", "suspicious", "loyal", "valuable",
    "success", "successful", "churned", "churn", "good", "bad", "problematic",
)  # fmt: skip


@fact("text")
def vague_word(
    problem_type: str, target: str, label_definition: str | None = None, horizon: float | None = None
) -> str | None:
    """A word of the target that names no event, where nothing else defines it."""
    defined = label_definition is not None or horizon is not None or ":" in target or re.search(r"\d", target)
    if defined or problem_type not in ("classification", "regression", "nlp", "ranking", "recommendation"):
        return None
    return found_word(_VAGUE, plain(target.replace("_", " ")))


@fact("flag")
def target_vague(vague_word: str | None = None) -> bool:
    """The target names no event."""
    return vague_word is not None


_CENSORED = (
    (("sales", "units sold", "items sold", "pieces sold", "sold", "orders of", "order volume"), "stock ran out"),
    (("occupancy", "occupied beds", "admissions", "bed*"), "no bed was free"),
    (("trips", "rides", "rentals", "hires", "bike hire*"), "no vehicle was free"),
    (("calls answered", "calls handled", "chats handled"), "no agent was free"),
    (("bookings", "seats sold", "tickets sold", "passengers", "room nights"), "seats or rooms were full"),
)


@fact("text")
def censored_when(problem_type: str, target: str) -> str | None:
    """When the observed value is capped by what there was to have."""
    if problem_type not in ("forecasting", "regression"):
        return None
    text = plain(target.replace("_", " "))
    if in_text("revenue", text) or in_text("price*", text):
        return None
    return next((when for words, when in _CENSORED if found_word(words, text)), None)


@fact("flag")
def target_censored(censored_when: str | None = None) -> bool:
    """The observed value is capped by supply."""
    return censored_when is not None


_OBJECTIVES = {
    "click": "click", "clicks": "click", "purchase": "purchase", "purchases": "purchase", "buy": "purchase",
    "order": "purchase", "orders": "purchase", "like": "like", "likes": "like", "share": "share", "shares": "share",
    "watch": "watch", "save": "save", "saves": "save", "comment": "comment", "dwell": "dwell", "booking": "booking",
    "apply": "application", "application": "application", "applications": "application", "follow": "follow",
}  # fmt: skip


@fact("choices")
def objectives(problem_type: str, target: str) -> tuple[str, ...]:
    """The acts that the target of a list sums up."""
    if problem_type not in ("ranking", "recommendation"):
        return ()
    words = re.findall(r"[a-z]+", target.lower())
    return tuple(dict.fromkeys(_OBJECTIVES[word] for word in words if word in _OBJECTIVES))


@fact("flag")
def several_objectives(objectives: tuple[str, ...]) -> bool:
    """A list is ordered for more than one act at once."""
    return len(objectives) > 1


@fact("flag")
def proxy_labels(problem_type: str, label_source: str, business_metric: str | None = None) -> bool:
    """Labels are acts of the moment, and the business metric counts money or people who come back."""
    late = re.search(r"margin|revenue|retain|retention|return|come back|subscription|orders|28 days|month", (business_metric or "").lower())  # fmt: skip
    return problem_type in ("ranking", "recommendation") and label_source == "feedback" and late is not None


@fact("flag")
def labels_by_finders(label_source: str, baseline_kind: str, baseline_recall: float | None = None) -> bool:
    """The labels come from the people whose misses are known."""
    known = baseline_recall is not None and baseline_recall < 0.99
    return known and label_source == "people" and baseline_kind == "people"


@fact("flag")
def sorts_only(decision_driven: str | None = None) -> bool:
    """The prediction only says what is looked at first; the rest is looked at later."""
    return re.search(r"\b(?:first|order|priorit\w+|sorted|sequence)\b", (decision_driven or "").lower()) is not None


@fact("text")
def threshold_proposal(
    deciding_metric: str,
    proposed_threshold: float | None = None,
    baseline_value: float | None = None,
    threshold_by_cost: float | None = None,
    action_capacity: float | None = None,
    golden_set: float | None = None,
) -> str:
    """The bar that is proposed where none was given, with what it follows from."""
    if proposed_threshold is None:
        return "at least the best trivial policy and the baseline, by more than the sampling error of the test set"
    if deciding_metric == "expected-cost":
        return f"below {proposed_threshold:,.4g} per 1,000 decisions, the cheapest of acting never, always and as today"
    above = "the baseline"
    if deciding_metric.startswith("precision-at"):
        breaks_even = threshold_by_cost is not None and threshold_by_cost > (baseline_value or 0)
        above = "the break-even of the costs" if breaks_even else "the baseline"
        cases = f"{action_capacity:,.0f} picked cases"
    else:
        cases = (
            f"{golden_set:,.0f} golden cases" if deciding_metric == "golden-set-pass-rate" else "the test's positives"
        )
    return f"{proposed_threshold:.3g}, which is {above} plus the sampling error of {cases}"


@fact("text")
def answers_worth(wrong_answer_ratio: float, unsolved_today: float | None = None) -> str:
    """From which shares of wrong and handed-over answers on a written answer is worth more than today's way."""
    from mlworkflow.quantity import say_share

    solved = "the share that today's way leaves unsolved, still to be measured"
    limit = solved if unsolved_today is None else f"{say_share(round(unsolved_today, 8))}, left unsolved today"
    return f"{wrong_answer_ratio:g} × wrong + handed over, as shares of all questions, stay below {limit}"


@fact("flag")
def exploration_priced(exploration_cost: Any = None) -> bool:
    """What a random share costs that passes untouched can be computed."""
    return exploration_cost is not None


@fact("flag")
def value_below_budget(value_per_month: Any, budget: Any) -> bool:
    """A month is worth less than it may cost."""
    return bool(value_per_month.currency == budget.currency and 0 < value_per_month.amount < budget.amount)


@fact("flag")
def value_far_above_budget(value_per_month: Any, budget: Any) -> bool:
    """A month is worth more than a hundred times what it may cost."""
    return bool(value_per_month.currency == budget.currency and 0 < 100 * budget.amount < value_per_month.amount)


@fact("flag")
def peak_far_above_mean(peak_load: float, mean_load: float) -> bool:
    """The peak is above one a second and more than twenty times the mean."""
    return peak_load > max(1.0, 20 * mean_load)


@fact("flag")
def fleet_outgrows_people(
    flagged_by_the_fleet: float, reviews_per_day: float, reviewers_overloaded: bool = False
) -> bool:
    """People can review what the devices of today flag, and not what all planned ones will."""
    return flagged_by_the_fleet > reviews_per_day and not reviewers_overloaded


_NO_MISS = re.compile(
    r"\b(?:no|zero|0|without) (?:\w+ )?(?:miss|misses|missed|false negatives?)\b|\bnever (?:be )?miss(?:es|ed)?\b"
    r"|\bnone (?:is |are |may be )?missed\b|\bmiss(?:es)? (?:none|nothing)\b|\b(?:catch|find)(?:es|s)? (?:all|every) ",
    re.IGNORECASE,
)


@fact("flag")
def no_miss_promised(
    deciding_metric: str,
    business_metric: str | None = None,
    label_definition: str | None = None,
    success_threshold: float | None = None,
) -> bool:
    """It was said that nothing may be missed."""
    said = " ".join((business_metric or "", label_definition or ""))
    return bool(_NO_MISS.search(said)) or (deciding_metric.startswith("recall") and success_threshold == 1)


@fact("flag")
def few_misses_untested(zero_miss_positives: float | None = None, labelled_positives: float | None = None) -> bool:
    """The test part holds too few positives to show so high a recall even without one miss."""
    known = zero_miss_positives is not None and labelled_positives is not None
    return known and (labelled_positives or 0) // 5 < (zero_miss_positives or 0)


@fact("count")
def tested_positives(labelled_positives: float) -> float:
    """Positive cases in a test part of 20 %."""
    return float(labelled_positives // 5)


@fact("text")
def no_miss_shown(tested_positives: float | None = None, zero_miss_bound: float | None = None) -> str:
    """What a test without a miss shows."""
    if not tested_positives or zero_miss_bound is None:
        return "n positives without a miss show only that at most 3 / n of them are"
    from mlworkflow.quantity import say_share

    return (
        f"{tested_positives:,.0f} positives, the test part, without a miss show only that at most "
        f"{say_share(float(f'{zero_miss_bound:.2g}'))} are"
    )


@fact("flag")
def each_must_be_read(
    regulation: tuple[str, ...] | None = None, safety: bool | None = None, explainability: str | None = None
) -> bool:
    """A law, a regulator or somebody's safety forbids to leave a case unread."""
    ruled = bool(set(regulation or ()) & {"health", "bank"})
    return ruled or safety is True or explainability == "per-decision-legal"


@fact("text")
def queue_ways(each_must_be_read: bool) -> str:
    """What ends a queue that grows."""
    if each_must_be_read:
        return "more people or hours, as each case must be read"
    return "more people, fewer cases, or a rule for what passes unread"


@fact("text")
def unread_remedy(each_must_be_read: bool) -> str:
    """What to do before cases stay unread."""
    if each_must_be_read:
        return "people and hours for what arrives, before the release: each case must be read"
    return "a rule for what passes unread, before the queue makes one"


@fact("text")
def add_readers(each_must_be_read: bool) -> str:
    """What is done about cases that wait too long."""
    return "add people or hours" if each_must_be_read else "add people or slow the intake"


@fact("flag")
def reviewers_overloaded(flagged_per_day: float, reviews_per_day: float) -> bool:
    """More cases are flagged than people review."""
    return flagged_per_day > reviews_per_day


@fact("text")
def reviewers_limit(each_must_be_read: bool = False, false_alarms_for_reviewers: float | None = None) -> str:
    """What the reviews that are there ask of the model."""
    from mlworkflow.quantity import say_share

    if false_alarms_for_reviewers is None:
        ways = "more people or hours" if each_must_be_read else "fewer cases, more people, or a higher bar"
        return f"even without a false alarm they cannot read all positive cases: {ways}"
    return f"at today's recall they leave room for a false-alarm rate of {say_share(float(f'{false_alarms_for_reviewers:.2g}'))}"


_CLOSE = 0.1


@fact("choice", "of-all", "of-labelled", "open")
def prevalence_reading(prevalence: float, baseline_recall: float, labelled_share: float | None = None) -> str:
    """Whether the prevalence counts what today's way stops, as the labels that are there tell."""
    if labelled_share is None:
        return "open"

    def near(expected: float) -> bool:
        return abs(labelled_share - expected) <= _CLOSE * expected

    of_all, of_labelled = near(prevalence * (1 - baseline_recall)), near(prevalence)
    if of_all == of_labelled:
        return "open"
    return "of-all" if of_all else "of-labelled"


@fact("text")
def natural_share(prevalence: float, labelled_share: float | None = None) -> str:
    """The share to which scores of enriched training rows are corrected."""
    from mlworkflow.quantity import say_share

    if labelled_share is None:
        return f"the natural prevalence of {say_share(prevalence)}"
    return f"the {say_share(float(f'{labelled_share:.3g}'))} among cases not acted on"


@fact("flag")
def labels_hide(labelled_threshold: float | None = None) -> bool:
    """Labels of cases not acted on show less of the metric than all cases hold, and how much less is known."""
    return labelled_threshold is not None


@fact("text")
def hidden_outcomes(people_review: bool) -> str:
    """What acting hides, said of a design where people look at what was stopped and of one where nobody does."""
    if people_review:
        return "Cases that are acted on show only what reviewers conclude"
    return "Cases that are acted on never show their outcome"


@fact("flag")
def people_review(reviews_per_day: float | None = None, human_decides: bool | None = None) -> bool:
    """People look at cases that are acted on."""
    return bool(reviews_per_day) or human_decides is True


@fact("text")
def prevalence_flip(
    prevalence_before_acting: float,
    prevalence: float,
    baseline_recall: float,
    baseline_false_alarm_rate: float | None = None,
    cost_missed: Any = None,
    cost_false_alarm: Any = None,
) -> str:
    """Whether what was said about the baseline holds under both readings of the prevalence."""
    if baseline_false_alarm_rate is None or cost_missed is None or cost_false_alarm is None:
        return "every count below grows with it"

    def pays(share: float) -> bool:
        stopped = share * baseline_recall * cost_missed.amount
        return bool(stopped > (1 - share) * baseline_false_alarm_rate * cost_false_alarm.amount)

    if pays(prevalence) == pays(prevalence_before_acting):
        return "counts grow, today's verdict stays"
    return "and today's baseline is judged the other way"


_STAYS = {
    "rules": "the rule stays",
    "people": "people go on deciding",
    "model": "the current model stays",
    "vendor": "the bought service stays",
}


@fact("text")
def missed_branch(baseline_kind: str, baseline_pays: bool | None = None, slices: tuple[str, ...] | None = None) -> str:
    """What happens if the gate is missed."""
    stays = _STAYS.get(baseline_kind, "the best trivial policy ships")
    if baseline_pays is False:
        stays = "the cheaper trivial policy runs in place of today's baseline"
    return f"{stays}{', or only slices that pass ship' if slices else ''}"


# ------------------------------------------------------------------ pairs, enriched labels, units of a threshold

_PAIRS = re.compile(
    r"\bpairs?\b|\bduplicates?\b|\bdeduplicat\w*|\brecord linkage\b|\btwo (?:records|listings|profiles|entries)\b"
)


@fact("flag")
def judges_pairs(problem_type: str, target: str, prediction_unit: str | None = None) -> bool:
    """What is judged is whether two things belong together."""
    one_thing = problem_type in ("generative", "forecasting", "regression", "recommendation", "ranking")
    return not one_thing and bool(_PAIRS.search(f"{target} {prediction_unit or ''}".lower().replace("_", " ")))


@fact("text")
def proposed_pairs(items_per_request: float | None = None) -> str:
    """What is proposed, with how many partners one thing gets where several are."""
    several = items_per_request and items_per_request > 1
    return f"them, {items_per_request:,.0f} partners for each thing," if several else "them"


@fact("share")
def share_of_labels(positive_count: float, labelled_count: float) -> float | None:
    """The share of positives among the labelled cases."""
    return positive_count / labelled_count if 0 < positive_count < labelled_count else None


@fact("share")
def precision_asked(
    deciding_metric: str, promised_precision: float | None = None, success_threshold: float | None = None
) -> float | None:
    """The precision that was promised, or that the threshold asks for."""
    if promised_precision is not None:
        return promised_precision
    return success_threshold if deciding_metric in ("precision-at-k", "precision-at-budget") else None


@fact("share")
def precision_in_use(precision_asked: float, share_of_labels: float, prevalence: float) -> float | None:
    """What a precision on the labelled cases is worth at the prevalence of all, at the same recall and false-alarm rate."""
    if not 0 < precision_asked < 1 or not 0 < prevalence < share_of_labels < 1:
        return None
    odds = precision_asked / (1 - precision_asked)
    odds *= prevalence / (1 - prevalence) * (1 - share_of_labels) / share_of_labels
    return odds / (1 + odds)


@fact("flag")
def labels_mislead(precision_in_use: float, precision_asked: float) -> bool:
    """A precision on the labels is worth less than two thirds of itself in use."""
    return precision_in_use < 2 / 3 * precision_asked


@fact("flag")
def threshold_of_a_share(
    problem_type: str, deciding_metric: str, success_threshold: float, evaluation_metric: str | None = None
) -> bool:
    """The threshold looks like a share, and the metric that decides is counted in the unit of the target."""
    in_units = deciding_metric in ("mae", "rmse", "pinball-loss")
    return problem_type == "forecasting" and in_units and evaluation_metric is None and success_threshold < 1


_LIFE = re.compile(
    r"\b(?:remaining|residual) (?:useful |service )?life|\btime (?:to|until|till) (?:failure|breakdown|replacement)\b"
    r"|\b(?:hours|cycles|days) (?:left|until failure)\b|restlebensdauer|durée de vie (?:restante|résiduelle)|vida útil restante"
)


@fact("flag")
def predicts_a_life(target: str) -> bool:
    """What is predicted is how long something still lasts."""
    return bool(_LIFE.search(target.lower().replace("_", " ")))
