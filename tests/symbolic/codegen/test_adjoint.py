"""Programs in reverse: cotangents against differences of the program itself, with 40 digits."""

from __future__ import annotations

import mpmath
import pytest
from sympy import Abs, Max, Min, Piecewise, Symbol, exp, sqrt

from symbolic.codegen.adjoint import Step, backward
from symbolic.codegen.compiled import native
from symbolic.codegen.program import clip_exponent, held
from symbolic.proof.stable_forms import mean_decay

a, b, c = (Symbol(z, real=True) for z in "abc")
p, q, r = (Symbol(z, real=True) for z in "pqr")
NAMES = {z: z.name for z in (a, b, c, p, q, r)}
PROGRAMS = {
    "products": [(p, a * b), (q, p / c + p**3), (r, q * a)],
    "roots": [(p, sqrt(a**2 + b**2)), (q, exp(-clip_exponent(p))), (r, q / p + c * q)],
    "sizes": [(p, Abs(a - b)), (q, Abs(b) * p), (r, q + p * c)],
    "branches": [(p, Piecewise((a * b, a > b), (b - a, True))), (q, p * c), (r, q + p)],
    "extremes": [(p, Min(a, b)), (q, Max(b, c)), (r, p * q**2)],
    "decays": [(p, mean_decay(a * b)), (q, p * c), (r, held(q, a) + p)],
    "unused": [(p, a * b), (q, c**2), (r, p / 2)],
}


def environment(values):
    def mean(z):
        return -mpmath.expm1(-z) / z

    def slope(z):
        return (mpmath.exp(-z) - mean(z)) / z

    return {
        "exp": mpmath.exp, "sqrt": mpmath.sqrt, "where": lambda if_, yes, no: yes if if_ else no,
        "held": lambda z, _: z, "mean_decay": mean, "mean_decay_slope": slope,
    } | {name: mpmath.mpf(value) for name, value in values.items()}  # fmt: skip


def run(lines, values):
    known = environment(values)
    exec("\n".join(lines), known)  # text of ours
    return known


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("values", [(0.7, 0.3, -1.2), (0.2, 0.9, 1.5)])
def test_cotangents_are_differences(name, values):
    given = dict(zip("abc", values, strict=True))
    steps = [Step(z.name, expression, NAMES) for z, expression in PROGRAMS[name]]
    forward = [f"{step.name} = {native(step.expression, step.names)}" for step in steps]
    lines = [*forward, "by_r = 1", *backward(steps, {"r"})]
    with mpmath.workdps(40):
        found, step = run(lines, given), mpmath.mpf(10) ** -12
        for leaf in given:
            sides = [
                run(forward, given | {leaf: mpmath.mpf(given[leaf]) + sign * step})["r"]
                for sign in (1, -1)
            ]
            slope = (sides[0] - sides[1]) / (2 * step)
            assert found.get(f"by_{leaf}", 0) == pytest.approx(slope, rel=1e-18, abs=1e-18), leaf


def test_what_is_known_before_is_added_to():
    lines = list(backward([Step("r", a * b, NAMES)], {"r", "a"}))
    assert lines == ["by_a += b*by_r", "by_b = a*by_r"]
