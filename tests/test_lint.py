"""`lint`: a design held against itself; each rule has a case that breaks it, on a base that is clean without."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlworkflow import designing
from mlworkflow.answers import gather
from mlworkflow.cli.telling import EXPLAINED, vanishing
from mlworkflow.documents.rendering import render
from mlworkflow.errors import InputRefused
from mlworkflow.linting import NOTE, SEVERITIES, Linted, lint, rules
from mlworkflow.linting.telling import lines, listed
from mlworkflow.pack import load
from mlworkflow.question import Answer, Answers
from tests import helpers
from tests.sampling import sampled

if TYPE_CHECKING:
    from tests.conftest import Run

CASES = helpers.TESTS / "cases" / "lint"
TODAY = "2026-11-21"
RULES = {rule.id: rule for rule in rules(helpers.knowledge())}
PAGE = helpers.ROOT / "mlworkflow" / "linting" / "RULES.md"


@cache
def file(name: str) -> Mapping[str, Any]:
    return tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))


BASES = tuple(sorted(path.stem for path in CASES.glob("*.toml")))
BROKEN = [(name, case) for name in BASES for case in file(name).get("case", [])]


def linted(values: Mapping[str, Any], *only: str) -> Linted:
    return lint(helpers.spec(helpers.answers(values)), TODAY, only)


def found(values: Mapping[str, Any], *only: str) -> set[str]:
    return {one.rule.id for one in linted(values, *only).results}


@cache
def of_base(name: str) -> frozenset[str]:
    return frozenset(found(file(name)["answers"]))


def broken(name: str, case: Mapping[str, Any]) -> dict[str, Any]:
    """The base with what a case leaves out, gives otherwise, or changes in one record."""
    values = helpers.without(file(name)["answers"], case.get("without", []))
    for path, value in case.get("records", {}).items():
        id, place, field = path.split(".")
        entries = [dict(entry) for entry in values[id]]
        entries[int(place)][field] = value
        values[id] = [{key: one for key, one in entry.items() if one != ""} for entry in entries]
    return {**values, **case.get("answers", {})}


# ------------------------------------------------------------------ every rule


@pytest.mark.parametrize("name", BASES)
def test_a_base_has_neither_errors_nor_warnings(name: str) -> None:
    assert [one.id for one in linted(file(name)["answers"]).failing(strict=True)] == []


@pytest.mark.parametrize(("name", "case"), BROKEN, ids=[f"{name}: {case['rule']}" for name, case in BROKEN])
def test_a_case_breaks_its_rule_and_what_must_come_along(name: str, case: Mapping[str, Any]) -> None:
    rule, values = case["rule"], broken(name, case)
    assert rule not in of_base(name)
    assert rule in found(values, rule)
    new = {one for one in found(values) - of_base(name) if RULES[one].severity != NOTE}
    assert new - {rule} == set(case.get("along", []))


# Our rows leave something to choose under every answer; a pack's need not.
BY_A_PACK = {"nothing-left-to-choose"}


def test_every_rule_has_a_case() -> None:
    assert {case["rule"] for _, case in BROKEN} | BY_A_PACK == set(RULES)


def test_ids_are_unique_and_severities_known() -> None:
    every = rules(helpers.knowledge())
    assert len(RULES) == len(every)
    for rule in every:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id), rule.id
        assert rule.severity in SEVERITIES
        assert rule.says, rule.id
        assert "{" not in rule.says, rule.id


def test_no_rule_fires_on_every_design_and_each_result_says_what_to_do() -> None:
    counts: Counter[str] = Counter()
    for seed in range(40):
        results = lint(helpers.spec(sampled(seed)), TODAY).results
        counts.update({one.rule.id for one in results})
        for one in results:
            assert one.says, one.id
            assert one.fix, one.id
            assert "not known" not in one.says, (seed, one.id, one.says)
    assert max(counts.values()) < 40


def test_the_page_of_rules_is_what_the_rules_are(request: pytest.FixtureRequest) -> None:
    rows = [
        f"| `{rule.id}` | {rule.severity} | {rule.says.replace('<', '‹').replace('>', '›')} |"
        for rule in RULES.values()
    ]
    by = "Written by `pytest --rewrite tests/test_lint.py`; `mlworkflow lint --list` prints the same."
    head = f"# Lint rules\n\n{by}\n\n"
    page = head + "\n".join(["| Rule | Severity | Finds |", "| --- | --- | --- |", *rows]) + "\n"
    if request.config.getoption("--rewrite"):
        PAGE.write_text(page, encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == page


# ------------------------------------------------------------------ the examples


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_what_lint_says_of_an_example_was_read(name: str, run: Run, request: pytest.FixtureRequest) -> None:
    text = run("lint", f"examples/{name}/answers.toml", "--date", TODAY, cwd=helpers.ROOT).stdout
    path = helpers.TESTS / "data" / "lint" / f"{name}.txt"
    if request.config.getoption("--rewrite"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_lines_fit_eighty_columns(name: str) -> None:
    spec = helpers.example_spec(name)
    for line in (*lines(spec, lint(spec, TODAY)), *listed(list(RULES.values()))):
        assert len(line) <= 80 or " " not in line.strip(), line


# ------------------------------------------------------------------ findings


def everything_held(spec: designing.Spec) -> Iterator[str]:
    yield from (one.clause.id for one in (*spec.clauses, *spec.linted) if one.clause.kind in EXPLAINED)


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_what_makes_a_finding_go_makes_it_go_in_a_whole_new_design(name: str) -> None:
    spec = helpers.example_spec(name)
    tried = 0
    for id in dict.fromkeys(everything_held(spec)):
        clause = next(one for one in spec.knowledge.clauses if one.id == id)
        before = {one.id for one in (*spec.clauses, *spec.linted) if one.clause.id == id}
        for move in vanishing(spec, clause)[::5]:
            after = helpers.spec(Answers({**spec.answers.by_id, move.answer: Answer(move.value, "asked")}))
            assert before - {one.id for one in (*after.clauses, *after.linted)}, (id, move)
            tried += 1
    assert tried > 10


def test_an_open_question_weighs_what_a_whole_new_design_shows() -> None:
    spec = helpers.spec(helpers.answers({"who_waits": "person", "mean_load": "12/s"}))
    weights = [one.weight for one in spec.open]
    assert weights == sorted(weights, reverse=True)
    limit = next(one for one in spec.open if one.question.id == "latency_p99")
    assert limit.blocks
    assert [move.clause for move in limit.moves if not move.appears] == ["no-latency-limit"]
    for one in spec.open:
        for move in one.moves:
            after = helpers.spec(Answers({**spec.answers.by_id, move.answer: Answer(move.value, "asked")}))
            assert (move.clause in {one.clause.id for one in after.clauses}) is move.appears, move


def test_explain_says_what_a_finding_follows_from_and_what_makes_it_go(run: Run, churn: Path) -> None:
    text = run("explain", str(churn), "finding:capacity-caps-recall").stdout
    assert re.search(r"follows from\n    action_capacity +1,500 +file: \S+answers\.toml:\d+\n", text)
    assert "highest_recall = min(1, capacity / (population x prevalence)) = 53.6 %" in text
    assert "if action_capacity were such as 3,000" in text
    data = json.loads(run("explain", str(churn), "finding:capacity-caps-recall", "--format", "json").stdout)[0]
    assert {one["name"] for one in data["follows_from"]} == {"action_capacity", "population", "prevalence"}
    assert {one["answer"] for one in data["goes"]} == {"action_capacity", "population", "prevalence"}


def test_explain_without_a_thing_lists_findings_as_well(run: Run, churn: Path) -> None:
    assert "\nfinding:capacity-caps-recall " in run("explain", str(churn)).stdout
    kinds = {one["kind"] for one in json.loads(run("explain", str(churn), "--format", "json").stdout)}
    assert kinds == {"decision", "finding"}


def test_data_of_a_design_names_the_answers_of_each_finding(run: Run, churn: Path) -> None:
    clauses = json.loads(run("generate", str(churn), "--format", "json").stdout)["clauses"]
    noticed = [one for one in clauses if one["kind"] in EXPLAINED]
    assert noticed
    for one in noticed:
        assert one["follows_from"], one["id"]


# ------------------------------------------------------------------ the command


BASE = CASES / "classification.toml"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A clean design as an answers file of its own."""
    text = BASE.read_text("utf-8").split("[[case]]")[0].replace("[answers]\n", "").replace("[[answers.", "[[")
    path = tmp_path / "answers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def waiver(rule: str, until: str) -> str:
    return f'\n[[waivers]]\nrule = "{rule}"\nuntil = "{until}"\nowner = "Ada"\nreason = "the desk is staffed in May"\n'


def test_errors_end_with_one_and_warnings_only_where_they_count(run: Run, place: Path) -> None:
    clean = run("lint", str(place))
    assert (clean.returncode, clean.stderr) == (0, "")
    assert re.search(r"^0 errors, 0 warnings, \d notes?$", clean.stdout, re.MULTILINE)
    warned = ("lint", str(place), "--set", "out_of_scope=", "--set", "threshold_owner=not sure")
    assert run(*warned).returncode == 0
    strict = run(*warned, "--strict")
    assert strict.returncode == 1
    assert "warning: threshold-owner-missing (Problem Definition)" in strict.stdout
    assert "fix: first threshold-owner-missing: " in strict.stderr
    wrong = run("lint", str(place), "--set", "air_gap=yes")
    assert wrong.returncode == 1
    assert "error: air-gap-in-a-cloud (Model Serving)" in wrong.stdout
    assert run("lint", str(place), "threshold-owner-missing", "--set", "air_gap=yes").returncode == 0


def test_a_waived_result_is_shown_with_its_owner_and_does_not_count(run: Run, place: Path) -> None:
    broken = place.read_text("utf-8").replace('cloud = "aws"', 'cloud = "aws"\nair_gap = true')
    place.write_text(broken + waiver("air-gap-in-a-cloud", "2026-12-31"), encoding="utf-8")
    done = run("lint", str(place), "--date", "2026-12-31")
    assert done.returncode == 0
    assert "waived: air-gap-in-a-cloud (Model Serving)" in done.stdout
    assert "accepted by Ada, until 2026-12-31: the desk is staffed in May" in done.stdout
    assert ", 1 waived\n" in done.stdout
    kept = json.loads(run("lint", str(place), "--date", "2026-12-31", "--format", "json").stdout)
    assert [one["waived"]["owner"] for one in kept["results"] if one["waived"]] == ["Ada"]
    document = run("generate", str(place)).stdout
    assert "- air-gap-in-a-cloud until 2026-12-31, accepted by Ada: the desk is staffed in May." in document


def test_a_waiver_that_is_over_says_so_and_fails(run: Run, place: Path) -> None:
    broken = place.read_text("utf-8").replace('cloud = "aws"', 'cloud = "aws"\nair_gap = true')
    place.write_text(broken + waiver("air-gap-in-a-cloud", "2026-12-31"), encoding="utf-8")
    done = run("lint", str(place), "--date", "2027-01-01")
    assert done.returncode == 1
    assert "error: air-gap-in-a-cloud" in done.stdout
    assert "Ada accepted air-gap-in-a-cloud until 2026-12-31: the desk is staffed in May" in " ".join(
        done.stdout.split()
    )


def test_what_is_wrong_with_a_waiver_cannot_be_waived(run: Run, place: Path) -> None:
    broken = place.read_text("utf-8").replace('cloud = "aws"', 'cloud = "aws"\nair_gap = true')
    both = waiver("air-gap-in-a-cloud", "2026-11-01") + waiver("waiver-expired", "2027-12-31")
    place.write_text(broken + both, encoding="utf-8")
    done = run("lint", str(place), "--date", TODAY)
    assert done.returncode == 1
    assert "error: waiver-expired[air-gap-in-a-cloud]" in done.stdout
    assert "waiver-expired is about waivers, and cannot be waived." in done.stdout


def test_a_chosen_rule_shows_the_state_of_its_waiver(run: Run, place: Path) -> None:
    expired = waiver("qc-05", "2026-11-01")
    text = place.read_text("utf-8")
    text = re.sub("^approver = .*$", "", text, flags=re.MULTILINE)
    place.write_text(text + expired + waiver("peak-unknown", "2026-11-01"), encoding="utf-8")
    done = run("lint", str(place), "qc-05", "--date", TODAY)
    assert done.returncode == 1
    assert "error: waiver-expired[qc-05]" in done.stdout
    assert "[peak-unknown]" not in done.stdout


def test_nobody_on_call_is_said_whatever_the_availability() -> None:
    values = {**file("classification")["answers"], "on_call": "none"}
    for availability in ("95%", "99.9%", "99.99%"):
        assert "online-and-nobody-called" in found({**values, "availability": availability})
    unsaid = helpers.without({**values, "availability": "99.9%"}, ["on_call"])
    results = {one.rule.id: one.says for one in linted(unsaid).results}
    assert "online-and-nobody-called" not in results
    assert results["no-one-at-night"].endswith("nobody is called at night (assumed).")


def brief(name: str) -> dict[str, Any]:
    return dict(tomllib.loads((helpers.TESTS / "briefs" / f"{name}.toml").read_text("utf-8")))


def test_a_baseline_that_is_told_in_rates_or_words_is_not_called_unmeasured() -> None:
    chest = brief("chest-triage")
    design = helpers.spec(helpers.answers(chest))
    assert design.value("baseline_reached") == 0.92
    assert "baseline_value" not in {one.question.id for one in design.open}
    assert "| Baseline performance | People: 0.92 (as told" in render(design)
    told = helpers.without(chest, ["baseline_recall", "baseline_false_alarm_rate"])
    assert "baseline-unmeasured" in found(told)
    assert "baseline_value" in {one.question.id for one in helpers.spec(helpers.answers(told)).open}
    for words, value in (("recall of 91.5 % on 2025", 0.915), ("0.9 sensitivity, double reading", 0.9)):
        said = {**told, "baseline_measured": words}
        assert helpers.spec(helpers.answers(said)).value("baseline_reached") == value
        assert "baseline-unmeasured" not in found(said)
    for words in ("all of 2025, two readers", "AUC 0.8 on 2025", "recall after 30 days", "recall 92 of them"):
        assert "baseline-unmeasured" in found({**told, "baseline_measured": words}), words


def test_a_paired_review_lacks_its_size_only_where_it_has_one() -> None:
    assert found(brief("cold-chain"), "qc-07") == set()
    assert found(brief("pump-failures"), "qc-07") == set()
    (one,) = linted(brief("bale-counter"), "qc-07").results
    assert one.answers == ("baseline_recall", "success_threshold")
    assert "give baseline_recall and success_threshold" in one.fix
    sized = {**brief("bale-counter"), "baseline_recall": "80%", "success_threshold": "0.9"}
    assert found(sized, "qc-07") == set()


def test_an_estimate_above_the_limit_is_said_and_names_the_missing_answer() -> None:
    (one,) = linted(brief("bale-counter"), "qc-06").results
    assert "estimated to take up to 100 ms, and 80 ms are allowed" in one.says
    assert one.answers == ("service_p99",)
    assert one.fix.startswith("give service_p99")
    (one,) = linted({**brief("bale-counter"), "service_p99": "90ms"}, "qc-06").results
    assert "take up to 90 ms, and 80 ms are allowed" in one.says


def test_what_nobody_said_is_no_fact(run: Run, churn: Path, tmp_path: Path) -> None:
    lines = churn.read_text("utf-8").splitlines()
    path = tmp_path / "answers.toml"
    path.write_text("\n".join(one for one in lines if not one.startswith("hours_per_month")), encoding="utf-8")
    said = " ".join(run("lint", str(path), "upkeep-exceeds-hours", "--set", "team_size=1").stdout.split())
    assert "the team has 8 (assumed)." in said
    explained = run("explain", str(path), "finding:upkeep-exceeds-hours", "--set", "team_size=1").stdout
    assert "the team has 8 (assumed)." in explained
    assert "the team has 8 (assumed)." in run("generate", str(path), "--set", "team_size=1").stdout
    path.write_text("\n".join(one for one in lines if not one.startswith("action_effect")), encoding="utf-8")
    said = " ".join(run("lint", str(path), "acting-changes-labels").stdout.split())
    assert "no longer show what would have been (assumed)." in said
    assert "would have been (assumed)." not in run("lint", str(churn), "acting-changes-labels").stdout


def test_every_statement_ends_with_a_period_and_fits_outside_the_document(run: Run, churn: Path) -> None:
    text = run("lint", str(churn), "--format", "github", "--date", TODAY).stdout
    assert "tariff. Fix: say" in text
    for seed in range(10):
        for one in lint(helpers.spec(sampled(seed)), TODAY).results:
            assert one.says[-1] in ".!?…", one.id
            assert not re.search(r"\bbelow (is|marks|stay)\b|as the table says", f"{one.says} {one.fix}"), one.id


def test_every_id_that_lint_prints_can_be_explained(run: Run) -> None:
    path = str(helpers.TESTS / "briefs" / "bale-counter.toml")
    text = run("explain", path, "finding:qc-06").stdout
    assert "estimated to take up to 100 ms" in text
    assert "fix: give service_p99" in text
    other = run("explain", path, "finding:prices-outdated").stdout
    assert "does not hold here" in other
    data = json.loads(run("explain", path, "finding:qc-06", "--format", "json").stdout)[0]
    assert [one["rule"] for one in data["results"]] == ["qc-06"]
    assert "did you mean 'qc-06'?" in run("explain", path, "finding:qc-066").stderr


def test_a_text_that_is_no_answers_file_is_called_so(run: Run) -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        done = run("lint", str(helpers.ROOT / name))
        assert done.returncode == 3
        assert "this is no answers file, nor a document of ours" in done.stderr


def test_the_command_judges_by_today_unless_told(run: Run, place: Path) -> None:
    place.write_text('review_by = "2000-01-01"\n' + place.read_text("utf-8"), encoding="utf-8")
    assert "review-overdue" in run("lint", str(place)).stdout
    assert "review-overdue" not in run("lint", str(place), "--date", "1999-12-31").stdout
    assert run("lint", str(place), "--date", "soon").returncode == 2


def test_github_points_at_the_line_of_the_answer(run: Run, place: Path) -> None:
    place.write_text("air_gap = true\n" + place.read_text("utf-8"), encoding="utf-8")
    text = run("lint", str(place), "--format", "github").stdout
    assert f"::error file={place},line=1,title=lint air-gap-in-a-cloud::" in text
    assert text.splitlines()[-1].startswith("::notice title=lint::1 error, 0 warnings, ")


def test_rules_are_listed_without_a_design_and_unknown_ones_refused(run: Run, place: Path) -> None:
    listed = run("lint", "--list")
    assert listed.returncode == 0
    assert {line.split()[0] for line in listed.stdout.splitlines() if not line.startswith(" ")} == set(RULES)
    assert len(json.loads(run("lint", "--list", "--format", "json").stdout)) == len(RULES)
    wrong = run("lint", str(place), "air-gap-in-cloud")
    assert wrong.returncode == 2
    assert "did you mean 'air-gap-in-a-cloud'?" in wrong.stderr
    assert run("lint").returncode == 2
    assert run("lint", str(place), "--format", "xml").returncode == 2


# ------------------------------------------------------------------ packs

NOTHING = """
id = "feature-store"

[[rules_out]]
id = "house-freeze"
option = ["none", "batch-tables", "online-store"]
because = "the house builds no features this year"
"""


def test_a_pack_that_leaves_nothing_to_choose_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "feature-store.toml").write_text(NOTHING, encoding="utf-8")
    stacked = load([str(tmp_path)])
    spec = helpers.spec(gather(stacked, [helpers.layer(file("classification")["answers"])]), stacked)
    results = lint(spec, TODAY, ["nothing-left-to-choose"]).failing()
    assert [one.id for one in results] == ["nothing-left-to-choose[feature-store]"]
    assert "the house builds no features this year" in results[0].because


PACK = """
[[clause]]
id = "acme-no-nights"
kind = "lint"
section = "serving"
when = "on_call == 'around-the-clock'"
says = "{people_at_hand} people were said to take the nights."
because = "the house rule is that nights belong to the first line"
columns = { severity = "error", place = "on_call", fix = "answer on_call with first-line" }
"""


def test_a_pack_adds_its_own_rules(tmp_path: Path) -> None:
    (tmp_path / "clauses").mkdir()
    (tmp_path / "clauses" / "lint.toml").write_text(PACK, encoding="utf-8")
    stacked = load([str(tmp_path)])
    values = {**file("classification")["answers"], "on_call": "around-the-clock"}
    spec = helpers.spec(gather(stacked, [helpers.layer(values)]), stacked)
    results = lint(spec, TODAY, ["acme-no-nights"]).failing()
    assert [(one.says, one.fix, one.place) for one in results] == [
        ("5 people were said to take the nights.", "answer on_call with first-line", "on_call")
    ]


@pytest.mark.parametrize(
    ("was", "is_", "says"),
    [
        ('severity = "error"', 'severity = "fatal"', "severity = 'fatal' is not one of error, warning, note"),
        ('fix = "answer on_call with first-line"', 'fix = ""', "a lint has no fix"),
        ('place = "on_call"', 'place = "on_cal"', "place = 'on_cal' is no answer"),
    ],
)
def test_a_rule_that_says_too_little_is_refused(tmp_path: Path, was: str, is_: str, says: str) -> None:
    (tmp_path / "clauses").mkdir()
    (tmp_path / "clauses" / "lint.toml").write_text(PACK.replace(was, is_), encoding="utf-8")
    with pytest.raises(InputRefused, match=re.escape(says)):
        load([str(tmp_path)])
