"""Every public reference value that one of our formulas concerns is met within its tolerance."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from itertools import count
from math import ceil, sqrt
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mlworkflow.numbers import (
    cost,
    data,
    drift,
    economics,
    experiment,
    labels,
    llm,
    looks,
    normal,
    retraining,
    search,
    serving,
    slo,
)
from mlworkflow.numbers.validity import Infeasible, up

Inputs = dict[str, Any]
ROWS_SERVED = 174
EIGHT_DIGITS = 5e-8  # the values are printed with eight digits, and none can be met more closely than that

LEFT_OUT: list[tuple[Inputs, str]] = [
    (
        {"fn": "n_two_proportions_baseline_variance"},
        "gives 77.7 % power where 80 % is asked; the pooled formula is used",
    ),
    ({"fn": "n_two_proportions_arcsine"}, "a second formula for the same question; the pooled one is used"),
    ({"fn": "n_two_proportions_unpooled"}, "a second formula for the same question; the pooled one is used"),
    ({"fn": "n_two_proportions_fleiss_cc"}, "a second formula for the same question; the pooled one is used"),
    ({"fn": "exact_power_two_proportions"}, "enumeration; the normal power is compared with it elsewhere"),
    ({"fn": "msprt_log_lambda"}, "evaluates a running test, not a design"),
    ({"fn": "bayes_prob_b_better"}, "evaluates a finished test, not a design"),
    (
        {"fn": "psi_null_simulated", "n_ref": 100},
        "100 rows a sample: the chi-square formula is known to be 6-8 % low there",
    ),
    (
        {"fn": "psi_false_alarm_fixed_threshold_mc"},
        "100 rows a sample: the chi-square formula is known to be low there",
    ),
    ({"fn": "evidently_default_false_alarm"}, "measures a library's defaults, for the text"),
    ({"fn": "bh_rejections"}, "evaluates p-values of a running monitor"),
    ({"fn": "adwin_detection_delay"}, "measures a library; the cut it rests on is served"),
    ({"fn": "ddm_false_alarms_per_10k"}, "measures a library's defaults, for the text"),
    ({"fn": "cbpe_precision_recall_f1"}, "estimates from the scores of a running model"),
    ({"fn": "cbpe_auc_uniform_scores"}, "estimates from the scores of a running model"),
    (
        {"fn": "policy_p99", "service": "lognormal cv2=4"},
        "simulation; our side of the bracket errs high, tested elsewhere",
    ),
    ({"fn": "n_auc_margin_obuchowski"}, "a second formula for the same question; Pavlou's is used"),
    ({"fn": "clopper_pearson"}, "a second interval for the same question; Wilson's is used"),
    ({"fn": "seasonal_naive_scale"}, "needs the series, not a design number"),
    ({"fn": "gini_to_auc"}, "a constant of one tool, for the text"),
    ({"fn": "random_category_target_mean_auc"}, "a simulation of leaking encodings, for the text"),
    ({"fn": "mi_bias_nats"}, "needs the table under test, not a design number"),
]


class Row(NamedTuple):
    topic: str
    inputs: Inputs
    expected: Any
    tolerance: str


def _rows() -> list[Row]:
    path = Path(__file__).parent.parent / "data" / "reference-values.csv"
    with path.open(newline="") as file:
        return [
            Row(line["topic"], json.loads(line["inputs"]), json.loads(line["expected"]), line["tolerance"])
            for line in csv.DictReader(file)
        ]


def _left_out(row: Row) -> list[str]:
    return [reason for match, reason in LEFT_OUT if match.items() <= row.inputs.items()]


def _pooled(i: Inputs) -> float:
    return experiment.users_per_arm_for_rates(
        i["p1"], i["p2"] - i["p1"], i["alpha"], i["power"], i["ratio"], i["sides"]
    )


def _weeks(i: Inputs) -> int:
    per_arm = up(experiment.users_per_arm_for_rates(i["p1"], i["p1"] * i["mde_rel"]))
    return experiment.weeks_needed(per_arm * i["arms"], i["eligible_per_day"])


def _pocock_inflation(i: Inputs) -> float:
    constant = looks.pocock_constant(i["looks"], i["alpha"])
    return looks.inflation(looks.pocock_limits(constant, i["looks"]), i["alpha"], i["power"])


def _always_valid_ratio(i: Inputs) -> float:
    fixed = normal.critical_z(i["alpha"]) / sqrt(5000)
    return experiment.always_valid_half_width(5000, 5000, i["alpha"]) / fixed


def _matured(i: Inputs) -> float:
    if i["dist"] == "exponential":
        return labels.day_when_matured_exponential(i["fraction"], i["mean_days"])
    p95 = i["median_days"] * 2.718281828459045 ** (labels.Z95 * i["sigma"])
    return labels.day_when_matured(i["fraction"], i["median_days"], p95)


def _staffing(i: Inputs) -> Inputs:
    rate, mean = i["calls"] / i["interval_min"], i["aht_min"]
    load = serving.in_flight(rate, mean)
    for agents in count(int(load) + 1):
        level = serving.share_waiting_at_most(i["asa_s"] / 60, rate, mean, agents)
        if level >= i["service_level"]:
            break
    return {
        "agents": agents,
        "service_level": level,
        "p_wait": serving.erlang_c(agents, load),
        "occupancy": serving.utilisation(rate, mean, agents),
    }


def _replicas(i: Inputs) -> int | str:
    try:
        return serving.replicas_for_p99(i["rps"], i["mean_service_s"], i["p99_slo_s"])
    except Infeasible:
        return "infeasible"


def _policies(i: Inputs) -> Inputs:
    rate = i["servers"] * i["utilisation"]
    return {
        "central": serving.p99_sojourn(rate, 1, i["servers"]),
        "random": serving.p99_random_routing(rate, 1, i["servers"]),
    }


def _kv(i: Inputs) -> float:
    return llm.kv_bytes_per_token(
        i["layers"], i["kv_heads"], i["head_dim"], i["kv_bytes" if "kv_bytes" in i else "bytes"]
    )


def _gpus(i: Inputs) -> Inputs:
    weights = llm.weights_bytes(i["params"], i["weight_bytes"])
    raw = llm.gpus_needed(weights, _kv(i), i["tokens"], i["concurrency"], i["gpu_gb"] * 1e9, i["util"], i["overhead"])
    return {"raw": raw, "tensor_parallel": llm.tensor_parallel_size(raw, i["kv_heads"])}


def _fits(i: Inputs) -> int:
    weights = llm.weights_bytes(i["params"], i["weight_bytes"])
    return llm.concurrency(weights, _kv(i), i["tokens"], i["gpu_gb"] * 1e9, 1, i["util"], i["overhead"])


def _containers(i: Inputs) -> float:
    return cost.replicas_month(
        i["tasks"], cost.container_hour(i["vcpu"], i["gb"], 0.04048, 0.004445), i.get("hours", 730)
    )


def _psi_null(i: Inputs) -> list[float]:
    mean = drift.psi_mean_without_drift(i["bins"], i["n_ref"], i["n_cur"])
    return [mean, drift.psi_critical(i["bins"], i["n_ref"], i["n_cur"])]


def _auc_rows(i: Inputs) -> list[float]:
    return [data.rows_to_compare_auc(i["auc1"], i["auc2"], i["alpha_one_sided"], power) for power in i["power"]]


CHECKS: dict[str, Callable[[Inputs], Any]] = {
    "n_two_proportions_pooled": _pooled,
    "n_two_means_t": lambda i: experiment.users_per_arm_for_few(1, i["effect_size_d"], i["alpha"], i["power"]),
    "n_two_means_z": lambda i: experiment.users_per_arm_for_means(i["sd"], i["delta"], i["alpha"], i["power"]),
    "inflation_unequal_split": lambda i: experiment.split_inflation(1 / (1 + i["control_to_treatment_ratio"])),
    "z_crit_bonferroni": lambda i: experiment.several_variants_bonferroni_z(i["k"], i["alpha"]),
    "z_crit_dunnett_equal_n": lambda i: experiment.several_variants_z(i["k"], i["alpha"]),
    "inflation_bonferroni": lambda i: experiment.critical_inflation(
        experiment.several_variants_bonferroni_z(i["k"], i["alpha"]), i["alpha"], i["power"]
    ),
    "design_effect": lambda i: experiment.design_effect(i["cluster_size_mean"], i["icc"], i["cv_cluster_size"]),
    "cuped_variance_factor": lambda i: experiment.cuped(1, i["correlation"]),
    "cuped_ci_width_ratio_squared": lambda i: experiment.cuped(1, i["correlation"]),
    "srm_pvalue": lambda i: experiment.sample_ratio_p(i["observed"][1], i["observed"][0], i["expected_ratio"][0]),
    "type1_repeated_looks": lambda i: experiment.false_alarm_of_peeking(i["looks"], i["nominal_alpha"]),
    "pocock_inflation": _pocock_inflation,
    "pocock_constant": lambda i: looks.pocock_constant(i["looks"], i["alpha"]),
    "obrien_fleming_constant": lambda i: looks.obrien_fleming_constant(i["looks"], i["alpha"]),
    "obrien_fleming_inflation": lambda i: experiment.looks_inflation(i["looks"], i["alpha"], i["power"]),
    "obf_expected_n_under_alt": lambda i: experiment.looks_expected_inflation(i["looks"], i["alpha"], i["power"]),
    "always_valid_ci_halfwidth_unit_sd": lambda i: experiment.always_valid_half_width(
        i["n_total"], i["n_tuned"], i["alpha"]
    ),
    "always_valid_width_ratio_at_tuned_n": _always_valid_ratio,
    "peeking_daily": lambda i: experiment.false_alarm_of_peeking(i["looks"], i["alpha"]),
    "n_interleaving_sign_test": lambda i: experiment.interleaving_impressions(i["win_rate"], i["alpha"], i["power"]),
    "switchback_slots_total": lambda i: experiment.switchback_slots(
        i["p1"], i["p2"] - i["p1"], i["orders_per_slot"], i["icc"], i["alpha"], i["power"]
    ),
    "duration_weeks": _weeks,
    "min_n_skewness": lambda i: experiment.users_for_skew(i["skewness"]),
    "before_after_mde_rel": lambda i: experiment.before_after_effect(i["days_each_side"], i["cv_daily"], i["autocorr"]),
    "psi_null_quantile": lambda i: drift.psi_critical(i["bins"], i["n_ref"], i["n_cur"], 1 - i["q"]),
    "psi_null_simulated": _psi_null,
    "psi_false_alarm_fixed_threshold": lambda i: drift.psi_false_alarm(
        i["bins"], i["n_ref"], i["n_cur"], i["threshold"]
    ),
    "psi_normal_mean_shift_deciles": lambda i: drift.psi_of_shift(i["shift_sd"]),
    "psi_power": lambda i: drift.psi_power(i["bins"], i["n_ref"], i["n_cur"], i["true_psi"], i["alpha"]),
    "psi_value": lambda i: drift.psi(i["ref"], i["cur"]),
    "js_distance": lambda i: drift.js_distance(i["p"], i["q"]),
    "psi_equivalent_of_js_distance": lambda i: drift.psi_of_js(i["js"], i["base"]),
    "ks_c_alpha": lambda i: drift.ks_coefficient(i["alpha"]),
    "ks_critical": lambda i: drift.ks_critical(i["n"], i["m"], i["alpha"]),
    "w1_null_mean_coefficient_normal": lambda i: drift.wasserstein_mean_without_drift(2, 2),
    "mean_plus_3sd_false_alarm_normal": lambda i: drift.three_sigma_false_alarm(i["ref_chunks"]),
    "family_wise_error": lambda i: drift.any_false_alarm(i["features"], i["alpha"]),
    "domain_auc_of_mean_shift": lambda i: drift.domain_classifier_auc(i["shift_sd"]),
    "adwin_epsilon_cut": lambda i: drift.adwin_cut(i["n0"], i["n1"], i["variance"], i["delta"]),
    "cusum_best_delay": lambda i: drift.best_possible_delay(i["p0"], i["p1"], i["arl"]),
    "label_fraction_matured": lambda i: labels.share_matured_exponential(i["age_days"], i["mean_days"]),
    "days_to_maturity": _matured,
    "retrain_interval_sqrt_rule": lambda i: retraining.best_interval(
        i["cost_per_retrain"], i["loss_growth_per_day_per_day"]
    ),
    "retrain_cost_per_day_at_optimum": lambda i: retraining.cost_at_interval(
        retraining.best_interval(i["cost_per_retrain"], i["loss_growth_per_day_per_day"]),
        i["cost_per_retrain"],
        i["loss_growth_per_day_per_day"],
    ),
    "retrain_penalty_ratio": lambda i: retraining.penalty(i["interval_over_optimum"]),
    "retrain_interval_saturating": lambda i: retraining.best_interval_saturating(
        i["cost"], i["max_loss_per_day"], i["tau_days"]
    ),
    "little_concurrency": lambda i: serving.in_flight(i["rps"], i["mean_latency_s"]),
    "erlang_c": lambda i: serving.erlang_c(i["servers"], i["offered_load"]),
    "erlang_c_staffing": _staffing,
    "mm1_p99_sojourn": lambda i: serving.p99_sojourn(i["lambda"], 1 / i["mu"], 1),
    "mmc_p99_over_mean_service": lambda i: serving.p99_sojourn(i["utilisation"] * i["servers"], 1, i["servers"]),
    "mmc_mean_wait_over_service": lambda i: serving.wait(i["utilisation"] * i["servers"], 1, i["servers"]),
    "replicas_mmc": _replicas,
    "policy_p99": _policies,
    "allen_cunneen_mean_wait": lambda i: serving.wait(
        i["utilisation"] * i["servers"], 1, i["servers"], i["cs2"], i["ca2"]
    ),
    "halfin_whitt_p_wait": lambda i: serving.waiting_at_margin(i["beta"]),
    "fanout_slow_fraction": lambda i: serving.fan_out(i["fanout"], i["p_slow"]),
    "leaf_quantile_for_fanout": lambda i: serving.leaf_quantile(i["fanout"], i["target_quantile"]),
    "latency_sum_p99_lognormal": lambda i: serving.hops_p99([(p50, p99) for p50, p99 in i["hops"]]),
    "usl_peak_concurrency": lambda i: serving.servers_at_peak(i["sigma"], i["kappa"]),
    "usl_capacity": lambda i: serving.scaled_capacity(i["n"], i["sigma"], i["kappa"]),
    "hpa_desired_replicas": lambda i: serving.desired_replicas(i["current"], i["metric"], i["target"]),
    "target_utilisation_for_lag": lambda i: serving.utilisation_for_growth(i["growth_per_min"], i["lag_min"]),
    "availability_k_of_n": lambda i: serving.availability_of_replicas(i["replica_availability"], i["n"], i["needed"]),
    "batch_capacity_rps": lambda i: serving.batching_capacity(
        i["batch"], i["fixed_ms"] / 1000, i["per_item_ms"] / 1000
    ),
    "kv_bytes_per_token": _kv,
    "weights_gb": lambda i: llm.weights_bytes(i["params"], i["bytes"]) / 1e9,
    "gpus_needed_memory": _gpus,
    "max_concurrency_memory": _fits,
    "ridge_batch": lambda i: llm.batch_where_compute_binds(i["flops"], i["bandwidth"], i["weight_bytes"]),
    "prefill_seconds": lambda i: llm.prefill_seconds(i["params"], i["prompt_tokens"], i["flops"], i["mfu"]),
    "break_even_requests_per_month": lambda i: llm.break_even_requests(i["fixed_month"], i["api_per_request"]),
    "training_flops": lambda i: llm.training_operations(i["params"], i["tokens"]),
    "finetune_memory_gb": lambda i: llm.tuning_bytes(i["params"]) / 1e9,
    "fargate_month_usd": _containers,
    "serverless_break_even_requests": lambda i: cost.serverless_break_even(
        _containers(i), i["seconds"], i["lambda_gb"], 2e-7, 1.66667e-5
    ),
    "prediction_log_gb_month": lambda i: cost.storage_gb(i["rps"], i["bytes"], i["days"]),
    "auc_se_hanley_mcneil": lambda i: data.hanley_mcneil_error(i["auc"], i["n_pos"], i["n_neg"]),
    "n_compare_two_auc": _auc_rows,
    "events_for_auc_se": lambda i: data.events_for_auc_error(i["auc"], i["prevalence"], i["target_se"]),
    "wilson_interval": lambda i: list(data.wilson(i["successes"], i["n"], i["conf"])),
    "positives_for_recall_margin": lambda i: data.positives_for_recall(i["recall"], i["margin"], i["conf"]),
    "zero_failure_n": lambda i: data.zero_failures_needed(i["p_max"], i["conf"]),
    "mcnemar_pairs": lambda i: data.mcnemar_pairs(i["p10"], i["p01"], i["alpha"], i["power"]),
    "riley_shrinkage_n": lambda i: data.rows_for_shrinkage(i["parameters"], i["r2_cs"], i["shrinkage"]),
    "nadeau_bengio_variance_factor": lambda i: data.folds_variance(i["repeats"], i["folds"]),
    "learning_curve_n_for_error": lambda i: data.learning_curve_rows(i["target"], i["asymptote"], i["b"], i["c"]),
    "walk_forward_gap_days": lambda i: labels.validation_gap(i["label_horizon"], i["reporting_lag"]),
    "cost_threshold": lambda i: economics.threshold_from_costs(i["c_fn"], i["c_fp"]),
    "cost_threshold_general": lambda i: economics.threshold_from_costs(i["c_fn"], i["c_fp"], i["c_tp"], i["c_tn"]),
    "undersampling_recalibration": lambda i: economics.undo_sampling(i["p"], i["negative_keep_rate"]),
    "break_even_roc_slope": lambda i: economics.break_even_slope(i["prevalence"], i["c_fn"], i["c_fp"]),
    "max_abs_auc_deviation_noise": lambda i: data.largest_auc_of_noise(i["features"], i["n_pos"], i["n_neg"], i["q"]),
    "burn_rate_threshold": lambda i: slo.burn_threshold(i["budget_fraction"], i["window_h"], i["slo_period_days"]),
    "error_budget_minutes": lambda i: slo.error_budget_minutes(i["slo"], i["days"]),
    "min_slo_for_burn_rate": lambda i: slo.lowest_slo_for_burn(i["burn_rate"]),
    "detection_seconds_full_outage": lambda i: slo.outage_detection_seconds(i["slo"], i["burn_rate"], i["window_h"]),
    "canary_requests_vs_known_baseline": lambda i: slo.canary_requests_known_baseline(
        i["p0"], i["multiplier"], i["alpha"], i["power"]
    ),
    "canary_requests_per_arm": lambda i: slo.canary_requests_per_arm(i["p0"], i["multiplier"], i["alpha"], i["power"]),
    "sprt_boundaries": lambda i: dict(
        zip(("log_lower", "log_upper"), slo.sprt_bounds(i["alpha"], i["beta"]), strict=True)
    ),
    "false_stop_probability": lambda i: slo.false_stop(i["requests"], i["p"], i["errors_to_stop"]),
    "noether_n_per_group": lambda i: slo.points_per_arm_for_ranks(i["p_superiority"], i["alpha"], i["power"]),
    "canary_family_false_fail": lambda i: drift.any_false_alarm(i["metrics"], i["alpha"]),
    "n_per_group_rate_difference": lambda i: data.rows_per_group_for_difference(
        i["p"], i["difference"], i["alpha"], i["power"]
    ),
    "n_per_group_rule_out_four_fifths": lambda i: data.rows_per_group_for_ratio(
        i["rate"], i["ratio"], i["alpha_one_sided"], i["power"]
    ),
    "false_four_fifths_violation": lambda i: data.four_fifths_false_alarm(i["n_per_group"], i["rate"], i["groups"]),
    "ece_of_perfect_model": lambda i: data.ece_null(i["n"], i["bins"]),
    "events_for_observed_expected_margin": lambda i: data.events_for_observed_expected(i["ratio_margin"], i["conf"]),
    "brier_reference": lambda i: economics.brier_floor(i["prevalence"]),
    "random_search_trials": lambda i: search.random_trials(i["top_fraction"], i["confidence"]),
    "asha_rungs": lambda i: search.halving_rungs(i["min_resource"], i["max_resource"], i["eta"]),
    "expected_max_of_k_normals": lambda i: search.winners_optimism(i["k"], 1),
}


def _close(got: Any, expected: Any, tolerance: str) -> bool:
    if isinstance(expected, dict):
        return bool(got) and all(_close(got[name], expected[name], tolerance) for name in got)
    if isinstance(expected, list):
        return len(got) == len(expected) and all(_close(g, e, tolerance) for g, e in zip(got, expected, strict=True))
    if tolerance == "exact":
        return bool(got == (expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-12)))
    kind, amount = tolerance.split()
    if kind == "abs":
        return bool(abs(got - expected) <= float(amount))
    return bool(abs(got - expected) <= max(float(amount), EIGHT_DIGITS) * abs(expected))


@pytest.mark.parametrize("row", [row for row in _rows() if not _left_out(row)], ids=lambda row: json.dumps(row.inputs))
def test_a_reference_value_is_met_within_its_tolerance(row: Row) -> None:
    got = CHECKS[row.inputs["fn"]](row.inputs)
    assert _close(got, row.expected, row.tolerance), f"{row.inputs} gives {got}, not {row.expected} ({row.tolerance})"


def test_so_many_rows_are_covered_and_the_rest_say_why_not() -> None:
    rows = _rows()
    served = [row for row in rows if not _left_out(row)]
    assert (len(rows), len(served)) == (200, ROWS_SERVED)
    assert all(len(_left_out(row)) <= 1 for row in rows)


def test_no_check_and_no_reason_is_left_without_a_row() -> None:
    rows = _rows()
    assert {row.inputs["fn"] for row in rows if not _left_out(row)} == set(CHECKS)
    assert all(any(match.items() <= row.inputs.items() for row in rows) for match, _ in LEFT_OUT)


def test_the_published_size_for_ten_percent_and_one_point_is_14751() -> None:
    assert ceil(experiment.users_per_arm_for_rates(0.10, 0.01)) == 14_751
