"""Monitoring and Drift: the fixed table, its figures, and the retraining policy."""

from __future__ import annotations

from typing import Any

from mlworkflow.documents.escape import Md
from mlworkflow.documents.saying import Say, Table, joined

GENERATIVE = "generative"


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    return {
        "table": Table(("Monitor", "Tool", "Threshold", "Action"), _rows(say)),
        "windows": [Md(f"{what}: {value}; {why}.") for what, value, why in _watched(say)],
        "policy": _policy(say),
        "rules": _rules(say) if say.full else _rules(say)[:1],
        "expected": say.texts("drift_sources"),
        "freezes": say.texts("freezes_dated"),
        "frozen": Md(_frozen(say)),
        "findings": say.findings("monitoring"),
    }


def _watched(say: Say) -> list[tuple[Any, ...]]:
    return [] if say.brief else [*_windows(say), *_sizes(say)]


def _generative(say: Say) -> bool:
    return bool(say.spec.value("problem_type") == GENERATIVE)


def _retrieves(say: Say) -> bool:
    return bool(say.spec.value("model_adaptation") == "retrieval")


def _trains_on_labels(say: Say) -> bool:
    return bool(say.spec.value("main_model") != "isolation")


_ACTIONS = {
    "data": "look for broken data first, then the changed world; drift alone starts no retraining",
    "model": "compare with the previous version on the same inputs; switch back if they differ without a reason",
}
_ACTIONS_GENERATIVE = {
    "data": "read the new questions; write or index what is missing, and add cases of the topic to the golden set",
    "model": "return to the last configuration bundle; if the provider changed its model, switch to the second one",
    "concept": "sort wrong answers by the first step that failed (retrieval, passage, prompt, model) and mend that step",
}
_ACTIONS_UNRETRIEVED = {
    **_ACTIONS_GENERATIVE,
    "data": "read the new inputs; add cases of the kind to the golden set, and a rule or example to the prompt",
    "concept": "sort wrong outputs by the first step that failed (reading the input, prompt, model, check) and mend that step",
}


def _rows(say: Say) -> list[tuple[Any, ...]]:
    act = _acts(say)
    return [
        ("Data drift", _tool(say), _data_threshold(say), Md(act["data"])),
        ("Model drift", _tool(say), _model_threshold(say), Md(act["model"])),
        (
            "Concept drift",
            say.choice("concept-check"),
            _concept_threshold(say),
            Md(act["concept"]) if "concept" in act else say.value("quality_act"),
        ),
        (
            "Operational",
            say.choice("operational-monitoring"),
            _operational_threshold(say),
            Md("the runbook entry of the alert; fallback takes over by itself"),
        ),
    ]


def _acts(say: Say) -> dict[str, str]:
    acts = _ACTIONS_GENERATIVE if _retrieves(say) else _ACTIONS_UNRETRIEVED
    if not _generative(say):
        return _ACTIONS
    if say.spec.value("model_access") == "self-hosted":
        return {
            **acts,
            "model": "return to the last configuration bundle: prompt, settings and weights go back together",
        }
    return acts


def _tool(say: Say) -> Md:
    return say.choice("llm-observability") if _generative(say) else say.choice("drift-tool")


def _data_threshold(say: Say) -> Md:
    if _generative(say):
        if not _retrieves(say):
            return Md(
                "share of inputs of a kind that the golden set does not hold above 15 % of a week; length of inputs or share of unreadable ones outside half to double its reference"
            )
        return Md(
            "share of questions outside the topics of the golden set above 15 % of a week; average similarity of the best passage down by 10 %"
        )
    if say.spec.value("drift_statistic") == "embedding-classifier":
        place = (
            "; brightness and sharpness of each camera outside its own reference" if say.holds("own_cameras") else ""
        )
        return Md(f"held-out AUC above 0.6 on 1,000 reference and 1,000 current items, in two windows running{place}")
    if say.spec.value("drift_statistic") == "share-and-quantiles":
        return Md(
            "numbers: share of values above zero, or the 50, 90 or 99 % quantile of those, moved by more than 20 % of itself and 3 standard errors (a count by 1 or more); categories and flags: PSI over the ten commonest values and the rest above 0.1; each in two windows running"
        )
    limit = (
        f"PSI above {say.value('psi_threshold', '0.1')}"
        if say.known("psi_threshold")
        else "PSI above 0.1 (convention; to be set on the first reference window)"
    )
    keys = "; share of unseen keys above twice its reference" if say.holds("keys_used") else ""
    return Md(f"{limit} for a feature in two windows running; missing values above twice their reference share{keys}")


def _model_threshold(say: Say) -> Md:
    if _generative(say):
        return Md(
            f"nightly golden set: {say.value('golden_fall')}, in two runs; share of “I do not know” outside half to double its reference"
        )
    performance = (
        f"{say.choice('deciding-metric')} worse than {say.value('success_threshold')}"
        if say.known("success_threshold") and not say.known("other_metric_measured")
        else f"{say.choice('deciding-metric')} worse than its threshold"
    )
    age = f" on cohorts older than {say.value('label_age')}" if say.known("label_age") else " on labelled cohorts"
    if say.holds("labels_from_lists"):
        performance = f"{say.choice('deciding-metric')} on the randomised share, below its own first four weeks by more than its interval,"
    if say.holds("cohorts_counted"):
        performance, age = f"the count of right ones under Concept drift,{age}", ""
    elif say.spec.value("concept_check") == "control-group":
        age = f" in the untouched group{age}"
    if say.spec.value("concept_check") == "stratified-audit":
        performance, age = (
            f"share of planted known cases that are found, upper 95 % limit below {_planted_limit(say)}",
            "",
        )
    return Md(
        f"prediction distribution: PSI of the predictions above 0.1, or {say.value('shift_monitor')}; performance: {performance}{age}"
    )


def _frozen(say: Say) -> str:
    """What waits for the end of a freeze: where a refresh is let through by gates, only what is new."""
    two_paths = say.spec.value("promotion") == "two-paths"
    return "new recipe (refreshes by gates go on)" if two_paths else "release"


def _planted_limit(say: Say) -> Md:
    if say.spec.value("deciding_metric") == "recall":
        return say.value("success_threshold", "the threshold")
    return Md("its value at release")


def _concept_threshold(say: Say) -> Md:
    match say.spec.value("concept_check"):
        case "control-group":
            early = (
                "the first event that leads to the label up by 10 % for two weeks is a warning; "
                if say.holds("labels_slow") and say.spec.value("action_effect") == "prevents"
                else ""
            )
            return Md(f"{early}{_in_group(say)}, or deciding metric falling in four running (trend rule)")
        case "residual-by-horizon":
            return Md(
                "skill against seasonal naive below 0 in two weeks running, or falling in four running (trend rule)"
            )
        case "stratified-audit":
            return Md(
                "misses among planted cases or in later measurements above the 95 % Poisson limit of the last 90 days, or rising in four weeks running (trend rule)"
            )
        case "audited-sample" if say.verdict("concept-check").because[0].row == "reviews-hold-enough":
            return Md(
                f"share of positives missed in the random share of the reviews ({_random_share(say)} a week), above its 95 % limit of the last 90 days, or rising in four weeks running (trend rule)"
            )
        case "audited-sample":
            return Md(
                f"wrong ones in the weekly sample of {say.value('audit_sample')} above {say.value('audit_limit')} (95 % limit at {_tolerated(say)} wrong, computed), or rising in four weeks running (trend rule)"
            )
        case "proxy-and-matured":
            return Md(
                f"proxy down by 10 % for two weeks is a warning; {_mature(say, 'the metric')}, or falling in four running (trend rule), decides"
            )
        case _:
            return Md(f"{_mature(say, 'deciding metric')}, or falling in four running (trend rule)")


def _random_share(say: Say) -> str:
    return f"{7 * 0.05 * say.spec.value('reviews_per_day'):,.0f}"


def _mature(say: Say, metric: str) -> Md:
    """When a metric on mature cohorts has fallen; lists of a new ranker are compared with its own first ones only."""
    if say.holds("labels_from_lists"):
        return Md(f"{metric} on the randomised share of two mature cohorts below its own first four weeks")
    if say.known("cohort_limit"):
        return say.value("cohort_fall")
    return Md(f"{metric} on two mature cohorts below the threshold by more than its 95 % interval")


def _in_group(say: Say) -> Md:
    """The rule of the untouched group: a count where the metric is a share, else its interval."""
    if say.known("cohort_limit"):
        return say.value("cohort_fall")
    return Md(
        "deciding metric in the untouched group below the threshold by more than its 95 % interval in two mature cohorts"
    )


def _tolerated(say: Say) -> Md:
    return say.value("highest_wrong_share", "5 %")


def _operational_threshold(say: Say) -> Md:
    parts = []
    if say.holds("any_online"):
        if say.known("slow_alarm"):
            parts.append(
                f"{say.value('slow_alarm')} of the last 100 requests slower than {say.value('latency_p99')}: alert only, {say.value('slow_by_chance')} times a month by chance (computed)"
            )
        parts.append(f"{say.value('down_when')}; throughput outside half to double of its usual hour")
        if say.known("fallback_often"):
            parts.append(str(say.value("fallback_often")))
    if say.holds("on_device"):
        if say.known("upload_interval"):
            parts.append(f"device {say.value('silent_when')}; {say.value('over_limit_when')}")
        else:
            parts.append("device silent for two of its report periods; latency or temperature above the limit")
    if "batch" in (say.spec.value("mode_ids") or ()):
        parts.append("run late, or fewer than 99 % of the expected rows")
    gpu = "nothing here runs on a GPU, so no GPU utilization"
    if _computes_on_gpu(say):
        gpu = (
            "GPU utilization above 90 % for 10 minutes"
            if say.holds("any_online")
            else "GPU utilization of a device above 70 % in any minute"
        )
    return Md("; ".join([*parts, gpu]))


def _computes_on_gpu(say: Say) -> bool:
    network = say.spec.value("main_model") in ("network", "pretrained-network")
    return say.holds("has_gpu") and (network or say.spec.value("model_access") == "self-hosted")


def _windows(say: Say) -> list[tuple[Any, ...]]:
    if _generative(say):
        asked = "questions" if _retrieves(say) else "inputs"
        return [
            (
                "Reference",
                Md(f"the golden set and the {asked} of the first four weeks, renewed with each release"),
                Md(f"{asked} change with the product"),
            )
        ]
    season = (
        "same weeks of last year as well"
        if "year" in (say.spec.value("seasonality") or ())
        else "the same hours of the week"
        if say.holds("any_online") and {"day", "week"} & set(say.spec.value("seasonality") or ())
        else "whole weeks, so that weekdays agree"
    )
    if say.spec.value("drift_statistic") == "embedding-classifier":
        return [
            ("Statistic", say.choice("drift-statistic"), say.because("drift-statistic")),
            (
                "Reference window",
                Md("1,000 items of the first four weeks after release"),
                Md("spread over languages, channels and days")
                if say.spec.value("problem_type") == "nlp"
                else Md("spread over devices, sites and days"),
            ),
        ]
    rows: list[tuple[Any, ...]] = [
        ("Statistic", say.choice("drift-statistic"), say.because("drift-statistic")),
        (
            "Reference window",
            Md("the scoring inputs of the first four weeks after release; until then the last training period"),
            Md(season),
        ),
        (
            "Current window",
            say.value("drift_window") if say.known("drift_window") else _runs(say),
            Md(
                f"holds at least {say.value('rows_for_psi')} rows, below which chance alone passes 0.1 in one window of 20 against as many (computed)"
            )
            if say.spec.value("drift_statistic") == "psi"
            else Md("the same length as each slice of the reference that it is compared with"),
        ),
    ]
    if say.known("alarm_level") and say.spec.value("drift_statistic") == "psi" and (say.full or _chance_binds(say)):
        rows.append(
            (
                "False alarms",
                Md(f"{say.marked('false_alarms_per_month')} a month"),
                Md(_by_chance(say)),
            )
        )
    rows += _enough(say)
    # Without a longer horizon it stands with the labels already.
    if say.known("earliest_metric") and (say.full or say.known("last_step_age")):
        rows.append(
            (
                "First trustworthy quality",
                say.value("earliest_metric"),
                Md(f"after the first week of predictions, when 95 of 100 labels are known{_last_step(say)} (computed)"),
            )
        )
    return rows


def _chance_binds(say: Say) -> bool:
    """Whether the tolerated false alarms decide the limit, and not the size of a shift."""
    return not say.known("psi_by_chance") or bool(say.spec.value("psi_threshold") > 0.1)


def _by_chance(say: Say) -> str:
    """What decides: the size of a shift, or, in small windows, the false alarms that are tolerated."""
    from mlworkflow.quantity import say_number
    from mlworkflow.wording import shortened

    tests = f"{say.value('monitored_feature_count')} features in {say.value('drift_windows_per_month')} windows a month"
    if not say.known("psi_by_chance"):
        return f"over {tests}, so each test may err at {say.spec.value('alarm_level'):.2g} (computed)"
    chance = f"over {tests} chance alone then reaches a PSI of {say_number(shortened('number', say.spec.value('psi_by_chance'), 1))}"
    if say.spec.value("psi_threshold") > 0.1:
        return f"{chance}, which is the limit (computed)"
    return f"{chance}, so 0.1 limits size, not chance (computed)"


def _last_step(say: Say) -> str:
    return f"; the whole horizon is judged after {say.value('last_step_age')}" if say.known("last_step_age") else ""


def _runs(say: Say) -> Md:
    """The window in runs, where nobody said how far they lie apart."""
    runs = -(-say.spec.value("rows_for_psi") // say.spec.value("rows_per_run"))
    return Md("one run" if runs <= 1 else f"{runs:.0f} runs")


Bullet = tuple[str, Md, Md]


def _sizes(say: Say) -> list[Bullet]:
    """What the monitors can see and when, what the error budget means in requests, and what a retraining is worth."""
    found = (_visible(say), _late(say), _budget(say), _by_cost(say))
    return [one for one in found if one is not None]


def _visible(say: Say) -> Bullet | None:
    """The smallest change that the monitors of inputs see, with the time until its alarm."""
    seen, why = _seen(say)
    if not seen:
        return None
    delay = f", after {say.value('drift_delay')}" if say.known("drift_delay") and not _generative(say) else ""
    return ("Smallest change that is seen", Md(f"{seen}{delay}"), Md(f"{why} (computed)"))


def _seen(say: Say) -> tuple[str, str]:
    if _generative(say):
        return _seen_by_golden_set(say)
    both = "in 8 of 10 cases by two windows running"
    rows = f"{say.value('drift_rows')} rows against {say.value('reference_rows')}"
    scores = f", the mean prediction by {_sd(say, 'visible_score_shift')}" if say.known("visible_score_shift") else ""
    if say.known("visible_shift"):
        limit, moved = say.value("psi_threshold"), f"moved by {_sd(say, 'visible_shift')} at PSI"
        if say.spec.value("psi_threshold") <= 0.1:
            return f"the mean of a feature or of the predictions {moved} {limit}", f"{both} of {rows}"
        return f"a feature's mean {moved} {limit}{scores} at 0.1", f"{both} of {rows}"
    if say.known("visible_item_shift"):
        seen = f"embeddings moved by {_sd(say, 'visible_item_shift')} along one direction"
        return f"{seen}{scores}", f"{both} of 1,000 items{f', or of {rows}' if scores else ''}"
    if say.known("visible_share"):
        seen = f"a share of 1 % above zero moved by {say.spec.value('visible_share'):.2g} % of itself"
        return f"{seen}{scores}", f"{both} of {rows}"
    return "", ""


def _sd(say: Say, figure: str) -> str:
    return f"{say.spec.value(figure):.2g} sd"


def _seen_by_golden_set(say: Say) -> tuple[str, str]:
    seen, why = [], []
    if say.known("visible_golden_fall"):
        seen.append(f"a fall by {say.spec.value('visible_golden_fall'):.2g} points of the golden set, after two nights")
        why.append(f"{say.value('golden_set')} cases")
    if say.known("visible_wrong_share"):
        seen.append(f"{say.value('visible_wrong_share')} wrong outputs, after a week's sample")
        why.append(f"{say.value('audit_sample')} read")
    return "; ".join(seen), f"in 8 of 10 cases, with {' and '.join(why)}"


def _late(say: Say) -> Bullet | None:
    """How long a loss of quality stays unseen."""
    if say.known("visible_wrong_share") and not _generative(say):
        why = f"from {say.value('visible_wrong_share')} wrong on, in 8 of 10 samples of {say.value('audit_sample')}"
        return ("Loss of quality until its alarm", Md("7 days"), Md(f"{why} (computed)"))
    if say.known("cohort_wait"):
        unit = f"{say.spec.value('cohort_unit')}s"
        why = f"for a fall from {say.value('success_threshold')} to {say.value('baseline_value')}; while {say.value('success_threshold')} is met, {say.value('cohort_false_alarm')} of pairs of cohorts alarm by chance (computed)"
        waited = f"{say.spec.value('cohort_wait'):.2g} {unit} on average, and {say.value('label_age')} until labels are mature"
        return ("Loss of quality until its alarm", Md(waited), Md(why))
    if not say.known("quality_delay"):
        return None
    why = f"two weekly cohorts running, whose labels are mature after {say.value('label_age')} (computed)"
    return ("Loss of quality until its alarm", say.value("quality_delay"), Md(why))


def _budget(say: Say) -> Bullet | None:
    """The alerts on the pace at which the error budget is used up, in requests at the mean load."""
    if not say.spec.value("ticket_burn_failures"):
        return None
    alerts, paces, few = [], [], []
    for pace, times, long, short, minutes, hours in _PAGES:
        rate, at_once = say.spec.value(f"{pace}_rate"), say.spec.value(f"{pace}_failures_short")
        if rate is None:
            few.append(f"{times} times the pace would be above 100 %")
        elif at_once < 1:
            held = say.spec.value("mean_load") * minutes * 60
            few.append(
                f"{minutes} minutes hold {held:,.{0 if held >= 10 else 1}f} requests, too few for a page at {say.value(f'{pace}_rate')}"
            )
        else:
            paces.append(times)
            alerts.append(
                f"page when {say.value(f'{pace}_rate')} of the last {long} requests fail "
                f"({_failures(say, f'{pace}_failures')} of {_requests(say, hours)}) and still in the last {short}"
            )
    if say.spec.value("ticket_burn_failures") >= 1:
        paces.append("1")
        alerts.append(
            f"ticket when {say.value('ticket_burn_rate')} of the last 3 days' requests fail "
            f"({_failures(say, 'ticket_burn_failures')} of {_requests(say, 72)})"
        )
    pace = f"{joined(paces)} times the pace that uses it up in 30 days, " if paces else ""
    stands = f"; {few[0]}, so the rule “{say.value('down_when')}” decides" if few else ""
    return (
        f"Error budget of {say.value('error_budget_share')}",
        Md("; ".join(alerts) or "no alert on its pace"),
        Md(f"{pace}at the mean load of {say.value('mean_load')} (computed){stands}"),
    )


_PAGES = (
    ("fast_burn", "14.4", "hour's", "5 minutes", 5, 1),
    ("slow_burn", "6", "6 hours'", "30 minutes", 30, 6),
)


def _requests(say: Say, hours: float) -> str:
    return f"{say.spec.value('mean_load') * hours * 3600:,.0f}"


def _failures(say: Say, figure: str) -> str:
    from mlworkflow.numbers.validity import up

    return f"{up(say.spec.value(figure)):,}"


def _by_cost(say: Say) -> Bullet | None:
    """How often a retraining pays, where its cost and the decay are known."""
    if _generative(say):
        return None
    if say.spec.value("metric_decay") == 0:
        return ("Retraining by cost", Md("on evidence alone"), Md("the metric was measured and does not decay"))
    if not say.known("best_interval"):
        return None
    decay = f"{say.value('metric_decay')} points a month at {say.value('metric_value')} each"
    best = say.spec.value("best_interval")
    if best > _YEAR:
        lost = f"{say.spec.value('decay_in_a_year'):,.4g} {say.spec.value('metric_value').currency}".strip()
        why = f"one costs {say.value('retrain_cost')}, and a year without any loses {lost}: {decay} (computed)"
        return ("Retraining by cost", Md("never on a calendar"), Md(why))
    chosen = ""
    if say.known("cadence_penalty"):
        chosen = f"; {say.choice('retraining-cadence')} costs {say.spec.value('cadence_penalty'):.3g} times the least"
    late = ""
    if say.known("newest_labels") and best < say.spec.value("newest_labels"):
        late = f"; the newest labels are {say.value('newest_labels')} old, so each sees little that is new"
    why = f"√(2 × {say.value('retrain_cost')} / growth of the daily loss), {decay} (computed){late}"
    return ("Retraining by cost", Md(f"every {_days(best)}{chosen}"), Md(why))


_YEAR = 365 * 86400.0


def _days(seconds: float) -> str:
    days = seconds / 86400
    return f"{days:.0f} days" if days >= 2 else f"{days * 24:.0f} hours"


def _policy(say: Say) -> Md:
    policy, cadence = say.choice("retraining-policy"), say.choice("retraining-cadence")
    if _generative(say) and say.spec.value("model_adaptation") == "light-tuning":
        return Md(f"{policy}, {cadence}: {say.because('retraining-policy')}; the prompt is tried first, each time")
    if _generative(say) and not _retrieves(say):
        return Md(
            f"{policy}, {cadence}: nothing is trained; prompt, checks and model id change when the golden set, the weekly sample or a retired model asks for it"
        )
    if _generative(say):
        return Md(
            f"{policy}, {cadence}: nothing is trained; prompts, index and model id change when the golden set, the weekly audit or a retired model asks for it"
        )
    scheduled = say.spec.value("retraining_policy") == "scheduled"
    why = str(say.because("retraining-cadence" if scheduled else "retraining-policy"))
    newest = str(say.value("newest_labels"))
    floors = say.known("newest_labels") and _trains_on_labels(say) and newest not in why
    floor = f"; the newest labels that it may read are {newest} old" if floors else ""
    return Md(f"{policy}, {cadence}: {why}{floor}")


_COHORT = 200


def _enough(say: Say) -> list[tuple[Any, ...]]:
    """How many labels a cohort needs where a week brings fewer."""
    weekly = say.spec.value("labels_per_week")
    if weekly is None or weekly >= _COHORT:
        return []
    return [("Smallest mature cohort", Md(f"{_COHORT} labels"), Md(f"a week brings {say.value('labels_per_week')}"))]


def _rules(say: Say) -> list[Md]:
    if _generative(say):
        rules = [
            Md(
                f"Automation: the golden set runs by itself each night and on each change; promotion follows “{say.choice('promotion')}”."
            )
        ]
        if say.spec.value("model_access") != "self-hosted":
            rules.append(
                Md(
                    "A new model version of the provider is a release like any other: golden set, a small share, then all."
                )
            )
        return rules
    if say.spec.value("retraining_policy") == "continuous":
        return [
            Md(
                "Steps: a step that fails its gates is dropped and the last good weights serve on; three dropped in a row stop learning and call a person."
            ),
            Md(
                f"A fixed model from last week scores along, to show what the steps gain; promotion follows “{say.choice('promotion')}”."
            ),
        ]
    return [
        Md(
            f"{'Earlier start' if say.spec.value('retraining_policy') == 'scheduled' else 'Trigger'}: the alert “Quality on mature labels below its limit”. Input drift opens an investigation, never a training; data is checked first."
        ),
        Md(
            f"Automation: training, tests and comparison run by themselves; promotion follows “{say.choice('promotion')}”."
        ),
        Md(
            "A retrained model replaces the old one only if it wins, by more than the paired noise, on the newest mature period that neither was trained on; a tie keeps the old one."
        ),
        Md("Labels used for training carry their as-of date, and only mature ones are read.")
        if _trains_on_labels(say)
        else Md("A new reference period holds no known incident and no week that was explained by a fault."),
    ]
