"""What multiplies the users of an experiment: variants, looks, clusters, triggering, splits and guardrails."""

from __future__ import annotations

from mlworkflow.numbers import experiment as numbers
from mlworkflow.numbers.validity import Invalid
from mlworkflow.sizing.model import Inputs
from mlworkflow.sizing.sheet import Sheet


def factors(sheet: Sheet, given: Inputs) -> float:
    """Note what multiplies the users per arm, and return the product."""
    alpha, power, product = given.number("alpha"), given.number("power"), 1.0
    triggered, alone = given.number("triggered"), given.raw("analysed") == "triggered"
    variants, looks = given.whole("variants"), given.whole("looks")
    icc, cv = given.number("icc"), given.number("cluster-cv")
    every = (
        ("cuped", "What an earlier metric leaves", 1 - given.number("correlation") ** 2, "1 - correlation^2",
         "correlation"),
        ("triggering", "Users who never meet the change", numbers.trigger_inflation(triggered, alone),
         "1/q when only those who meet it are analysed, else 1/q^2", "triggered analysed"),
        ("clusters", "Events that resemble each other", numbers.design_effect(given.number("cluster-size"), icc, cv),
         "1 + ((cv^2 + 1) m - 1) icc", "cluster-size icc cluster-cv"),
        ("several_variants", "Several variants against one control",
         numbers.several_variants_inflation(variants, alpha, power) if variants > 1 else 1.0,
         "((Dunnett's z + z(power)) / (z(alpha/2) + z(power)))^2", "variants alpha power"),
        ("planned_looks", "Planned looks, at most", numbers.looks_inflation(looks, alpha, power) if looks > 1 else 1.0,
         "O'Brien-Fleming's largest size over the size with one look", "looks alpha power"),
    )  # fmt: skip
    for id, label, factor, formula, inputs in every:
        if factor != 1:
            product *= sheet.add(id, label, "factor", factor, formula, inputs)
    return product


def arms(given: Inputs) -> float:
    """Return how many arms of the size of an equal split all users together make."""
    variants, share = given.whole("variants"), given.number("treatment-share")
    if variants > 1:
        if share != 0.5:
            raise Invalid("with several variants every arm has the same size; leave --treatment-share out")
        return variants + 1.0
    return 2 * numbers.split_inflation(share)


def guardrail_users(sheet: Sheet, given: Inputs) -> float:
    """Note the users per arm that the guardrails need, and return them."""
    if not given.has("guardrail-rate", "guardrail-margin"):
        return 0.0
    margin, rate = given.raw("guardrail-margin"), given.number("guardrail-rate")
    size = abs(margin.size * rate if margin.relative else margin.size)
    power = numbers.power_for_each_guardrail(given.whole("guardrails"), given.number("power"))
    users = numbers.guardrail_users_for_rates(rate, size, given.number("alpha"), power)
    return sheet.add("guardrail_users", "Users per arm that the guardrails need", "count", users,
                     "(z(alpha) + z(1 - (1 - power)/guardrails))^2 2 p (1 - p) / margin^2, one-sided",
                     "guardrail-rate guardrail-margin guardrails alpha power", "users per arm")  # fmt: skip
