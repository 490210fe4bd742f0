"""The looks that are looked up are the looks that would be computed."""

from __future__ import annotations

import pytest

from mlworkflow.numbers import looks as repeated


@pytest.mark.parametrize("looks", repeated.USUAL)
def test_what_is_looked_up_is_what_the_equations_give(looks: int) -> None:
    constant, drift = repeated.USUAL[looks]
    assert repeated.solved_constant(looks, 0.05) == pytest.approx(constant, abs=1e-9)
    assert repeated.solved_drift(repeated.obrien_fleming_limits(constant, looks), 0.8) == pytest.approx(drift, abs=1e-9)


def test_another_alpha_and_another_power_are_computed() -> None:
    constant, drift = repeated.USUAL[3]
    assert repeated.obrien_fleming_constant(3, 0.01) > constant
    assert repeated.drift_for_power(repeated.obrien_fleming_limits(constant, 3), 0.9) > drift
