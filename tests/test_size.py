"""`size`: the figures of reference, what they depend on, bad inputs, and the ways they are printed."""

from __future__ import annotations

import ast
import json
import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from mlworkflow.cli.size import sized
from mlworkflow.errors import InputRefused, UsageProblem
from mlworkflow.sizing import TOPICS, topic
from mlworkflow.sizing.model import STATUSES, Option, Sizing, Topic
from mlworkflow.sizing.picture import WIDTH, drawn
from mlworkflow.sizing.reading import read
from mlworkflow.sizing.telling import lines
from tests.helpers import ROOT

if TYPE_CHECKING:
    from tests.conftest import Run

Texts = dict[str, Any]
EXAMPLES = [(name, example) for name in TOPICS for example in topic(name).examples]


def texts(found: Topic, words: str) -> Texts:
    """Return the flags of a command line by name."""
    given: Texts = {}
    parts = [part for part in shlex.split(words) if part != "--picture"]
    kinds = {f"--{option.name}": option for option in found.options}
    for flag, value in zip(parts[::2], parts[1::2], strict=True):
        option = kinds[flag]
        given[option.name] = [*given.get(option.name, []), value] if option.many else value
    return given


def size(name: str, words: str) -> Sizing:
    """Return what the command line comes to."""
    return sized(topic(name), texts(topic(name), words))


def value(name: str, words: str, id: str) -> float:
    """Return one figure of it."""
    line = size(name, words).line(id)
    assert line is not None
    assert line.value is not None
    return line.value


# ------------------------------------------------------------------ the figures of reference

LLAMA_8B = "--parameters 8.03B --layers 32 --kv-heads 8 --head-size 128 --gpu H100"
LLAMA_70B = "--parameters 70.6B --layers 80 --kv-heads 8 --head-size 128 --heads 64 --gpu H100"
SERVICE = "--rate 200/s --service-time 50ms --p99 300ms"
TESTED = '--baseline 10% --effect "1 point"'
REFERENCE = [
    ("experiment", f"{TESTED} --per-day 2000", "users_per_arm", 14751),
    ("experiment", f"{TESTED} --per-day 2000", "weeks", 3),
    ("experiment", f"{TESTED} --per-day 2000", "analysis_day", 21),
    ("experiment", '--baseline 20% --effect "5 points"', "users_per_arm", 1094),
    ("experiment", '--baseline 20% --effect "-5 points"', "users_per_arm", 906),
    ("experiment", '--baseline 50% --effect "25 points" --power 90%', "users_per_arm", 77),
    ("experiment", '--sd 1 --effect "0.1 absolute"', "users_per_arm", 1570),
    ("experiment", '--sd 1 --effect "0.5 absolute"', "users_per_arm", 63),
    ("experiment", '--sd 1 --effect "0.8 absolute"', "users_per_arm", 26),
    ("experiment", f"{TESTED} --treatment-share 10%", "users_in_all", 81949),
    ("experiment", f"{TESTED} --correlation 0.7", "cuped", 0.51),
    ("experiment", f"{TESTED} --cluster-size 5 --icc 0.09090909 --cluster-cv 0.8944", "clusters", 1.7272506),
    ("experiment", f"{TESTED} --looks 5", "planned_looks", pytest.approx(1.028, abs=3e-3)),
    (
        "experiment",
        f"{TESTED} --control-users 821588 --treatment-users 815482",
        "sample_ratio",
        pytest.approx(1.8e-6, rel=0.02),
    ),
    ("serving", SERVICE, "replicas_for_p99", 12),
    ("serving", SERVICE, "replicas_for_utilisation", 15),
    ("serving", SERVICE, "replicas_random", 44),
    ("serving", SERVICE, "with_spare_zone", 24),
    ("serving", f"{SERVICE} --growth 10% --lag 4min", "scaling_trigger", 0.68301346),
    ("serving", f"{SERVICE} --fan-out 2000 --slow-share 0.01%", "slow_requests", 0.18127743),
    ("serving", f"{SERVICE}{' --hop 10ms/50ms' * 5}", "path_p99", pytest.approx(0.132, rel=0.01)),
    ("llm", f"{LLAMA_8B} --tokens-in 3096 --tokens-out 1000", "cache_per_token", 131072),
    ("llm", f"{LLAMA_8B} --tokens-in 3096 --tokens-out 1000", "sequences_that_fit", 102),
    ("llm", f"{LLAMA_70B} --concurrency 32", "weights", 141.2e9),
    ("llm", f"{LLAMA_70B} --concurrency 32", "gpus_for_memory", 3),
    ("llm", f"{LLAMA_70B} --concurrency 32", "gpus", 4),
    ("llm", LLAMA_8B, "compute_binds", 295),
    ("llm", '--price-in "3 USD" --price-out "15 USD" --tokens-in 1000 --tokens-out 250', "api_per_thousand", 6.75),
    (
        "llm",
        '--price-in "3 USD" --price-out "15 USD" --tokens-in 1000 --tokens-out 250 --own-month "4380 USD"',
        "break_even",
        648888.9,
    ),
    ("drift", "--rows-per-day 1000 --reference-rows 1000 --features 1 --window 1d", "rows_for_threshold", 339),
    (
        "drift",
        "--rows-per-day 200 --reference-rows 200 --features 1 --window 1d --alarms 1.5",
        "psi_by_chance",
        pytest.approx(0.169, abs=5e-4),
    ),
    (
        "drift",
        "--rows-per-day 200 --reference-rows 200 --features 1 --window 1d",
        "false_at_threshold",
        pytest.approx(0.35, abs=5e-3),
    ),
    (
        "drift",
        "--rows-per-day 1000 --reference-rows 1000 --features 1 --window 1d --alarms 1.5",
        "ks_threshold",
        0.060736,
    ),
    ("drift", "--rows-per-day 1000 --reference-rows 1000 --features 50", "naive", 0.92305502),
    ("data", "--prevalence 0.5%", "positives_needed", 246),
    ("data", '--prevalence 0.5% --margin "10 points"', "positives_needed", 62),
    ("data", '--prevalence 5% --improvement "2 points"', "pairs", 1960),
    ("data", "--prevalence 5% --auc 0.64", "positives_for_auc", 127),
    ("data", "--prevalence 5% --highest-rate 0.1%", "clean_trials", 2995),
    ("data", "--prevalence 5% --parameters 24 --explained 28.8%", "training_rows", 623),
    ("slo", "--objective 99.9%", "error_budget", 43.2 * 60),
    ("slo", "--objective 99%", "error_budget", 432 * 60),
    ("slo", "--objective 99.9%", "page_1h_burn", 14.4),
    ("slo", "--objective 99.9% --period 28d", "page_1h_burn", 13.44),
    ("slo", "--objective 99.9%", "page_1h_detection", 51.84),
    ("slo", "--objective 99.9%", "page_1h_traffic", 70),
    ("slo", "--objective 99.99%", "page_1h_traffic", 695),
    ("slo", "--objective 99.9% --error-rate 1%", "canary_requests", 2529),
    ("retraining", '--cost "500 USD" --loss-growth "2 USD"', "best_interval", 22.36),
    ("retraining", '--cost "500 USD" --highest-loss "100 USD" --stale-after 20d', "best_interval", 19.226),
    ("cost", '--rate 100/s --log-bytes 2KB --storage "1 USD"', "logs_units", 518.4),
    (
        "cost",
        '--rate 1/s --replicas 2 --replica-hour "0.04937 USD" --function-request "0.20 USD" '
        '--function-gb-second "0.0000166667 USD" --service-time 200ms --function-memory 2GB',
        "serverless_break_even",
        pytest.approx(10.5e6, rel=0.01),
    ),
]


@pytest.mark.parametrize(("name", "words", "id", "expected"), REFERENCE)
def test_a_figure_of_reference(name: str, words: str, id: str, expected: Any) -> None:
    wanted = pytest.approx(expected, rel=3e-4) if isinstance(expected, (int, float)) else expected
    assert value(name, words, id) == wanted


def test_the_answer_that_everybody_tries_first(main: Run) -> None:
    done = main("size", "experiment", "--baseline", "10%", "--effect", "1 point", "--per-day", "2000")
    assert done.returncode == 0
    assert done.stdout.startswith("14,751 users per arm, 29,502 users in all: 3 weeks (21 days) at 2,000 users a day.")


# ------------------------------------------------------------------ what the figures depend on


@pytest.mark.parametrize(
    ("name", "words", "id", "steps"),
    [
        ("experiment", '--baseline 10% --effect "{} points"', "users_per_arm", "4 2 1 0.5 0.1"),
        ("experiment", f"{TESTED} --power {{}}%", "users_per_arm", "50 70 80 90 99"),
        ("experiment", f"{TESTED} --per-day 2000 --max-weeks {{}}", "smallest_effect", "50 20 8 2"),
        ("serving", "--rate {}/s --service-time 50ms --p99 300ms", "replicas", "1 10 100 1000"),
        ("serving", "--rate 200/s --service-time 50ms --p99 {}ms", "replicas_for_p99", "900 400 300 240"),
        ("drift", "--rows-per-day {} --reference-rows 10k --features 9", "smallest_shift", "9999 999 99 9"),
        ("data", '--prevalence 1% --margin "{} points"', "rows_needed", "20 10 5 1"),
        ("slo", "--objective {}%", "error_budget", "99.99 99.9 99 90"),
        ("retraining", '--cost "{} USD" --loss-growth "2 USD"', "best_interval", "1 10 100 1000"),
        ("cost", '--rate {}/s --per-thousand "1 USD"', "total", "1 10 100"),
    ],
)
def test_a_harder_task_never_needs_less(name: str, words: str, id: str, steps: str) -> None:
    found = [value(name, words.format(step), id) for step in steps.split()]
    assert found == sorted(found)
    assert found[0] < found[-1]


@pytest.mark.parametrize("baseline", ["1%", "10%", "50%"])
@pytest.mark.parametrize("extra", ["", " --variants 3", " --treatment-share 20% --correlation 0.5", " --looks 4"])
def test_the_smallest_effect_that_weeks_show_takes_those_weeks(baseline: str, extra: str) -> None:
    words = f"--baseline {baseline} --per-day 5000 --max-weeks 6{extra}"
    smallest = value("experiment", words, "smallest_effect")
    assert value("experiment", f'{words} --effect "{smallest * 1.0001:.9f} absolute"', "weeks") <= 6
    assert value("experiment", f'{words} --effect "{smallest * 0.98:.9f} absolute"', "weeks") > 6


@pytest.mark.parametrize("replicas", [2, 5, 12, 40])
def test_the_traffic_that_replicas_carry_needs_those_replicas(replicas: int) -> None:
    words = "--service-time 50ms --p99 300ms"
    carried = value("serving", f"--rate 1/s {words} --replicas {replicas}", "rate_carried")
    assert value("serving", f"--rate {carried}/s {words}", "replicas") <= replicas
    assert value("serving", f"--rate {carried * 1.1 + 1}/s {words}", "replicas") >= replicas


def test_more_replicas_never_raise_p99() -> None:
    picture = size("serving", SERVICE).picture
    assert picture is not None
    heights = [point.value for point in picture.points]
    assert heights == sorted(heights, reverse=True)


# ------------------------------------------------------------------ plans that cannot work

INFEASIBLE = [
    ("experiment", '--baseline 2% --effect "1% relative" --per-day 2000'),
    ("serving", "--rate 200/s --service-time 50ms --p99 200ms"),
    ("llm", f"{LLAMA_70B} --gpus-at-hand 2"),
    ("drift", "--rows-per-day 30 --reference-rows 300 --features 40 --shift 0.1"),
    ("data", "--prevalence 2% --rows 1000"),
    ("slo", "--objective 99.9% --dependency 99.5%"),
    ("retraining", '--cost "5000 USD" --highest-loss "100 USD" --stale-after 20d'),
    ("cost", '--rate 9/s --replicas 9 --replica-hour "1 USD" --budget "100 USD/month"'),
]


@pytest.mark.parametrize(("name", "words"), INFEASIBLE)
def test_what_cannot_work_is_an_answer_with_ways_out(main: Run, name: str, words: str) -> None:
    found = size(name, words)
    assert found.status == "infeasible"
    assert len(found.ways_out) >= 2 or name == "cost"
    assert all(way.value is not None and way.formula for way in found.ways_out)
    assert main("size", name, *shlex.split(words)).returncode == 0
    strict = main("size", name, *shlex.split(words), "--strict")
    assert strict.returncode == 1
    assert strict.stderr.startswith(f"found: size {name}: ")


def test_what_works_has_no_ways_out_and_passes_strict(main: Run) -> None:
    assert size("experiment", f"{TESTED} --per-day 2000").ways_out == ()
    assert main("size", "serving", *SERVICE.split(), "--strict").returncode == 0


def test_a_budget_in_another_currency_needs_a_rate() -> None:
    words = '--rate 9/s --replicas 9 --replica-hour "0.1 USD" --budget "1k EUR/month"'
    line = size("cost", words).line("over_budget")
    assert line is not None
    assert (line.value, line.status) == (None, "unknown")
    assert value("cost", f"{words} --exchange-rate 1.25", "over_budget") == pytest.approx(657 / 1250)


def test_alerts_that_cannot_fire_are_named() -> None:
    assert "can never fire: Page on 1 hour" in size("slo", "--objective 90%").answer
    assert "never fire" not in size("slo", "--objective 99.9%").answer


def test_without_prices_there_is_no_money() -> None:
    found = size("cost", "--rate 100/s --log-bytes 2KB --replicas 6")
    assert found.status == "unknown"
    assert all(line.unit in ("requests", "hours", "GB") for line in found.lines)


# ------------------------------------------------------------------ bad inputs, for every flag

NEGATIVE = {
    "share": "-5%", "count": "-3", "duration": "-1s", "rate": "-2/s", "number": "-0.5", "price": "-1 USD",
    "money": "-1 USD/month", "size": "-1GB", "hop": "-1ms/2ms",
}  # fmt: skip
ZERO = {
    "share": "0%", "count": "0", "duration": "0s", "rate": "0/s", "number": "0", "price": "0 USD", "size": "0GB",
    "effect": "0 points", "hop": "0ms/1ms",
}  # fmt: skip
MORE = {
    "share": ("150%", "5"), "effect": ("5%", "0.05", "101 points"), "day": ("2026-02-30",), "choice": ("other",),
    "duration": ("50",), "rate": ("50",), "size": ("80",), "price": ("5 USD/month",), "count": ("1.5",),
    "hop": ("10ms", "50ms/10ms"),
}  # fmt: skip
BELOW_ZERO = ("anything", "correlation")
AT_ZERO = (*BELOW_ZERO, "zero or more", "0 to 1")


def bad(option: Option) -> Iterator[str]:
    """Yield texts that an option must refuse."""
    yield "nan"
    yield ""
    yield from MORE.get(option.kind, ())
    if option.kind in NEGATIVE and not (option.kind == "number" and option.allows == "anything"):
        yield NEGATIVE[option.kind] if option.allows != "correlation" else "-1"
    if option.kind in ZERO and option.allows not in AT_ZERO:
        yield ZERO[option.kind]
    if option.allows in ("probability", "objective", "availability", "power"):
        yield "100%" if option.kind == "share" else "1"


BAD = [(name, option, text) for name in TOPICS for option in topic(name).options for text in bad(option)]


@pytest.mark.parametrize("name", TOPICS)
def test_every_flag_refuses_what_it_cannot_mean_in_one_sentence(name: str) -> None:
    found = topic(name)
    base = texts(found, found.examples[0])
    for _, option, text in (one for one in BAD if one[0] == name):
        with pytest.raises(InputRefused) as refused:
            read(found, {**base, option.name: [text] if option.many else text})
        (problem,) = refused.value.problems
        assert problem.place == f"--{option.name}", text
        assert problem.what, text
        assert "\n" not in problem.what + problem.fix
        assert problem.fix.startswith(f"for example --{option.name} ")


@pytest.mark.parametrize(
    ("name", "words", "says"),
    [
        ("experiment", "--baseline 0 --effect '1 point'", "--baseline: must lie between 0 % and 100 %"),
        ("experiment", "--baseline 10% --effect 5%", "5 points, or 5 % relative?"),
        ("experiment", "--baseline 99.5% --effect '1 point'", "is the effect perhaps meant as relative?"),
        ("experiment", f"{TESTED} --per-day 0", "--per-day: must be above zero"),
        ("experiment", "--sd 4 --effect '1 point'", "has no points"),
        ("experiment", "--sd 4 --effect '1% relative'", "add --mean"),
        ("experiment", f"{TESTED} --variants 2 --treatment-share 20%", "leave --treatment-share out"),
        ("serving", "--rate 200/s --service-time 50ms --utilisation 100%", "--utilisation: must lie between"),
        ("serving", "--rate 1M/s --service-time 50ms", "split the load"),
        ("llm", '--price-in "3 USD" --price-out "15 EUR"', "in one currency"),
        ("data", "--prevalence 5% --margin '5% relative'", "write it in points"),
        ("data", "--prevalence 5% --improvement '20 points'", "smaller than --discordant"),
        ("slo", "--objective 100%", "100 % leaves no error budget"),
        ("slo", "--objective 99% --error-rate 60%", "is not below 1"),
        ("retraining", '--cost "5 USD" --decay "5% relative" --point-value "1 USD"', "not relative"),
        ("cost", "--rate nan", "--rate: the number must be finite"),
    ],
)
def test_bad_values_and_mixtures_end_with_3(main: Run, name: str, words: str, says: str) -> None:
    done = main("size", name, *shlex.split(words))
    assert done.returncode == 3
    assert done.stdout == ""
    assert says in done.stderr
    assert done.stderr.count("error: ") == 1


@pytest.mark.parametrize("words", ["", "nope", "experiment --nope 1", "experiment", "slo", "experiment --format xml"])
def test_a_command_that_cannot_be_carried_out_ends_with_2(main: Run, words: str) -> None:
    given = f"{TESTED} --format xml" if "xml" in words else words.partition(" ")[2]
    done = main("size", *words.split(" ")[:1] if words else (), *shlex.split(given))
    assert done.returncode == 2
    assert done.stderr


EXTREME = {
    "count": ("1", "1000000000000000"), "share": ("0.000001%", "99.99999%"), "duration": ("1us", "1000y"),
    "rate": ("1/year", "1000000000/s"), "number": ("0.0000001", "1000000000000"), "size": ("1B", "900PB"),
    "price": ("0.0000001 USD", "1000000000000 USD"), "money": ("none", "1 USD/month"), "day": ("1999-12-31",),
    "effect": ("0.0001 points", "-99 points", "900% relative"), "hop": ("1us/1us", "1ms/1000y"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOPICS)
def test_extreme_values_are_answered_or_refused(name: str) -> None:
    found = topic(name)
    for option in found.options:
        for text in option.choices or EXTREME[option.kind]:
            given = {**texts(found, found.examples[0]), option.name: [text] if option.many else text}
            try:
                whole = sized(found, given)
            except (InputRefused, UsageProblem):
                continue
            assert list(lines(whole, picture=True))


# ------------------------------------------------------------------ how it is printed


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_of_the_help_runs_and_is_valid_json(main: Run, name: str, example: str) -> None:
    text = main("size", name, *shlex.split(example))
    assert (text.returncode, text.stderr) == (0, "")
    data = json.loads(main("size", name, *shlex.split(example), "--format", "json").stdout)
    assert text.stdout.startswith(data["answer"].partition(" ")[0])
    assert data["status"] in STATUSES
    known = {one["id"] for one in data["figures"]} | {one["id"] for one in data["inputs"]}
    for figure in data["figures"]:
        assert figure.keys() == {"id", "label", "value", "said", "unit", "formula", "inputs", "status", "note"}
        assert set(figure["inputs"]) <= known
        assert figure["status"] in STATUSES
        assert figure["note"] or figure["status"] == "ok"
        assert f"  {figure['label']}: {figure['said']}" in text.stdout
    _every_default_has_a_reason(data)


def _every_default_has_a_reason(data: Mapping[str, Any]) -> None:
    for one in data["inputs"]:
        assert one["source"] in ("given", "default", "not given")
        assert bool(one.get("because")) == (one["source"] == "default")


@pytest.mark.parametrize("name", TOPICS)
def test_the_help_of_a_topic_shows_its_examples_and_flags(main: Run, name: str) -> None:
    done = main("size", name, "--help")
    assert done.returncode == 0
    assert f"mlworkflow size {name} {topic(name).examples[0]}" in done.stdout
    assert all(f"--{option.name} " in done.stdout for option in topic(name).options)


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_a_picture_fits_and_needs_no_colour(name: str, example: str) -> None:
    picture = size(name, example).picture
    if picture is None:
        return
    rows = drawn(picture)
    assert all(len(row) <= WIDTH and row.isascii() and row.isprintable() for row in rows)
    assert any("#" in row for row in rows)
    assert all(point.said in "\n".join(rows) for point in picture.points)


def test_every_topic_has_a_picture_and_says_what_moves_its_figure() -> None:
    for name in TOPICS:
        found = [size(name, example) for example in topic(name).examples]
        assert any(one.picture for one in found), name
        assert any(one.moves for one in found), name


def test_values_are_shown_as_the_given_and_the_assumed(main: Run) -> None:
    out = main("size", "experiment", *shlex.split(TESTED)).stdout
    assert "baseline         10 %, given" in out
    assert "alpha            5 %, default, because it is the custom for one primary metric" in out
    assert "? the traffic was not given: add --per-day" in out


def test_options_are_well_formed() -> None:
    for name in TOPICS:
        for option in topic(name).options:
            assert bool(option.default) == bool(option.because), (name, option.name)
            assert option.help.endswith("."), (name, option.name)
            assert option.kind != "choice" or option.choices


def test_the_arithmetic_of_a_topic_knows_nothing_of_commands_and_packs() -> None:
    allowed = (
        "mlworkflow.numbers",
        "mlworkflow.sizing",
        "mlworkflow.quantity",
        "mlworkflow.price",
        "mlworkflow.errors",
        "mlworkflow.wording",
    )
    for path in (ROOT / "mlworkflow" / "sizing").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mlworkflow"):
                assert (node.module or "").startswith(allowed), path.name
