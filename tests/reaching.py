"""Finds answers under which a piece of knowledge comes true: by sampling, then by wishing what its condition says."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from mlworkflow.condition import Tree
from mlworkflow.decision import Decision, Verdict
from mlworkflow.errors import InputRefused
from mlworkflow.facts import FACTS
from mlworkflow.figures import FIGURES
from mlworkflow.quantity import KINDS
from mlworkflow.question import Answers
from mlworkflow.world import World
from tests.helpers import knowledge, spec
from tests.sampling import drawn, mended, sampled

SAMPLES = 600
WAITS = {"batch": "nobody", "real-time": "person", "streaming": "events", "edge": "device", "queue": "later"}
RICH = {
    "kubernetes": "run-for-us",
    "team_size": 30,
    "gpu": "dedicated",
    "budget": "50k EUR/month",
    "air_gap": False,
    "residency": "anywhere",
    "offered_to_others": False,
    "skills": ["sql", "python", "kubernetes", "jvm", "streaming", "mobile", "deep-learning"],
}
Key = tuple[str, str]


@dataclass
class Seen:
    """What came true in some sampled design."""

    decided: set[Key] = field(default_factory=set)
    won: set[Key] = field(default_factory=set)
    clauses: set[str] = field(default_factory=set)
    ties: set[tuple[str, str, str]] = field(default_factory=set)
    unsaid: set[Key] = field(default_factory=set)

    def look_at(self, world: World, verdict: Verdict) -> None:
        """Remember which rows decided, which option won, and whether only the alphabet settled it."""
        id, chosen = verdict.decision.id, verdict.chosen
        for because in (*verdict.because, *(one for lost in verdict.lost for one in lost.because)):
            self.decided.add((id, because.row))
            if "not known" in because.says.values.values():
                self.unsaid.add((id, because.row))
        if chosen is None:
            return
        self.won.add((id, chosen))
        used = world.read("tools_in_use") or ()
        if verdict.decision.candidates:
            upkeep = knowledge().tool(chosen).upkeep
            for lost in verdict.lost:
                last = [because.row for because in lost.because] == ["simplest"]
                both = lost.option in used and chosen in used
                if last and not both and knowledge().tool(lost.option).upkeep == upkeep:
                    self.ties.add((id, chosen, lost.option))


@cache
def seen() -> Seen:
    """Return what came true in the sampled designs."""
    found = Seen()
    for seed in range(SAMPLES):
        design = spec(sampled(seed))
        found.clauses |= {one.clause.id for one in design.clauses}
        for verdict in design.verdicts:
            found.look_at(design.world, verdict)
    return found


def tries(number: int, *trees: Tree | None, **fixed: Any) -> Iterator[Answers]:
    """Yield answers that are drawn at random, but as the conditions wish."""
    for seed in range(number):
        dice = random.Random(seed)
        wishes: dict[str, Any] = {}
        for tree in trees:
            if tree is not None:
                _wish(tree, True, dice, wishes, 3)
        wishes |= fixed
        if "features" in wishes and "sources" not in wishes:
            wishes["sources"] = [
                {"name": name, "kind": "warehouse", "mutability": "append-only"} for name in ("orders", "crm", "events")
            ]
        try:
            yield mended(drawn(seed, **wishes), wishes)[1]
        except InputRefused:
            continue


def reached(decision: Decision, goal: Callable[[World, Verdict], bool], answers: Iterator[Answers]) -> bool:
    """Whether some verdict of the decision comes to what is wanted."""
    for one in answers:
        world = World(knowledge(), one)
        if any(goal(world, verdict) for verdict in world.verdicts(decision).values()):
            return True
    return False


# ------------------------------------------------------------------ wishing


def _wish(tree: Tree, positive: bool, dice: random.Random, wishes: dict[str, Any], depth: int) -> None:
    match tree[0]:
        case "not":
            _wish(tree[1], not positive, dice, wishes, depth)
        case "and" | "or":
            every = (tree[0] == "and") is positive
            for part in tree[1:] if every else [dice.choice(tree[1:])]:
                _wish(part, positive, dice, wishes, depth)
        case "name":
            _flag(tree, positive, dice, wishes, depth)
        case "cmp":
            _comparison(tree, positive, dice, wishes, depth)


def _flag(tree: Tree, positive: bool, dice: random.Random, wishes: dict[str, Any], depth: int) -> None:
    if len(tree) == 3:
        _of_subject(tree[1], tree[2], positive, wishes)
    elif tree[1] in knowledge().question:
        wishes.setdefault(tree[1], positive)
    elif tree[1] in HINTS and positive:
        for id, value in HINTS[tree[1]].items():
            wishes.setdefault(id, value)


PAYS: Mapping[str, Any] = {
    "problem_type": "classification", "prediction_unit": "one payment", "serving": ["real-time"], "prevalence": "2%",
    "population": 100_000, "action_capacity": 900,
    "baseline_recall": "10%", "baseline_false_alarm_rate": "1%",
    "success_threshold": 0.6, "evaluation_metric": "precision-at-k", "cost_missed": "180 EUR",
    "cost_false_alarm": "12 EUR",
}  # fmt: skip
# How a figure is brought beyond a limit that no question holds.
FIGURED: Mapping[str, Mapping[str, Any]] = {
    "bearable_missing": {
        "problem_type": "computer-vision", "serving": ["real-time"], "mean_load": "10/s", "reviews_per_day": 20,
        "fail_direction": "restrictive",
        "sources": [{"name": "images", "kind": "images", "completeness": "95%"}],
        "features": [{"name": "image", "source": "images", "type": "image", "available": "at-request"}],
    },
    "false_alarms_within_capacity": {
        "problem_type": "classification", "evaluation_metric": "recall", "success_threshold": 0.8,
        "prevalence": "1%", "population": 100_000, "action_capacity": 5000,
    },
    "serial_recall": {
        "problem_type": "computer-vision", "evaluation_metric": "recall", "baseline_kind": "people",
        "baseline_recall": "90%", "success_threshold": 0.95,
    },
    "prevalence_before_acting": {
        "problem_type": "classification", "action_effect": "prevents", "prevalence": "2%", "baseline_recall": "50%",
        "label_source": "events",
    },
    "forecast_quantile": {
        "problem_type": "forecasting", "evaluation_metric": "wape",
        "cost_missed": "180 EUR", "cost_false_alarm": "12 EUR",
    },
    "noise_floor": {
        "problem_type": "forecasting", "evaluation_metric": "wape", "zero_share": "30%", "success_threshold": 0.1,
        "cost_missed": "not sure", "cost_false_alarm": "not sure",
    },
    "periods_in_total": {
        **PAYS, "action_effect": "changes", "action_capacity": 20, "success_threshold": 0.3, "serving": ["batch"],
    },
}  # fmt: skip
RUN = {"serving": ["batch"], "rows_per_run": 100_000, "service_time": "36ms"}

# How a fact is made true that no condition spells out.
PICKS = {
    "problem_type": "classification",
    "evaluation_metric": "precision-at-k",
    "label_source": "events",
    "label_scope": "all",
    "label_delay": "60 days",
    "action_effect": "changes",
    "population": 80_000,
    "action_capacity": 1500,
    "prevalence": "3.5%",
    "top_k": 1500,
    "baseline_value": 0.11,
    "success_threshold": 0.18,
    "cost_missed": "180 EUR",
    "cost_false_alarm": "12 EUR",
    "primary_metric_kind": "rate",
    "primary_baseline": 0.82,
    "minimum_effect": "7 points",
    "eligible_per_day": 50,
    "false_alarms_per_month": 2,
    "max_weeks": 10,
    "baseline_recall": "5.9%",
    "baseline_false_alarm_rate": "1.73%",
    "budget": "3000 EUR/month",
}
HINTS: Mapping[str, Mapping[str, Any]] = {
    "effect_loses_money": {
        "problem_type": "classification", "action_effect": "changes", "population": 80_000, "action_capacity": 1500,
        "cost_missed": "180 EUR", "cost_false_alarm": "12 EUR", "primary_metric_kind": "rate",
        "primary_baseline": 0.12, "minimum_effect": "2 points",
    },
    "cold_start": {"problem_type": "recommendation", "row_count": 6000, "labelled_count": 6000},
    "group_is_event": {"group_key": "search_id", "temporal": True},
    "several_seasons": {"problem_type": "forecasting", "seasonality": ["day", "week"], "forecast_step": "1 hour"},
    "forecast_moves_nothing": {"problem_type": "forecasting", "action_effect": "none"},
    "learns_without_labels": {"problem_type": "anomaly-detection", "label_source": "none"},
    "budget_fixes_share": {
        "problem_type": "anomaly-detection", "evaluation_metric": "precision-at-budget", "reviews_per_day": 40,
    },
    "imbalanced": {"prevalence": "2%"},
    "rare_positives": {"prevalence": "2%", "problem_type": "classification"},
    "costs_known": {"cost_missed": "180 EUR", "cost_false_alarm": "12 EUR"},
    "capacity_limits": {"action_capacity": 100, "population": 100_000},
    "unstructured": {"problem_type": "computer-vision"},
    "labels_slow": {"label_delay": "60 days"},
    "dangerous": {"safety": True},
    "few_misses_untested": {
        "problem_type": "classification", "evaluation_metric": "recall", "success_threshold": 0.99,
        "prevalence": "2%", "labelled_count": 5000, "label_scope": "all", "target": "fault",
        "business_metric": "faults repaired", "label_definition": "an event",
    },
    "no_miss_promised": {"business_metric": "no fault missed"},
    "fleet_outgrows_people": {
        "problem_type": "computer-vision", "who_waits": "device", "devices": 10, "devices_planned": 1000,
        "mean_load": "20/min", "prevalence": "2%", "baseline_recall": "80%", "baseline_false_alarm_rate": "1%",
        "reviews_per_day": 5000,
    },
    "labels_hide": {
        "problem_type": "classification", "action_effect": "prevents", "label_scope": "not-acted",
        "label_source": "events", "evaluation_metric": "precision-at-k", "top_k": 900, "action_capacity": 900,
        "population": 1_040_000, "prevalence": "0.07%", "baseline_recall": "41%", "baseline_false_alarm_rate": "0.058%",
        "success_threshold": 0.45,
    },
    "predicts_a_life": {"problem_type": "regression", "target": "remaining useful life of a bearing"},
    "judges_pairs": {"problem_type": "classification", "prediction_unit": "a pair of records"},
    "labels_mislead": {
        "problem_type": "classification", "promised_precision": "90%", "prevalence": "1%",
        "labelled_count": 10_000, "positive_count": 3000,
    },
    "protected_any": {
        "affects_people": True, "features": [{"name": "age_years", "source": "orders", "available": "before"}],
    },
    "late_features_any": {
        "sources": [{"name": "orders", "mutability": "overwritten"}],
        "features": [{"name": "status", "source": "orders", "available": "before"}],
    },
    "unkept_any": {
        "sources": [{"name": "orders", "kind": "api", "mutability": "overwritten"}],
        "features": [{"name": "status", "source": "orders", "available": "at-request"}],
    },
    "sources_too_short": {
        "history": "3 years",
        "sources": [{"name": "orders", "history": "1 year", "mutability": "append-only"}],
        "features": [{"name": "amount", "source": "orders", "available": "before"}],
    },
    "baseline_in_other_metric": {
        "problem_type": "regression", "evaluation_metric": "mae", "baseline_kind": "people",
        "baseline_value": 5, "baseline_measured": "RMSE of 2025",
    },
    "labels_missing": {"label_source": "none"},
    "too_slow_for_ab": {
        "primary_metric_kind": "rate", "primary_baseline": 0.1, "minimum_effect": "0.1 points", "eligible_per_day": 10,
    },
    "traffic_known": {"eligible_per_day": 5000},
    "databricks_in_use": {"already_used": ["databricks-jobs"]},
    "snowflake_in_use": {"already_used": ["snowflake-ml"]},
    "no_budget": {"budget": "0 EUR"},
    "enough_positives": {"labelled_count": 900_000, "prevalence": "10%", "label_source": "events"},
    "paired_sized": {
        "problem_type": "computer-vision", "serving": ["edge"], "evaluation_metric": "recall", "safety": True,
        "baseline_recall": "50%", "success_threshold": 0.9, "baseline_kind": "people",
    },
    "grouped": {"group_key": "customer_id"},
    "windowed_features": {
        "features": [{"name": "orders_30d", "source": "orders", "window": "30 days", "available": "before"}],
    },
    "has_gpu": {"gpu": "dedicated"},
    "spans_meant": {"problem_type": "nlp", "target": "spans of names"},
    "small_team": {"team_size": 4},
    "alone": {"team_size": 1},
    "large_team": {"team_size": 40},
    "established": {"maturity": "platform"},
    "many_experiments": {"team_size": 40, "maturity": "platform", "interference": False, "eligible_per_day": 5000},
    "sql_is_all": {
        "problem_type": "classification", "complexity_to": "trees", "skills": ["sql"], "serving": ["batch"],
        "cloud": "gcp", "sources": [{"name": name, "kind": "warehouse"} for name in ("orders", "crm", "events")],
    },
    "prompted_only": {
        "problem_type": "nlp", "complexity_from": "foundation", "complexity_to": "foundation",
        "model_access": "any-api", "serving": ["batch"], "who_waits": "nobody", "rows_per_run": 400,
        "air_gap": False, "residency": "anywhere", "text_task": "classes",
    },
    "cohorts_counted": PICKS,
    "effect_beyond_success": {
        "problem_type": "classification", "evaluation_metric": "recall", "baseline_recall": "30%",
        "success_threshold": 0.35, "population": 80_000, "prevalence": "3.5%", "eligible_per_day": 80_000,
        "primary_metric_kind": "rate", "primary_baseline": 0.0245, "minimum_effect": "-1 point",
    },
    "season_testable": {
        "problem_type": "classification", "temporal": True, "seasonality": ["year"], "history": "36 months",
        "freeze_periods": ["the two weeks around Black Friday"], "date": "2026-11-20", "start_date": "not sure",
        "label_source": "events", "label_delay": "60 days", "horizon": "60 days", "trial_time": "4 min",
        "group_key": "not sure",
    },
    "season_untestable": {
        "problem_type": "classification", "temporal": True, "seasonality": ["year"], "history": "10 months",
        "freeze_periods": ["15 November to 6 January"], "date": "2027-01-11", "start_date": "not sure",
        "label_source": "events", "label_delay": "90 days", "horizon": "90 days", "trial_time": "4 min",
        "group_key": "not sure",
    },
    "rows_unlabelled": {
        "problem_type": "classification", "label_source": "events", "row_count": 600_000, "labelled_count": 480_000,
    },
    "win_said": PICKS,
    "shares_attention": {"interference": True, "shared": "attention"},
    "shares_supply": {"interference": True, "shared": "supply"},
    "labels_by_finders": {"label_source": "people", "baseline_kind": "people", "baseline_recall": "90%"},
    "capped": {"action_capacity": 100, "population": 100_000},
    "few_actions": {"action_capacity": 20, "population": 400},
    "target_vague": {"target": "engaged users", "label_definition": "not sure", "horizon": "not sure"},
    "target_censored": {"target": "occupied beds", "problem_type": "forecasting"},
    "value_differs": {"features": [{"name": "amount_eur", "source": "orders", "available": "at-request"}]},
    "several_objectives": {"target": "clicks and purchases", "problem_type": "ranking"},
    "proxy_labels": {"problem_type": "ranking", "label_source": "feedback", "business_metric": "revenue a month"},
    "exploration_priced": {
        "action_effect": "prevents", "cost_missed": "180 EUR", "cost_false_alarm": "12 EUR", "action_capacity": 900,
        "success_threshold": 0.6, "evaluation_metric": "precision-at-k",
        "problem_type": "classification", "population": 100_000,
    },
    "value_below_budget": {**PAYS, "budget": "900k EUR/month", "mean_load": "0.01/s"},
    "value_far_above_budget": {**PAYS, "budget": "20 EUR/month", "mean_load": "50/s"},
    "peak_far_above_mean": {"serving": ["real-time"], "mean_load": "1/s", "peak_load": "90/s"},
    "reviewers_overloaded": {
        "problem_type": "classification", "prediction_unit": "one payment", "mean_load": "10/s", "prevalence": "10%",
        "baseline_recall": "50%", "baseline_false_alarm_rate": "10%", "reviews_per_day": 30, "serving": ["real-time"],
    },
    "reads_warehouse": {"sources": [{"name": "orders", "kind": "warehouse"}, {"name": "crm"}, {"name": "events"}]},
}  # fmt: skip
EQUALS: Mapping[tuple[str, Any], Mapping[str, Any]] = {
    ("prevalence_reading", "of-labelled"): {
        "problem_type": "classification", "action_effect": "prevents", "label_source": "events",
        "label_scope": "not-acted", "prevalence": "5%", "baseline_recall": "50%", "labelled_count": 100_000,
        "positive_count": 5000,
    },
    ("budget_fit", "over"): {
        "cloud": "aws", "budget": "200 USD/month", "who_waits": "person", "mean_load": "12/s", "peak_load": "60/s",
        "service_time": "9ms", "latency_p99": "100ms", "worker_cpus": 2, "worker_memory": "4GB", "prices": [],
    },
}  # fmt: skip
MANY = [{"name": f"amount_{number}", "source": "orders", "available": "before"} for number in range(14)]


def _comparison(tree: Tree, positive: bool, dice: random.Random, wishes: dict[str, Any], depth: int) -> None:
    _, symbol, left, right = tree
    if symbol in ("not in", "!="):
        symbol, positive = {"not in": "in", "!=": "=="}[symbol], not positive
    if left[0] == "const":
        if right[0] == "name" and len(right) == 2 and right[1] in knowledge().question and positive:
            wishes[right[1]] = [*wishes.get(right[1], []), left[1]]
        elif right[1] == "tools_in_use" and positive:
            wishes["already_used"] = [*wishes.get("already_used", []), left[1]]
        elif right[1] == "metric_kinds" and positive:
            words = {"absence": "complaints", "attention": "clicks", "found": "cases missed", "speed": "handling time"}
            wishes |= {"business_metric": words[left[1]], "satisfaction_metric": "not sure"}
        elif right[1] == "mode_ids" and positive:
            wishes.setdefault("serving", [left[1]])
        elif right[1] == "source_kinds" and positive:
            wishes["sources"] = [{"name": name, "kind": left[1]} for name in ("orders", "crm", "events")]
        return
    if left[0] == right[0] == "name" and left[1] in FIGURED and positive:
        wishes |= FIGURED[left[1]]
    if right[0] != "const" or left[0] != "name":
        return
    values = right[1] if isinstance(right[1], list) else [right[1]]
    if symbol in ("==", "in"):
        if positive:
            _equal(left, dice.choice(values), dice, wishes, depth)
        elif len(left) == 2 and left[1] in knowledge().question:
            others = [one.id for one in knowledge().question[left[1]].choices if one.id not in values]
            if others:
                wishes.setdefault(left[1], dice.choice(others))
        return
    _number(left, symbol, values[0], positive, wishes)


def _equal(name: Tree, value: Any, dice: random.Random, wishes: dict[str, Any], depth: int) -> None:
    if name[1] == "mode":
        wishes.setdefault("serving", [value])
    elif len(name) == 3:
        _of_subject(name[1], name[2], value, wishes)
    elif name[1] in knowledge().question:
        wishes.setdefault(name[1], value)
    elif (name[1], value) in EQUALS:
        wishes |= EQUALS[name[1], value]
    elif name[1] == "complexity":
        wishes.setdefault("complexity_to", value)
    elif name[1] in knowledge().decision and depth:
        decision = knowledge().decision[name[1]]
        if decision.tree is not None:
            _wish(decision.tree, True, dice, wishes, depth - 1)
        rows = [row for row in decision.prefers if row.speaks_of(value) and row.tree is not None]
        if rows:
            _wish(dice.choice(rows).tree or [], True, dice, wishes, depth - 1)


def _number(name: Tree, symbol: str, limit: float, positive: bool, wishes: dict[str, Any]) -> None:
    above = (symbol in (">", ">=")) is positive
    wanted = limit * 2 if above else limit / 2
    if len(name) == 3:
        _of_subject(name[1], name[2], round(wanted), wishes)
    elif name[1] in ("used_feature_count", "feature_count"):
        wishes["features"] = MANY if above else MANY[:2]
        wishes.setdefault("feature_cap", 6 if above else 50)
    elif name[1] == "peak":
        wishes.setdefault("peak_load", f"{wanted}/s")
    elif name[1] == "rows":
        wishes.setdefault("row_count", round(wanted))
        wishes.setdefault("labelled_count", round(wanted))
    elif name[1] == "start_by":
        wishes |= {**RUN, "ready_by": "8 hours" if above else "61 min"}
    elif name[1] in FIGURED:
        wishes |= FIGURED[name[1]]
    elif name[1] == "latency_limit":
        wishes |= {"serving": ["real-time"], "latency_p99": f"{round(wanted * 1000)}ms", "wait": "60s"}
    elif name[1] == "rows_per_day":
        wishes |= {
            "serving": ["real-time"],
            "mean_load": f"{wanted / 86400:.3f}/s",
            "peak_load": f"{wanted / 20000:.3f}/s",
        }
    elif name[1] == "device_busy":
        busy = {"peak_load": "10/s", "mean_load": "10/s", "service_time": "85ms", "devices": 1}
        wishes |= {"serving": ["edge"], **(busy if above else {})}
    elif name[1] == "untouched_margin" and not above:
        wishes |= {
            "problem_type": "classification",
            "label_delay": "30 days",
            "safety": False,
            "success_threshold": 0.6,
        }
        wishes |= {"population": 100_000, "action_capacity": 900, "prevalence": "2%", "label_source": "events"}
        wishes |= {"serving": ["batch"], "label_scope": "all", "evaluation_metric": "precision-at-k"}
    elif name[1] in knowledge().question:
        question = knowledge().question[name[1]]
        wanted = max(wanted, question.low or 0.0)
        wishes.setdefault(name[1], KINDS[question.kind].write(round(wanted) if question.kind == "count" else wanted))


NAMED = {
    "lag_void": "sales_lag_1", "lag_inside": "sales_lag_7", "calendar": "is_holiday", "forecast": "rain_forecast",
    "planned": "planned_price", "past_outcome": "previous_refund", "of_a_model": "churn_score",
    "named_case": "customer_id",
    "named_key": "store_id",
}  # fmt: skip


def _of_subject(noun: str, attribute: str, value: Any, wishes: dict[str, Any]) -> None:
    if noun not in ("feature", "source"):
        return
    known = {one.id for one in knowledge().question["features" if noun == "feature" else "sources"].fields}
    source = {
        "source_mutability": "mutability",
        "arrival_lag": "arrival_lag",
        "source_accepted": "state",
        "personal": "personal",
        "source_kind": "kind",
    }
    if noun == "source" or attribute in source:
        field = source.get(attribute, attribute)
        state = {True: "accepted", False: "rejected"}.get(value, value) if field == "state" else value
        extra = {field: state} if noun == "feature" or attribute in known else {}
        wished = {one["name"]: one for one in wishes.get("sources", [])}
        wishes["sources"] = [{"name": name, **wished.get(name, {}), **extra} for name in ("orders", "crm", "events")]
        if noun == "source":
            return
    feature = {**(wishes.get("features") or [{"name": "orders_30d", "source": "orders"}])[0]}
    if attribute in known:
        feature[attribute] = value
    elif attribute == "at_request":
        feature["available"] = "at-request" if value else "before"
    elif attribute == "has_window" and value:
        feature["window"] = "30 days"
    elif attribute == "availability_said":
        feature["available"] = "before" if value else "not sure"
    elif attribute == "suspicious":
        feature["name"] = "refund_date" if value else "orders_30d"
    elif attribute == "said_to_come_later" and value:
        feature["description"] = "counted a week later"
    elif attribute == "source_licence":
        wishes["sources"] = [{"name": name, "licence": value} for name in ("orders", "crm", "events")]
    elif attribute == "is_place":
        feature["name"] = "camera_id" if value else "orders_30d"
    elif attribute == "is_protected" and value:
        feature["name"] = "age_years"
    elif attribute == "is_direct_identifier" and value:
        feature |= {"name": "first_name", "type": "text"}
    elif attribute == "of_the_step" and value:
        feature["description"] = "measured in the forecast step"
    elif attribute == "comes_back" and value:
        feature |= {"cardinality": 100, "type": "identifier"}
        wishes |= {"row_count": 50_000, "labelled_count": 50_000}
    elif attribute == "is_position" and value:
        feature["name"] = "position_on_page"
        wishes.setdefault("problem_type", "ranking")
    elif attribute == "beside_outcome" and value:
        wishes["features"] = [feature, {**feature, "name": "final_state", "available": "after-label"}]
        return
    elif attribute in NAMED and value:
        feature["name"] = NAMED[attribute]
        if attribute in ("lag_void", "lag_inside"):
            wishes |= {
                "horizon": "14 days",
                "forecast_step": "1 day",
                "label_delay": "2 days",
                "label_delay_p95": "not sure",
            }
    elif attribute == "type_said" and not value:
        feature.pop("type", None)
    elif attribute == "source_completeness":
        feature["available"] = "before"
        kept = {"completeness": "70%", "mutability": "append-only", "licence": "own"}
        wishes["sources"] = [{"name": name, **kept} for name in ("orders", "crm", "events")]
    elif attribute == "missing_said":
        feature |= {"missing_means": "none"} if value else {}
    elif attribute == "says_transformation":
        feature["transformation"] = "log" if value else "not sure"
    if feature.get("type") == "identifier" and not feature.get("transformation"):
        feature["transformation"] = "not sure"
    wishes["features"] = [feature]


def readable() -> set[str]:
    """Return every name that something reads: conditions, facts and figures."""
    computed = [*(one.reads for one in FACTS.values()), *(one.reads for one in FIGURES.values())]
    return {name for reads in computed for name in reads}
