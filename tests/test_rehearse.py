"""`rehearse`: a better answer helps, a failed gate stops, everything crosses whole, and two runs are the same run."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlworkflow.gates import gates_of
from mlworkflow.rehearsal import changing
from mlworkflow.rehearsal.calling import away_by
from mlworkflow.rehearsal.changing import changes_of
from mlworkflow.rehearsal.event import PHASES, Bus
from mlworkflow.rehearsal.faults import FAULTS, State
from mlworkflow.rehearsal.incident import Outcome, run
from mlworkflow.rehearsal.monitors import chance_alarms, monitors_of
from mlworkflow.rehearsal.plan import Plan, plan_of
from mlworkflow.rehearsal.results import Better, rehearse
from mlworkflow.rehearsal.stakes import stakes_of
from mlworkflow.rehearsal.telling import lines
from mlworkflow.rehearsal.whole import rehearsed
from tests import helpers
from tests.sampling import sampled
from tests.test_gates import design

if TYPE_CHECKING:
    from tests.conftest import Run

CHURN = str(helpers.ROOT / "examples" / "churn" / "answers.toml")
RUNS = 15


@cache
def plan(name: str) -> Plan:
    return plan_of(helpers.example_spec(name))


def changed(name: str, **answers: Any) -> Plan:
    return plan_of(helpers.spec(helpers.answers({**helpers.example_values(name), **answers})))


def outcomes(plan: Plan, fault: str, days: float = 365) -> list[Outcome]:
    return [run(plan, FAULTS[fault], 1, number, days, Bus()) for number in range(RUNS)]


def mean(found: list[Outcome], what: str, missing: float = 365 * 86400.0) -> float:
    values = [getattr(one, what) for one in found]
    return sum(missing if one is None else one for one in values) / len(values)


def evidence_of(name: str, phase: str = "before", **values: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for gate in gates_of(design(name), phase):
        found[gate.key] = gate.limit[0] if isinstance(gate.limit, tuple) else gate.limit
    found.update(values)
    return {key: value for key, value in found.items() if value is not ...}


def traced(main: Run, folder: Path, *words: str) -> tuple[Any, list[dict[str, Any]]]:
    path = folder / "trace.jsonl"
    done = main("rehearse", *words, "--trace", str(path))
    return done, [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def kept(folder: Path, values: Mapping[str, Any]) -> str:
    path = folder / "evidence.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    return str(path)


# ------------------------------------------------------------------ what an answer changes


def test_on_call_around_the_clock_brings_somebody_sooner() -> None:
    sleeping = outcomes(plan("churn"), "dead-dependency")
    awake = outcomes(changed("churn", on_call="around-the-clock"), "dead-dependency")
    assert mean(awake, "mended") < 0.5 * mean(sleeping, "mended")
    assert mean(awake, "harm") < 0.5 * mean(sleeping, "harm")


def test_with_nobody_on_call_an_alert_is_read_later_than_in_office_hours() -> None:
    nobody, office = (changed("churn", on_call=one) for one in ("none", "office-hours"))
    for fault in ("dead-dependency", "broken-feature", "missing-labels"):
        assert mean(outcomes(nobody, fault), "acted") > mean(outcomes(office, fault), "acted") + 1800, fault


def test_a_backup_person_helps_where_the_key_person_is_away() -> None:
    alone, two = (changed("churn", team_size=size, roles=[], on_call="first-line") for size in (1, 2))
    assert alone.rota.callees[1:] == ()
    found = {size: outcomes(one, "key-person-away") for size, one in ((1, alone), (2, two))}
    assert all(one.acted is None for one in found[1]), "nobody else is there for two weeks"
    assert mean(found[2], "mended") < mean(found[1], "mended")
    assert {one.reached.name for one in found[2] if one.reached} == {two.rota.callees[1].name}


def test_whoever_cannot_be_called_at_night_does_not_come_at_night() -> None:
    people = [{"name": "Ada", "roles": ["platform"]}, {"name": "Bo", "roles": ["ml-engineer"]}]
    called = [{**one, "can_be_called": True} for one in people]
    asleep = [{**one, "can_be_called": False} for one in people]
    some, none = (changed("churn", people=one, team_size=2, roles=[], on_call="first-line") for one in (called, asleep))
    assert mean(outcomes(some, "dead-dependency"), "mended") < mean(outcomes(none, "dead-dependency"), "mended")


def test_labels_that_come_sooner_show_a_loss_sooner() -> None:
    values = {"retraining": "triggered", "reviews_per_day": 0}
    late = changed("weld-inspection", label_delay="20 days", label_delay_p95="60 days", **values)
    soon = changed("weld-inspection", label_delay="1 day", label_delay_p95="3 days", **values)
    assert mean(outcomes(soon, "sudden-drift"), "mended") < mean(outcomes(late, "sudden-drift"), "mended")


def test_a_larger_golden_set_sees_a_retired_model_sooner() -> None:
    few, many = (changed("support-assistant", golden_set=size) for size in (20, 400))
    none = changed("support-assistant", golden_set=0)
    found = [mean(outcomes(one, "provider-retires"), "noticed") for one in (many, few, none)]
    assert found[0] <= found[1] <= found[2]
    assert found[0] < found[2]


def test_a_source_that_is_checked_more_often_is_seen_to_break_sooner() -> None:
    sources = [{**one, "refresh": "1h"} for one in helpers.example_values("churn")["sources"]]
    often = changed("churn", sources=sources)
    assert mean(outcomes(often, "broken-feature"), "noticed") < mean(
        outcomes(plan("churn"), "broken-feature"), "noticed"
    )


def test_a_source_whose_completeness_nobody_stated_is_not_seen_to_break() -> None:
    unsaid = [
        {name: value for name, value in one.items() if name != "completeness"}
        for one in helpers.example_values("churn")["sources"]
    ]
    blind = changed("churn", sources=unsaid)
    assert all("alert-source-stale" in one.rang for one in outcomes(plan("churn"), "broken-feature"))
    assert not any("alert-source-stale" in one.rang for one in outcomes(blind, "broken-feature"))


def test_workers_for_the_spike_hold_it_and_too_few_do_not() -> None:
    strong, weak = plan("churn"), changed("churn", peak_load="60/s", service_time="90ms")
    assert mean(outcomes(strong, "traffic-spike"), "affected") == 0
    assert mean(outcomes(weak, "traffic-spike"), "affected") > 0


def test_reviewers_decide_whether_people_can_stand_in() -> None:
    few, many = (
        replace(one, serving=replace(one.serving, fallback="say-so-and-link"))
        for one in (changed("support-assistant", reviews_per_day=count) for count in (20, 5000))
    )
    verdicts = [
        {one.fallback.verdict for one in outcomes(plan, "dead-dependency") if one.fallback} for plan in (few, many)
    ]
    assert verdicts == [{"broke"}, {"held"}]


def test_the_change_that_helps_most_is_one_that_helps() -> None:
    done = rehearsed(helpers.example_spec("churn"), ["dead-dependency"], 1, 365)
    better = done.results[0].better
    assert better is not None
    assert better.says == "on_call = around-the-clock"
    assert better.after < 0.9 * better.before
    assert better.before == done.results[0].harm.median, "before is the figure that the line of costs shows"


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, "pump-failures"])
def test_a_changed_design_is_measured_on_the_same_decisions_load_and_target(name: str) -> None:
    spec = brief(name) if name == "pump-failures" else helpers.example_spec(name)
    base = plan_of(spec)
    for one in changes_of(spec):
        assert one.plan.stakes == base.stakes, one.says
        assert (one.plan.serving.load, one.plan.quality.limit) == (base.serving.load, base.quality.limit), one.says
        assert one.answer not in ("action_capacity", "freshness"), "a design that does less is no better one"


def test_a_change_in_another_unit_or_currency_is_no_change_to_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    spec, real = brief("pump-failures"), plan_of
    base = real(spec)
    assert base.stakes.in_money
    assert changing.changes_of(spec)

    def in_decisions(other: Any) -> Plan:
        return base if other is spec else replace(real(other), stakes=replace(base.stakes, gain=None, without=None))

    monkeypatch.setattr(changing, "plan_of", in_decisions)
    assert changing.changes_of(spec) == ()


def test_when_an_outcome_is_known_is_a_fact_unless_people_judge() -> None:
    waited = {"horizon": "30 days", "label_delay": "30 days", "problem_type": "classification"}
    event, judged = (
        [one for one in changes_of(helpers.spec(helpers.answers({**waited, **more}))) if one.answer == "label_delay"]
        for more in ({"label_source": "events"}, {"horizon": "1 hour", "label_source": "people"})
    )
    assert [one.given for one in event] == [True]
    assert [one.given for one in judged] == [False]


def test_a_small_sum_is_no_reason_to_change_a_design() -> None:
    assert not Better("x", "harm", 150.0, 60.0, "x").counts
    assert not Better("x", "harm", 10_000.0, 9_500.0, "x").counts
    assert Better("x", "harm", 1_000.0, 800.0, "x").counts


# ------------------------------------------------------------------ what is at stake


def at_stake(spec: Any) -> str:
    text = " ".join(" ".join(lines(rehearsed(spec, ["dead-dependency"], 1, 60), False)).split())
    return text[text.index("At stake") :]


def test_the_period_is_printed_with_the_answer_that_says_it() -> None:
    assert "every 30 days, as baseline_measured says it" in at_stake(helpers.example_spec("churn"))
    daily = helpers.answers({**helpers.example_values("churn"), "baseline_measured": "lists of each day"})
    assert "every 1 day, as baseline_measured says it" in at_stake(helpers.spec(daily))


def test_where_no_word_gives_the_period_the_missing_answer_is_named() -> None:
    values = {**helpers.example_values("churn"), "baseline_measured": "measured", "prediction_unit": "one customer"}
    found = at_stake(helpers.spec(helpers.answers(values)))
    assert "prediction_unit" in found
    assert "no cost" in found
    assert "EUR" not in found


def test_a_loss_is_no_more_than_what_every_positive_costs() -> None:
    """Eight of 400 pumps fail in thirty days; a pump that is going to fail is positive on each of them."""
    found = stakes_of(brief("pump-failures"))
    assert found.gain is not None
    assert found.gain * found.per_day <= 8 / 30 * 40_000 * 1.0001
    assert "capped at what all positives cost: 8 in 30 days" in at_stake(brief("pump-failures"))


def test_decisions_that_nobody_counted_are_not_counted() -> None:
    values = helpers.without(helpers.example_values("churn"), ["population", "rows_per_run", "mean_load", "peak_load"])
    spec = helpers.spec(helpers.answers(values))
    done = rehearsed(spec, ["dead-dependency", "missing-labels"], 1, 60)
    text = " ".join(" ".join(lines(done, False)).split())
    assert not done.plan.stakes.counted
    assert "decisions are not counted" in text
    assert not re.search(r"\d decisions", text)
    assert {one.better.measure for one in done.results if one.better} <= {"mended", "noticed"}


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_nothing_is_noticed_before_a_monitor_was_read_and_its_shortest_window_passed(name: str) -> None:
    for fault in ("dead-dependency", "bad-release", "broken-feature"):
        for one in outcomes(plan(name), fault):
            if one.noticed is not None and one.monitor is not None:
                assert one.noticed >= 15 + one.monitor.window - 1e-6


def test_a_monitor_that_rings_by_chance_is_called_so_in_the_line() -> None:
    done = rehearsed(helpers.example_spec("weld-inspection"), ["broken-feature"], 1, 60)
    assert done.results[0].by_chance > 1
    assert "times a month by chance" in " ".join(" ".join(lines(done, False)).split())


def brief(name: str) -> Any:
    return helpers.spec(helpers.answers(tomllib.loads((helpers.ROOT / f"tests/briefs/{name}.toml").read_text("utf-8"))))


# ------------------------------------------------------------------ one incident


def run_events(name: str, fault: str, number: int, **answers: Any) -> list[Any]:
    bus = Bus()
    run(changed(name, **answers), FAULTS[fault], 1, number, 365, bus)
    return sorted(bus.events, key=lambda one: (one.time, one.sequence))


ARRANGEMENTS = ("none", "office-hours", "first-line", "around-the-clock")


@pytest.mark.parametrize("on_call", ARRANGEMENTS)
def test_nobody_is_called_after_somebody_took_it_or_after_the_close(on_call: str) -> None:
    seen: set[str] = set()
    for fault in ("dead-dependency", "broken-feature", "bad-release", "sudden-drift"):
        for number in range(12):
            types = [one.type for one in run_events("churn", fault, number, on_call=on_call)]
            seen |= set(types)
            for end in {"acknowledged", "incident.closed"} & set(types):
                assert not {"page", "ticket"} & set(types[types.index(end) + 1 :]), (fault, number)
            if "incident.closed" in types:
                assert types[-1] == "incident.closed", (fault, number)
            assert types.count("rollback") <= 1
    assert "incident.closed" in seen


def test_one_outage_calls_the_same_person_once_until_there_is_no_answer() -> None:
    for number in range(12):
        events = run_events("churn", "dead-dependency", number, on_call="around-the-clock")
        answered = [one.receiver for one in events if one.type == "page" and one.data["answered"]]
        assert len(answered) <= 1, number


def test_a_call_that_nobody_read_before_the_close_says_so() -> None:
    found = [one for number in range(20) for one in run_events("churn", "dead-dependency", number, on_call="none")]
    unread = [one for one in found if "not read before the close" in one.says]
    assert unread
    assert not any(one.data["answered"] for one in unread)


def test_absence_is_a_matter_of_person_and_day() -> None:
    away = away_by(1, "fault", 2)
    days = [float(day) * 86400 for day in range(4000)]
    gone = [time for time in days if away("Ada", time) > 0]
    assert 0.06 < len(gone) / len(days) < 0.14
    for time in gone:
        left = away("Ada", time)
        assert left == away("Ada", time)
        assert away("Ada", time + left + 1) < 14 * 86400
        assert abs(away("Ada", time + left / 2) - left / 2) < 1


# ------------------------------------------------------------------ noticing follows from samples


def test_a_fault_is_not_noticed_because_it_was_injected() -> None:
    """The same fault is missed where windows hold too little, and each monitor is quiet in a world that is well."""
    blind = changed("churn", sources=[], features=[], labels_per_week=4, on_call="none", who_waits="nobody")
    assert all(one.noticed is None for one in outcomes(blind, "sudden-drift", 60))
    drift = next(one for one in monitors_of(plan("churn")) if one.id == "alert-input-drift")
    assert chance_alarms(drift, 1) == 0
    assert not any(one.touched(lambda time: State()) for one in monitors_of(plan("churn")))


def test_a_shift_below_what_the_design_can_see_is_not_seen_and_one_well_above_is() -> None:
    found = plan("churn")
    visible = float(helpers.example_spec("churn").value("visible_shift"))
    drift = next(one for one in monitors_of(found) if one.id == "alert-input-drift")

    def days(moved: float) -> float:
        time = [0.0]
        for wait in drift.watch(lambda at: State(moved=moved), lambda: time[0], random.Random(1)):
            time[0] += wait
            if time[0] > 60 * 86400:
                break
        return time[0] / 86400

    assert days(0.5 * visible) > 60
    assert days(1.5 * visible) <= 3


def test_late_labels_are_noticed_later_than_missing_ones() -> None:
    late, missing = (outcomes(plan("churn"), one) for one in ("late-labels", "missing-labels"))
    assert mean(missing, "noticed") <= mean(late, "noticed")


# ------------------------------------------------------------------ gates


def test_a_failing_score_stops_the_chain_with_1(main: Run, tmp_path: Path) -> None:
    evidence = kept(tmp_path, evidence_of("churn", precision_at_k=0.17))
    done, events = traced(main, tmp_path, CHURN, "--evidence", evidence)
    assert done.returncode == 1
    assert "gate-threshold is not passed after 3 attempts" in done.stderr
    assert any(one["stage"] == "ESC" and one["attempt"] == 2 for one in events)
    assert not any(one["stage"] == "IOR" for one in events)
    assert max(one["attempt"] for one in events) == 3
    failed = [one for one in events if one["type"] == "gate.failed"]
    assert [(one["gate"], one["receiver"]) for one in failed] == [("gate-threshold", "ESC")] * 3
    assert "fault.injected" not in {one["type"] for one in events}, "what is not released meets no fault"


@pytest.mark.parametrize("value", [..., None, "NaN", "", float("nan")])
def test_a_score_that_is_absent_or_no_number_stops(main: Run, tmp_path: Path, value: Any) -> None:
    evidence = kept(tmp_path, evidence_of("churn", precision_at_k=value))
    done = main("rehearse", CHURN, "--evidence", evidence, "--scenario", "traffic-spike")
    assert done.returncode == 1
    assert "gate-threshold" in done.stderr


def test_a_score_exactly_at_the_threshold_passes(main: Run, tmp_path: Path) -> None:
    evidence = kept(tmp_path, evidence_of("churn", precision_at_k=0.18))
    done, events = traced(main, tmp_path, CHURN, "--evidence", evidence, "--scenario", "traffic-spike")
    assert done.returncode == 0, done.stderr
    passed = next(one for one in events if one["type"] == "gate.passed" and one["gate"] == "gate-threshold")
    assert passed["value"] == 0.18


def test_a_gate_of_the_live_path_takes_the_version_back(main: Run, tmp_path: Path) -> None:
    evidence = kept(tmp_path, evidence_of("churn", "during", live_p99_ms=140))
    done, events = traced(main, tmp_path, CHURN, "--evidence", evidence)
    assert done.returncode == 1
    assert "gate-live-latency" in done.stderr
    assert any(one["type"] == "rollback" for one in events)
    assert any(one["stage"] == "IOR" and one["attempt"] == 2 for one in events)


# ------------------------------------------------------------------ handoffs and events


def test_the_chain_hands_over_in_order_and_whole(main: Run, tmp_path: Path) -> None:
    long = "recency of the last order " * 30 + "end of the text"
    features = [dict(one) for one in helpers.example_values("churn")["features"]]
    features[0]["description"] = long
    values = {**helpers.example_values("churn"), "features": features}
    (tmp_path / "answers.json").write_text(json.dumps({**values, "schema": 1}), encoding="utf-8")
    done, events = traced(main, tmp_path, str(tmp_path / "answers.json"), "--scenario", "traffic-spike")
    assert done.returncode == 0, done.stderr
    handed = [one for one in events if one["type"] == "handoff"]
    assert [one["to"] for one in handed] == ["POR", "FAR", "ESC", "IOR", "MOS"]
    assert [one["sender"] for one in handed] == ["orchestrator", "POR", "FAR", "ESC", "IOR"]
    assert all(one["valid"] and not one["truncated"] for one in handed)
    assert long.strip() in json.dumps(handed[-1]["artifacts"])
    assert [one["id"] for one in handed[-1]["artifacts"]] == [
        "dataset-snapshot", "training-run", "evaluation-report", "registry-entry",
    ]  # fmt: skip


def test_a_handoff_without_a_required_field_is_refused(main: Run, tmp_path: Path) -> None:
    values = helpers.without(helpers.example_values("churn"), ["label_definition"])
    (tmp_path / "answers.json").write_text(json.dumps({**values, "schema": 1}), encoding="utf-8")
    done, events = traced(main, tmp_path, str(tmp_path / "answers.json"), "--scenario", "dead-dependency")
    assert done.returncode == 1
    assert "answer label_definition" in done.stderr
    refused = next(one for one in events if one["type"] == "handoff.refused")
    assert (refused["sender"], refused["receiver"], refused["valid"]) == ("POR", "FAR", False)
    assert "Noticed" in done.stdout, "what would break is rehearsed all the same"


def test_a_dataset_without_a_nickname_holds_nothing_up(main: Run, tmp_path: Path) -> None:
    values = helpers.without(helpers.example_values("churn"), ["dataset"])
    (tmp_path / "answers.json").write_text(json.dumps({**values, "schema": 1}), encoding="utf-8")
    done = main("rehearse", str(tmp_path / "answers.json"), "--scenario", "bad-release")
    assert done.returncode == 0, done.stderr


def test_a_design_that_cannot_be_released_says_so_once_and_names_the_field(main: Run, tmp_path: Path) -> None:
    values = helpers.example_values("churn")
    bare = [{key: value for key, value in one.items() if key != "owner"} for one in values["sources"]]
    (tmp_path / "answers.json").write_text(json.dumps({**values, "sources": bare, "schema": 1}), encoding="utf-8")
    done = main("rehearse", str(tmp_path / "answers.json"))
    text = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert (text + done.stderr).count("refuses what") == 1
    assert "the faults below suppose a release" in text
    assert "].owner" in done.stderr


def test_evidence_that_no_gate_asks_for_is_named(main: Run, tmp_path: Path) -> None:
    evidence = kept(tmp_path, {**evidence_of("churn"), "precision_at_kk": 0.5})
    done = main("rehearse", CHURN, "--evidence", evidence, "--scenario", "bad-release")
    assert "precision_at_kk (did you mean precision_at_k?)" in " ".join(done.stdout.split())


def test_a_freeze_is_kept_and_one_without_days_is_said_not_to_be_simulated(main: Run) -> None:
    text = " ".join(main("rehearse", CHURN, "--scenario", "bad-release").stdout.split())
    assert "waits for the end of the two weeks around Black Friday" in text
    named = ("--set", "freeze_periods=when the auditors are here")
    text = " ".join(main("rehearse", CHURN, *named, "--scenario", "bad-release").stdout.split())
    assert "not simulated, for their words name no days: when the auditors are here" in text


def steps_in(main: Run, tmp_path: Path, freeze: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    path = tmp_path / "freeze.jsonl"
    named = ("--set", f"freeze_periods={freeze}")
    done = main("rehearse", CHURN, *named, "--scenario", "sudden-drift", "--trace", str(path))
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in path.read_text().splitlines()]
    mine = [one for one in events if one.get("scenario") == "sudden-drift"]
    return [one for one in mine if one["type"] == "release.frozen"], [
        one for one in mine if one["type"] == "rollout.step"
    ]


def test_a_retrained_version_waits_for_the_end_of_a_freeze(main: Run, tmp_path: Path) -> None:
    held, steps = steps_in(main, tmp_path, "the 2nd to the 28th of each month")
    assert held
    assert all("waits" in one["says"] for one in held)
    assert steps
    none, _ = steps_in(main, tmp_path, "2019-01-01 to 2019-01-05")
    assert not none


def test_a_way_back_waits_for_no_freeze(main: Run, tmp_path: Path) -> None:
    path = tmp_path / "back.jsonl"
    always = ("--set", "freeze_periods=the 1st to the 31st of each month")
    assert main("rehearse", CHURN, *always, "--scenario", "bad-release", "--trace", str(path)).returncode in (0, 1)
    events = [json.loads(line) for line in path.read_text().splitlines()]
    assert any(one["type"] == "rollback" for one in events if one.get("scenario") == "bad-release")


def test_a_cohort_is_judged_by_the_count_that_the_document_names() -> None:
    from mlworkflow.rehearsal.monitors import _too_low
    from mlworkflow.rehearsal.plan import plan_of

    spec = helpers.spec(helpers.example("churn"))
    quality = plan_of(spec).quality
    limit, size = int(spec.value("cohort_limit")), int(spec.value("cohort_size"))
    assert f"at most {limit} right of the {size} untouched cases" in spec.said("cohort_fall")
    assert quality.cohort is not None
    assert (quality.cohort.limit, quality.cohort.size) == (limit, size)
    assert _too_low(quality, limit / size, size)
    assert not _too_low(quality, (limit + 1) / size, size)
    assert (limit + 1) / size < spec.value("success_threshold")  # below the threshold, and yet inside the count


def test_governance_stands_between_training_and_inference(main: Run, tmp_path: Path) -> None:
    path = str(helpers.ROOT / "examples" / "card-fraud" / "answers.toml")
    _, events = traced(main, tmp_path, path, "--scenario", "bad-release")
    stages = [one["stage"] for one in events if one["type"] == "stage.started"]
    assert stages == ["POR", "FAR", "ESC", "GCA", "IOR", "MOS"]


def test_candidates_train_at_the_same_time(main: Run, tmp_path: Path) -> None:
    _, events = traced(main, tmp_path, CHURN, "--scenario", "traffic-spike")
    started = [one for one in events if one["type"] == "candidate.started"]
    assert len(started) == len(helpers.example_spec("churn").kind("candidate")) >= 3
    assert len({one["time"] for one in started}) == 1
    assert sum(one["type"] == "candidate.selected" for one in events) == 1


def test_every_event_says_where_it_stands(main: Run, tmp_path: Path) -> None:
    _, events = traced(main, tmp_path, CHURN)
    wanted = {"sequence", "time", "type", "phase", "stage", "sender", "receiver", "attempt"}
    assert all(wanted <= set(one) for one in events)
    assert {one["phase"] for one in events} <= set(PHASES)
    assert [one["sequence"] for one in events] == list(range(1, len(events) + 1))
    types = {one["type"] for one in events}
    assert {"stage.started", "stage.completed", "artifact.created", "handoff", "gate.passed", "candidate.started",
            "rollout.step", "drift.detected", "alert", "page", "fallback", "retrain.requested",
            "incident.closed"} <= types  # fmt: skip


def test_times_of_a_scenario_never_go_back(main: Run, tmp_path: Path) -> None:
    _, events = traced(main, tmp_path, CHURN, "--scenario", "gradual-drift")
    times = [one["time"] for one in events]
    assert times == sorted(times)


def test_two_runs_give_the_same_files_and_another_seed_gives_others(main: Run, tmp_path: Path) -> None:
    found = []
    for name, seed in (("one", "7"), ("two", "7"), ("three", "8")):
        (tmp_path / name).mkdir()
        metrics = tmp_path / name / "metrics.json"
        done, _ = traced(main, tmp_path / name, CHURN, "--scenario", "broken-feature", "--seed", seed,
                         "--metrics", str(metrics))  # fmt: skip
        found.append((done.stdout, (tmp_path / name / "trace.jsonl").read_bytes(), metrics.read_bytes()))
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_renaming_the_project_changes_nothing() -> None:
    named = helpers.spec(helpers.answers({**helpers.example_values("churn"), "name": "Something Else"}))
    for fault in ("broken-feature", "dead-dependency"):
        one, other = (rehearse(plan_of(spec), FAULTS[fault], 1, 365) for spec in (named, helpers.example_spec("churn")))
        assert one == other


def test_metrics_count_the_events_of_each_stage(main: Run, tmp_path: Path) -> None:
    _, events = traced(main, tmp_path, CHURN, "--scenario", "broken-feature", "--metrics", str(tmp_path / "m.json"))
    found = json.loads((tmp_path / "m.json").read_text("utf-8"))
    assert found["events"]["handoff"] == 5
    assert sum(found["events"].values()) == len(events)
    assert found["stages"]["ESC"]["attempts"] == 1
    assert found["stages"]["POR"]["waiting_s"] == 0
    assert found["stages"]["ESC"]["work_s"] > 5 * 86400


# ------------------------------------------------------------------ the command


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_every_example_is_rehearsed_in_eighty_columns(name: str) -> None:
    done = rehearsed(helpers.example_spec(name), ["dead-dependency", "provider-retires", "late-labels"], 1, 365)
    text = [*lines(done, False), *lines(done, True)]
    assert done.walk.released
    assert max(map(len, text)) <= 80
    assert all(line.isprintable() for line in text)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_any_answers_can_be_rehearsed(seed: int) -> None:
    done = rehearsed(helpers.spec(sampled(seed)), list(FAULTS), 1, 120)
    assert {one.fault.id for one in done.results} | set(done.spared) == set(FAULTS)
    assert max(map(len, lines(done, True))) <= 80


@pytest.mark.parametrize("seed", range(4))
def test_sparse_answers_can_be_rehearsed(seed: int) -> None:
    done = rehearsed(helpers.spec(sampled(seed)), ["dead-dependency", "missing-labels"], 1, 90)
    assert len(done.results) + len(done.spared) == 2


def test_what_does_not_apply_says_why(main: Run) -> None:
    done = main("rehearse", CHURN, "--scenario", "provider-retires")
    assert done.returncode == 0
    assert "does not apply: the model is the team's own" in " ".join(done.stdout.split())


def test_a_team_of_three_with_a_language_model(main: Run) -> None:
    path = str(helpers.ROOT / "examples" / "support-assistant" / "answers.toml")
    done = main("rehearse", path, "--scenario", "provider-retires", "--format", "json")
    found = json.loads(done.stdout)["scenarios"][0]
    assert found["monitor"] == "alert-golden-night"
    assert found["called"] in ("Mei Tanaka", "Jonas Petersen", "Anneke Visser")
    assert found["noticed_s"]["median"] > 0


def test_a_team_of_one_has_nobody_who_comes_instead() -> None:
    done = rehearsed(helpers.spec(helpers.answers({"team_size": 1, "on_call": "none"})), ["key-person-away"], 1, 60)
    assert done.results[0].acted.median is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--scenario", "drifts"], "there is no scenario 'drifts'"),
        (["--days", "0"], "'0' is no whole number from 1"),
        (["--seed", "x"], "'x' is no whole number from 0"),
        (["--format", "xml"], "there is no format 'xml'"),
        (["--trace", "-"], "it goes into a file"),
    ],
)
def test_what_cannot_be_understood_ends_with_2(main: Run, words: list[str], says: str) -> None:
    done = main("rehearse", CHURN, *words)
    assert done.returncode == 2
    assert says in done.stderr


def test_a_file_of_somebody_else_is_left_alone(main: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes", encoding="utf-8")
    done = main("rehearse", CHURN, "--scenario", "traffic-spike", "--trace", str(path))
    assert done.returncode == 4
    assert path.read_text("utf-8") == "my notes"


def test_simpy_is_loaded_only_by_a_rehearsal() -> None:
    code = "import sys; from mlworkflow.cli import main; main(['questions', 'name']); sys.exit('simpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
