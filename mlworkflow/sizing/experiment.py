"""Sizes an experiment: users, weeks, looks, guardrails, and the smallest effect that the traffic shows."""

from __future__ import annotations

from mlworkflow.numbers import experiment as numbers
from mlworkflow.numbers.validity import Infeasible, Invalid
from mlworkflow.sizing.experiment_factors import arms, factors, guardrail_users
from mlworkflow.sizing.experiment_options import OPTIONS
from mlworkflow.sizing.experiment_watch import looking, sample_ratio
from mlworkflow.sizing.experiment_ways import ways_out
from mlworkflow.sizing.model import Inputs, Picture, Point, Sizing, Topic
from mlworkflow.sizing.picture import thinned
from mlworkflow.sizing.reading import one_of
from mlworkflow.sizing.sheet import Sheet, said_share, shown


def size(given: Inputs) -> Sizing:
    """Return the size of an experiment, or of the effect that it can show."""
    if not given.has("baseline") and not given.has("sd"):
        one_of("experiment", ["--baseline 10%", "--sd 40"])
    if not given.has("effect") and not given.has("per-day"):
        one_of("experiment", ['--effect "1 point"', "--per-day 2000"])
    sheet = Sheet(given)
    effect = _effect(given)
    users = _users(sheet, given, effect) if effect else None
    factor = factors(sheet, given)
    total = _total(sheet, given, users, factor) if users else None
    weeks = _duration(sheet, given, total) if total else None
    looking(sheet, given, weeks)
    smallest = _reverse(sheet, given, factor)
    sample_ratio(sheet, given)
    if users and total and weeks and effect:
        ways_out(sheet, given, effect, total, weeks, smallest)
    main = "users_per_arm" if users else "smallest_effect"
    return sheet.done(
        "experiment",
        main,
        _answer(sheet, given, weeks),
        _picture(given, effect, factor, weeks),
        "weeks smallest_effect" if users else "",
    )


def _effect(given: Inputs) -> float | None:
    """Return the effect in absolute terms."""
    effect = given.raw("effect")
    if effect is None:
        return None
    if given.has("sd") and effect.points:
        raise Invalid("a metric that is no rate has no points; write the effect as 0.5 absolute or 5 % relative")
    today = given.maybe("mean") if given.has("sd") else given.maybe("baseline")
    if effect.relative and today is None:
        raise Invalid("a relative effect needs the mean of today; add --mean, or write the effect as absolute")
    return float(effect.size * (today or 1) if effect.relative else effect.size)


def _users(sheet: Sheet, given: Inputs, effect: float) -> float:
    alpha, power = given.number("alpha"), given.number("power")
    if given.has("sd"):
        users = numbers.users_per_arm_for_means(given.number("sd"), effect, alpha, power)
        needed = numbers.users_for_skew(given.maybe("skewness") or 0)
        note = f"so skewed a metric needs {needed:,} users per arm before its mean is normal" if needed > users else ""
        if users < 50:
            users = numbers.users_per_arm_for_few(given.number("sd"), effect, alpha, power)
        formula, names = "2 (z(alpha/2) + z(power))^2 sd^2 / effect^2; Student's t below 50", "mean sd effect skewness"
    else:
        base = given.number("baseline")
        users = numbers.users_per_arm_for_rates(base, effect, alpha, power)
        few = users * min(base, base + effect) < 100
        note = "an arm has fewer than 100 successes, too few to trust" if few else ""
        if not numbers.normal_enough(base, effect, users):
            note = "an arm has fewer than 10 successes or failures, so the formula strains"
        formula = "(z(alpha/2) sqrt(2 p q) + z(power) sqrt(p1 q1 + p2 q2))^2 / (p2 - p1)^2, p the mean of p1 and p2"
        names = "baseline effect"
    return sheet.add(
        "users_per_arm", "Users per arm", "count", users, formula, f"{names} alpha power", "users per arm", note
    )


def _total(sheet: Sheet, given: Inputs, users: float, factor: float) -> float:
    names = " ".join(line.id for line in sheet.lines)
    needed = users
    if factor != 1:
        needed = sheet.add("needed_per_arm", "Users per arm with all of this", "count", users * factor,
                           "users per arm x every factor", names, "users per arm")  # fmt: skip
    needed = max(needed, guardrail_users(sheet, given))
    names = "needed_per_arm" if factor != 1 else "users_per_arm"
    total = needed * arms(given)
    formula = "2 x users per arm x 1/(4 s (1 - s)), s = treatment's share; arms x users per arm with several variants"
    more = " guardrail_users" if given.has("guardrail-rate", "guardrail-margin") else ""
    return sheet.add("users_in_all", "Users in all", "count", total, formula,
                     f"{names}{more} treatment-share variants", "users")  # fmt: skip


def _duration(sheet: Sheet, given: Inputs, total: float) -> int | None:
    if not given.has("per-day"):
        for rate in (1_000, 10_000, 100_000):
            weeks = numbers.weeks_needed(total, rate, given.number("traffic-share"))
            sheet.add(f"weeks_at_{rate}", f"Duration at {rate:,} users a day", "count", weeks,
                      "users in all / users a day",
                      "users_in_all", "weeks", "the traffic was not given: add --per-day", "unknown")  # fmt: skip
        return None
    days = numbers.days_needed(total, given.number("per-day"), given.number("traffic-share"))
    sheet.add("days", "Days of traffic", "count", days, "users in all / (users a day x share of traffic)",
              "users_in_all per-day traffic-share", "days",
              "users who come back count once: give the unique users of these weeks, by day" if days > 14 else "",
              "ok")  # fmt: skip
    weeks, most = max(2, -(-days // 7)), given.whole("max-weeks")
    status, note = "", ""
    if weeks > most:
        status, note = "infeasible", f"that is longer than the {most} weeks that anybody will wait"
    elif weeks > 4:
        note = "beyond four weeks use an earlier metric (CUPED), an equal split or a larger effect"
    sheet.add("weeks", "Duration in whole weeks", "count", weeks, "days / 7, rounded up, at least 2",
              "days max-weeks", "weeks", note, status)  # fmt: skip
    end = numbers.analysis_day(weeks, given.days("outcome-window"), given.days("label-delay"))
    sheet.add("analysis_day", "Day of the analysis", "count", end, "7 x weeks + outcome window + label delay",
              "weeks outcome-window label-delay", "days")  # fmt: skip
    return weeks


def _reverse(sheet: Sheet, given: Inputs, factor: float) -> float | None:
    if not given.has("per-day"):
        return None
    sheet.group = "The other way round"
    weeks = given.whole("max-weeks")
    arm = _per_arm(given, weeks, factor)
    alpha, power = given.number("alpha"), given.number("power")
    names = "baseline sd per-day traffic-share max-weeks alpha power treatment-share variants triggered correlation icc"
    names = " ".join(name for name in names.split() if given.has(name))
    if given.has("sd"):
        return sheet.add("smallest_effect", f"Smallest effect that {weeks} weeks show", "number",
                         numbers.detectable_effect_for_means(given.number("sd"), arm, alpha, power),
                         "(z(alpha/2) + z(power)) sd sqrt(2 / users per arm)", names)  # fmt: skip
    base, falling = given.number("baseline"), given.has("effect") and given.number("effect") < 0
    label = f"Smallest {'fall' if falling else 'rise'} that {weeks} weeks show"
    try:
        effect = abs(numbers.detectable_effect_for_rates(base, arm, alpha, power, falling=falling))
    except Infeasible:
        note = f"{shown('count', arm, 'users per arm')[1]} show no change of such a rate"
        sheet.none("smallest_effect", label, "", names, note, "infeasible")
        return None
    note = "that is more than a quarter of the rate itself" if effect / base > 0.25 else ""
    return sheet.add("smallest_effect", label, "points", effect,
                     "the effect at which the users per arm of these weeks suffice", names, note=note)  # fmt: skip


def _per_arm(given: Inputs, weeks: float, factor: float) -> float:
    users = numbers.users_in_weeks(weeks, given.number("per-day"), given.number("traffic-share"))
    return users / (arms(given) * factor)


def _answer(sheet: Sheet, given: Inputs, weeks: int | None) -> str:
    lines = {line.id: line for line in sheet.lines}
    smallest = lines.get("smallest_effect")
    if "users_per_arm" not in lines:
        return f"{smallest.label}: {smallest.said}." if smallest else ""
    sizes = [lines[id] for id in ("needed_per_arm", "users_per_arm", "guardrail_users") if id in lines]
    arm = max(sizes if sizes[0].id == "users_per_arm" else [sizes[0], *sizes[2:]], key=lambda line: line.value or 0)
    text = f"{arm.said}, {lines['users_in_all'].said} in all"
    if weeks is None:
        return f"{text}; how long that takes depends on the traffic."
    duration = f"{lines['weeks'].said} ({7 * weeks} days) at {given.whole('per-day'):,} users a day"
    if lines["weeks"].status != "infeasible":
        return f"{text}: {duration}."
    seen = f" In that time the traffic shows an effect of {smallest.said}." if smallest and smallest.value else ""
    return f"Not within {given.whole('max-weeks')} weeks: {text} take {duration}.{seen}"


def _picture(given: Inputs, effect: float | None, factor: float, weeks: int | None) -> Picture | None:
    if not effect or not weeks or given.has("sd"):
        return None
    base, alpha, wanted = given.number("baseline"), given.number("alpha"), given.number("power")
    points = []
    for week in range(1, min(max(2 * weeks, 4), 520) + 1):
        power = numbers.power_for_rates(base, effect, _per_arm(given, week, factor), alpha)
        points.append(Point(f"week {week}", power, said_share(power), week == weeks))
    goal = f"the power wanted, {said_share(wanted)}"
    return Picture("Power against weeks", thinned(points), wanted, goal)


TOPIC = Topic(
    "experiment", "users_per_arm",
    (
        '--baseline 10% --effect "1 point" --per-day 2000',
        '--baseline 2% --effect "5% relative" --per-day 2000 --picture',
        "--baseline 10% --per-day 2000 --max-weeks 4",
        '--sd 40 --mean 25 --effect "4% relative" --per-day 5k --correlation 0.6 --looks 4',
    ),
    OPTIONS, size,
)  # fmt: skip
