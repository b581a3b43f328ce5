"""Laws by separation along torch's descent, and altered ones."""

from __future__ import annotations

from functools import cache

import sympy

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from verify.properties.declared.check import Claims, claims, verify_model

TANH = Model(
    name="tried", title="tried", source="own", inputs={"x": ("n",)},
    layers={"W": Layer("h", "n", rate="eta_W"), "U": Layer("h", rate="eta_U")},
    output=lambda w, x, F: w.U @ F.tanh(w.W @ x.x), data="points", points=({"x": [1, 2]},),
)  # fmt: skip
SIZES = {"n": 2, "h": 2}


@cache
def said():
    instance = Instance(TANH, SIZES)
    return claims(instance, fields(instance))


def outcome(report, name):
    return next(one for one in report.outcomes if one.name == name)


def test_they_hold_and_altered_ones_do_not():
    assert (len(said().separable), said().clocks) == (2, 1)
    report = verify_model(TANH, SIZES, said=said())
    assert report.passed
    found = outcome(report, "order one")
    assert found.cases == 2 + len(said().laws)
    assert found.left_out == {"a difference of clocks is an integral along a curve": 1}
    assert report.altered.of == report.altered.refuted


def test_a_law_that_is_none_fails():
    law = said().separable[0]
    wrong = law.replace(sympy.cosh, sympy.sinh)
    report = verify_model(TANH, SIZES, said=Claims(separable=[wrong]))
    assert not report.passed
    assert not outcome(report, "order one").holds


def test_an_integral_is_left_out():
    z = sympy.Symbol("z")
    report = verify_model(TANH, SIZES, said=Claims(separable=[sympy.Integral(1 / z, z)]))
    left_out = outcome(report, "order one").left_out
    assert left_out == {"an integral has no function of torch": 1}
