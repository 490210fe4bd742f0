"""Gates and signals: every design has them, the limit itself passes, and one veto is enough."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from mlworkflow.errors import InputRefused
from mlworkflow.gates import Evidence, Gate, Shown, gate_rows, gates_of, judge, signal_rows, signals_of
from mlworkflow.gates.gate import GROUPS, PARTS, PHASES
from mlworkflow.gates.measure import MEASURES
from mlworkflow.pack import load
from mlworkflow.pack.forms import COLUMNS, OUTCOMES, UNITS
from tests import helpers
from tests.sampling import sampled
from tests.wellformed import section, tables

KNOWLEDGE = helpers.knowledge()
OURS = {kind: [one for one in KNOWLEDGE.clauses if one.kind == kind] for kind in COLUMNS}
SAMPLES = range(120)


@cache
def design(name: str | int) -> Spec:
    return helpers.spec(sampled(name) if isinstance(name, int) else helpers.example(name))


def passing(gate: Gate) -> Any:
    """Return evidence with which a gate just passes."""
    return gate.limit[0] if isinstance(gate.limit, tuple) else gate.limit


def failing(gate: Gate) -> Any:
    """Return evidence with which a gate just fails."""
    limit = passing(gate)
    if isinstance(limit, bool):
        return not limit
    if isinstance(limit, str):
        return f"not {limit}"
    if gate.measure.whole:
        return limit + (-1 if gate.op == ">=" else 1)
    return math.nextafter(limit, -math.inf if gate.op in (">=", "in") else math.inf)


def evidence(gates: Sequence[Gate], **changed: Any) -> Evidence:
    values = {**{gate.key: passing(gate) for gate in gates}, **changed}
    return Evidence({key: Shown(value) for key, value in values.items()}, "json", "")


# ------------------------------------------------------------------ the data


@pytest.mark.parametrize("clause", [one for ours in OURS.values() for one in ours], ids=lambda one: one.id)
def test_each_says_what_its_kind_must_say_and_why(clause: Any) -> None:
    assert set(clause.columns) == set(COLUMNS[clause.kind])
    assert 3 <= len(clause.because.split()) < 20, clause.because
    assert not clause.because.endswith(".")
    assert clause.weight > 0


def test_no_gate_is_without_owner_evidence_and_act() -> None:
    for clause in OURS["gate"]:
        assert clause.columns["owner"] in ("data", "model", "platform", "product"), clause.id
        for name in ("evidence", "act", "window"):
            assert len(clause.columns[name]) >= 6, (clause.id, name)


def test_the_units_of_a_pack_are_the_measures_of_the_program() -> None:
    assert set(UNITS) == set(MEASURES)


def test_stop_rules_of_the_live_path_act_without_anybody_deciding() -> None:
    rules = [one for one in OURS["gate"] if (one.columns["phase"], one.columns["part"]) == ("during", "release")]
    assert len(rules) > 15
    automatic = re.compile(r"by itself|by themselves|until they are read|returns to its other slot|starts again")
    for rule in rules:
        assert not re.search(r"manual|decide|discuss", rule.columns["act"]), rule.id
        assert automatic.search(rule.columns["act"]), rule.id


def test_no_measure_of_the_live_path_is_one_of_the_experiment() -> None:
    keys = {part: {one.columns["key"] for one in OURS["gate"] if one.columns["part"] == part} for part in PARTS}
    assert keys["release"] & keys["experiment"] == set()


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_every_design_has_gates_in_each_phase_with_a_key_each(name: str | int) -> None:
    gates = gates_of(design(name))
    assert {gate.phase for gate in gates} == set(PHASES)
    assert [key for key, count in Counter(gate.key for gate in gates).items() if count > 1] == []
    for gate in gates:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", gate.key), gate.key
        assert (gate.limit is None) == bool(gate.unknown)
        assert "{" not in gate.wanted + gate.falls_back


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_every_alert_is_a_signal_with_one_outcome_and_there_are_five_rules(name: str | int) -> None:
    spec = design(name)
    found = signals_of(spec)
    assert {one.column("group") for one in found} == set(GROUPS)
    assert {one.column("outcome") for one in found} <= set(OUTCOMES)
    alerts = {one.clause.id for one in spec.kind("alert")}
    rung = [one.column("alert") for one in found if one.column("alert") != "none"]
    assert sorted(rung) == sorted(alerts)
    assert all(one.severity.startswith("SEV-") == (one.column("alert") != "none") for one in found)
    assert len(spec.kind("operating-rule")) == 5


ROUTES = {
    "latency-spike": "incident", "queue-growth": "incident", "fallback-rate": "incident", "dependency": "incident",
    "slice-drift": "retrain", "calibration-shift": "update-threshold", "baseline-disagrees": "investigate",
    "outcome-drop": "retrain", "escalations": "investigate", "error-groups": "refresh-data",
    "label-corrections": "refresh-data", "overrides": "revise-policy", "false-positive-cost": "update-threshold",
    "conversion-drop": "investigate", "support-load": "revise-policy", "regulation": "revise-policy",
}  # fmt: skip


@pytest.mark.parametrize(("signal", "outcome"), ROUTES.items())
def test_a_signal_is_routed_to_its_one_outcome(signal: str, outcome: str) -> None:
    clause = next(one for one in OURS["signal"] if one.id == f"signal-{signal}")
    assert clause.columns["outcome"] == outcome


def test_neither_drift_nor_a_dependency_nor_latency_starts_a_training() -> None:
    training = {one.id for one in OURS["signal"] if one.columns["outcome"] == "retrain"}
    assert training == {"signal-slice-drift", "signal-outcome-drop"}


def test_another_design_has_other_gates() -> None:
    ids = {name: {gate.applied.clause.id for gate in gates_of(design(name))} for name in helpers.EXAMPLES}
    assert "gate-forbidden" in ids["support-assistant"]
    assert "gate-leakage" not in ids["support-assistant"]
    assert "gate-converted" in ids["weld-inspection"]
    assert "gate-live-errors" not in ids["weld-inspection"]
    assert "gate-live-unscored" in ids["card-fraud"]
    assert "gate-live-rows" in ids["churn"]
    forecast = {
        gate.applied.clause.id for gate in gates_of(helpers.spec(helpers.answers({"problem_type": "forecasting"})))
    }
    assert {"gate-backtest-origins", "gate-blast-table"} <= forecast
    assert "gate-live-latency" not in forecast


def test_limits_are_the_numbers_of_the_design() -> None:
    limits = {gate.key: gate.limit for gate in gates_of(design("churn"))}
    assert limits["precision_at_k"] == 0.18
    assert limits["bench_p99_ms"] == limits["live_p99_ms"] == 100
    assert limits["live_error_share"] == 0.005
    assert limits["units_in_smaller_arm"] == 396
    assert limits["judged_cohort_days"] == 67
    assert limits["full_run_hours"] == 3
    assert limits["release_owner"] == "Jonas Lind, Head of CRM"


def test_rows_are_plain_values() -> None:
    for name in helpers.EXAMPLES:
        gates, signals = gate_rows(design(name)), signal_rows(design(name))
        json.dumps([gates, signals], allow_nan=False)
        assert [PHASES.index(row["phase"]) for row in gates] == sorted(PHASES.index(row["phase"]) for row in gates)
        assert len(gate_rows(design(name), "during")) == sum(row["phase"] == "during" for row in gates)


# ------------------------------------------------------------------ judging


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *range(30)])
def test_exactly_at_the_limit_passes_and_a_hair_beyond_does_not(name: str | int, phase: str) -> None:
    gates = [gate for gate in gates_of(design(name), phase) if gate.limit is not None]
    assert judge(gates, evidence(gates), phase).decision == "go"
    for gate in gates:
        outcome = judge(gates, evidence(gates, **{gate.key: failing(gate)}), phase)
        (one,) = [one for one in outcome.judged if not one.passed]
        assert one.gate is gate
        assert outcome.decision == ("stop" if gate.critical else "conditional"), gate.id


UNUSABLE: list[Any] = [
    None,
    "",
    "  ",
    math.nan,
    math.inf,
    "NaN",
    "-inf",
    [],
    {},
    "12 apples",
    10**400,
    "no such thing 5",
]


@pytest.mark.parametrize("value", UNUSABLE, ids=lambda value: repr(value)[:12])
def test_what_shows_nothing_never_passes(value: Any) -> None:
    for name in helpers.EXAMPLES:
        gates = gates_of(design(name))
        outcome = judge(gates, evidence(gates, **{gate.key: value for gate in gates}), "before")
        assert [one.gate.key for one in outcome.judged if one.passed] == []
        assert all(len(one.says.split()) > 2 for one in outcome.judged)


WRONG = [
    ("precision_at_k", True, "is yes or no, where a number is expected"),
    ("precision_at_k", "18 %", "where a plain number is expected"),
    ("precision_at_k", "nan", "is not a number (NaN)"),
    ("precision_at_k", math.inf, "is infinite"),
    ("bench_p99_ms", "95 GB", "where milliseconds are expected"),
    ("bench_p99_ms", -1, "cannot be negative"),
    ("parity_offline", 99.95, "a share is at most 1: write 0.02 or 2 %"),
    ("leakage_tests_failed", 0.5, "is no whole number"),
    ("snapshot_rebuilt", 1, "is the number 1, where yes or no is expected"),
    ("snapshot_rebuilt", "perhaps", "where yes or no is expected"),
    ("release_owner", 7, "where the name of a person is expected"),
    ("release_owner", None, "is null"),
]


@pytest.mark.parametrize(("key", "value", "says"), WRONG)
def test_a_value_of_the_wrong_kind_is_not_passed_and_says_why(key: str, value: Any, says: str) -> None:
    gates = gates_of(design("churn"), "before")
    (one,) = [one for one in judge(gates, evidence(gates, **{key: value}), "before").judged if not one.passed]
    assert one.verdict == "unfit"
    assert one.says.startswith(f"{key} ")
    assert says in one.says or says.replace(", ", " “", 1) in one.says, one.says


RIGHT = [
    ("bench_p99_ms", "0.1 s"), ("bench_p99_ms", "100"), ("bench_p99_ms", "99.5 ms"), ("precision_at_k", "0.18"),
    ("precision_at_k", "+1.8e-1"), ("parity_offline", "99.9 %"), ("leakage_tests_failed", 0.0),
    ("full_run_hours", "170 min"),
    ("snapshot_rebuilt", "yes"), ("snapshot_rebuilt", "True"), ("release_owner", " jonas lind,  head of crm "),
    ("load_held_per_second", "3600/min"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), RIGHT)
def test_values_may_be_written_as_people_do(key: str, value: Any) -> None:
    gates = gates_of(design("churn"), "before")
    assert judge(gates, evidence(gates, **{key: value}), "before").decision == "go"


def test_a_limit_that_nobody_agreed_on_passes_nothing() -> None:
    gates = gates_of(helpers.spec(helpers.answers({})), "before")
    unknown = {gate.key: gate.unknown for gate in gates if gate.limit is None}
    assert "release_owner" in unknown
    assert ("success_threshold",) in unknown.values()
    shown = {key: "Somebody" if key == "release_owner" else 0.99 for key in unknown}
    outcome = judge(gates, evidence(gates, **shown), "before")
    assert {one.gate.key for one in outcome.of("stop")} == set(unknown)
    assert all("answer" in one.says for one in outcome.of("stop"))


def test_live_path_and_experiment_are_decided_apart() -> None:
    gates = gates_of(design("churn"), "during")
    outcome = judge(gates, evidence(gates, primary_gain_low=-0.1), "during")
    assert outcome.parts == {"release": "go", "experiment": "stop"}
    only = gates_of(design("churn"), "during", "release")
    assert judge(only, evidence(only), "during").decision == "go"


def test_without_any_gate_nothing_goes() -> None:
    assert judge([], evidence([]), "before").decision == "stop"


def test_evidence_from_after_the_decision_is_none() -> None:
    gates = gates_of(design("churn"), "after")
    values = {gate.key: Shown(passing(gate), "2026-11-22") for gate in gates}
    assert judge(gates, Evidence(values, "json", ""), "after", "2026-11-22").decision == "go"
    late = judge(gates, Evidence(values, "json", ""), "after", "2026-11-21")
    assert late.decision == "stop"
    assert "is dated 2026-11-22, after the decision of 2026-11-21" in late.judged[0].says


BEFORE = [gate.key for gate in gates_of(design("churn"), "before")]


@given(st.dictionaries(st.sampled_from(BEFORE), st.sampled_from(("pass", "fail", "none"))))
def test_the_decision_is_that_of_the_worst_gate_whatever_the_others_show(state: dict[str, str]) -> None:
    gates = gates_of(design("churn"), "before")
    values = {
        gate.key: Shown(passing(gate) if state.get(gate.key, "pass") == "pass" else failing(gate))
        for gate in gates
        if state.get(gate.key) != "none"
    }
    bad = [gate for gate in gates if state.get(gate.key, "pass") != "pass"]
    wanted = "stop" if any(gate.critical for gate in bad) else "conditional" if bad else "go"
    assert judge(gates, Evidence(values, "json", ""), "before").decision == wanted


@given(st.one_of(st.floats(), st.integers(), st.text(), st.booleans(), st.none(), st.lists(st.integers())))
def test_no_value_breaks_the_judging(value: Any) -> None:
    gates = gates_of(design("churn"))
    judged = judge(gates, evidence(gates, **{gate.key: value for gate in gates}), "before").judged
    assert len(judged) == len(gates)


# ------------------------------------------------------------------ slices, packs, the document


def test_each_group_has_gates_of_its_own_whatever_it_is_called() -> None:
    names = ["New customers", "new  customers!", "新客户", "<b>|x|</b>", "a" * 90]
    spec = helpers.spec(helpers.answers({"slices": names}))
    keys = [gate.key for gate in gates_of(spec, "before") if gate.applied.clause.id == "gate-slice"]
    assert len(set(keys)) == len(names)
    assert keys[0] == "gain_in_new_customers_high"
    assert max(map(len, keys)) <= 60


GATE = """[[clause]]
id = "house-cost-of-energy"
kind = "gate"
weight = 101
says = "Energy for one run"
because = "the house counts it"
[clause.columns]
phase = "before"
part = "release"
key = "energy_kwh"
unit = "number"
op = "<="
value = "40"
window = "one run"
owner = "platform"
evidence = "meter reading"
back_to = "model"
act = "fewer trials"
critical = "yes"
"""


def pack(folder: Path, text: str) -> str:
    (folder / "house" / "clauses").mkdir(parents=True)
    (folder / "house" / "clauses" / "gates.toml").write_text(text, "utf-8")
    return str(folder / "house")


def test_a_pack_adds_a_gate_that_is_asked_first(tmp_path: Path) -> None:
    knowledge = load([pack(tmp_path, GATE)])
    spec = helpers.spec(helpers.answers({}, knowledge), knowledge)
    first = gates_of(spec, "before")[0]
    assert (first.id, first.limit, first.holds(40.0), first.holds(40.1)) == ("house-cost-of-energy", 40.0, True, False)
    assert "Energy for one run" in render(spec)


BROKEN = [
    ('unit = "number"', 'unit = "kwh"', "unit = 'kwh' is not one of"),
    ('op = "<="', 'op = "<"', "op = '<' is not one of"),
    ('value = "40"', 'value = "much"', "cannot be read as number"),
    ('value = "40"', 'value = "{latency_p99}"', "cannot be read as number"),
    ('value = "40"', 'value = "about {team_size}"', "cannot be read as number"),
    ('op = "<="', 'op = "in"', "is no range"),
    ('unit = "number"', 'unit = "yes-no"', "<= cannot compare yes-no"),
    ('owner = "platform"', 'owner = "everybody"', "owner = 'everybody' is not one of"),
    ('act = "fewer trials"\n', "", "a gate has no act"),
    ('key = "energy_kwh"', 'key = "Energy (kWh)"', "is no key"),
    ('phase = "before"', 'phase = "later"', "phase = 'later' is not one of before, during, after"),
]


@pytest.mark.parametrize(("old", "new", "what"), BROKEN)
def test_a_gate_that_cannot_be_judged_is_refused_when_it_is_loaded(
    old: str, new: str, what: str, tmp_path: Path
) -> None:
    assert old in GATE
    with pytest.raises(InputRefused) as refused:
        load([pack(tmp_path, GATE.replace(old, new))])
    assert any("house:house-cost-of-energy" in one.place and what in one.what for one in refused.value.problems)


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_the_document_shows_the_weightiest_gates_and_in_full_all_of_them(name: str) -> None:
    gates = gates_of(design(name))
    short = section(render(design(name)), "Release Gates")
    rows = [row for table in tables(short) for row in table.rows]
    shown = [gate for gate in gates if gate.phase != "during"][:8]
    assert len(rows) == len(shown) == 8
    assert f"{len(gates) - 8} more" in short
    assert {row[1] for row in rows} == {gate.wanted for gate in shown}
    full = helpers.spec(helpers.answers({**helpers.example_values(name), "size": "full"}))
    text = section(render(full), "Release Gates")
    every = [table for table in tables(text) if table.header[0] == "Gate"]
    assert sum(len(table.rows) for table in every) == len(gates)
    signals = next(table for table in tables(text) if table.header[0] == "Group")
    assert len(signals.rows) == len(signals_of(full))
    assert text.count("\n- ") == 2 + 5


def test_the_document_keeps_live_path_and_experiment_in_two_tables() -> None:
    full = helpers.spec(helpers.answers({**helpers.example_values("churn"), "size": "full"}))
    text = section(render(full), "Release Gates")
    live, experiment = re.findall(r"\*\*During the rollout, (.*?)\*\*(.*?)(?=\*\*|\Z)", text, re.DOTALL)
    assert "live_p99_ms" in live[1]
    assert "live_p99_ms" not in experiment[1]
    assert "primary_gain_low" in experiment[1]
    assert "primary_gain_low" not in live[1]
