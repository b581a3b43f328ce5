"""Text of Taylor series: of networks that nobody has heard of, and what is shared in it."""

import importlib.util

import pytest
import sympy
from flint import arb
from sympy import Symbol, exp

from symbolic.codegen.evaluators import program
from symbolic.codegen.series import text
from symbolic.codegen.series.rows import Product, Rows
from symbolic.derivation import derive
from symbolic.network.model import Model
from symbolic.warp.closure import on_sides
from verify.oracle.picard import picard

x, y, z = (Symbol(name, real=True) for name in "xyz")


def test_a_product_is_made_once_and_shared():
    rows = Rows([x, y, z])
    rows.form(y * z)
    form = rows.form(2 * x * y * z + x * z * y / 3)
    assert [type(one) for one in rows.made] == [Product, Product]
    assert list(form.values()) == [sympy.Rational(7, 3)]
    assert len({one.name for one in (*rows.given.values(), *rows.made)}) == 5


def test_what_is_constant_on_a_side_needs_no_product():
    rows = Rows([x, y])
    rows.form(x * on_sides(1, 0, y > 0))
    assert not any(isinstance(one, Product) for one in rows.made)


def test_sums_are_rows_where_they_are_multiplied():
    rows = Rows([x, y])
    (form,) = [rows.form(x * (1 + 2 * y))]
    ((row, scale),) = form.items()
    assert scale == 1
    assert row.level == 1
    assert [one.level for one in rows.made] == [0, 1]


OWN = {
    "arctangent": (
        sympy.atan,
        (lambda h: h.atan(), lambda h: (1 + h * h).inv()),
    ),
    "bell": (
        lambda h: h * exp(-(h**2)),
        (lambda h: h * (-h * h).exp(), lambda h: (1 - 2 * h * h) * (-h * h).exp()),
    ),
    "root": (
        lambda h: h / sympy.sqrt(1 + h**2),
        (lambda h: h * (1 + h * h).rsqrt(), lambda h: (1 + h * h).rsqrt() * (1 + h * h).inv()),
    ),
}


@pytest.mark.parametrize("name", OWN)
def test_networks_that_nobody_has_heard_of_have_series_too(name, tmp_path):
    pytest.importorskip("numba", reason="nothing is compiled here; numpy computes")
    import numpy as np

    activation, sigma = OWN[name]
    derived = derive(Model(name="own", title="own", source="own", activation=activation))
    path = tmp_path / f"own_{name}.py"
    path.write_text(text.render(program(derived), derived), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    order, given, pace = 20, [1.5, 0.75, 1.25, 0.5], 0.125
    for u, h in ((0.7, 0.9), (-0.7, 0.2), (2.0, -1.3), (0.5, 6.0), (0.0, 0.0)):
        exact = picard(sigma, u, h, given, pace, order)
        U, H, F = np.empty((order + 1, 1)), np.empty((order + 1, 1)), np.zeros(order + 1)
        work = np.empty((module.SLOTS, order + 1, 1))
        one = np.ones(1)
        module.series(u * one, h * one, one, np.array(given), pace, order, U, H, F, work)
        for found, expected in ((U[:, 0], exact.u), (H[:, 0], exact.h), (F, exact.f)):
            for k in range(order + 1):
                size = max(abs(float(one)) for one in expected[max(0, k - 2) : k + 3])
                assert abs(float(arb(float(found[k])) - expected[k])) <= 2e-14 * size


def test_a_network_without_series_has_no_module():
    def twice_bent(h):
        return sympy.Piecewise((h**2 + 1, h > 1), (2 * h, h > -1), (h - 1, True))

    derived = derive(Model(name="own", title="own", source="own", activation=twice_bent))
    assert text.render(program(derived), derived) == ""
