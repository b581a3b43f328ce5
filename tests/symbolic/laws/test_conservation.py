"""Conserved quantities do not change along the flow; slightly wrong ones do."""

from itertools import combinations

import pytest
import sympy

from symbolic import vocabulary as z
from symbolic.derivation import derivation
from symbolic.laws.conservation import (
    Conservation,
    field_of,
    is_quadratic_form,
    lie_derivative,
    null_space,
    unit_law,
)
from symbolic.models import names
from symbolic.network.gradient_flow import Flow
from symbolic.proof.equality import Proved, Refuted, prove_zero

x, y, v = sympy.symbols("x y v", real=True)
w = sympy.Symbol("w", positive=True)


def instances(network, law, at):
    """Values a law needs, at every choice of its representatives."""
    everywhere = network.values
    gram = [[sum(a * b for a, b in zip(r, s, strict=True)) for s in at.W] for r in at.W]
    pairs = (
        list(combinations(range(len(at.u)), 2))
        if law.has(z.u_k)
        else [(i, i) for i in range(len(at.u))]
    )
    inputs = list(combinations(range(len(network.x)), 2)) if law.has(z.w_il) else [(0, 0)]
    for i, k in pairs:
        for j, l in inputs:
            yield {
                **everywhere,
                z.u_i: at.u[i], z.h_i: at.h[i], z.u_k: at.u[k], z.h_k: at.h[k],
                z.w_ij: at.W[i][j], z.w_il: at.W[i][l], z.g_ii: gram[i][i], z.g_ik: gram[i][k],
                z.x_j: network.inputs[j], z.x_l: network.inputs[l],
            }  # fmt: skip


@pytest.mark.parametrize("kind", ["linear", "own", "own_rows", "between"])
def test_a_law_keeps_its_value_along_an_integrated_network(kind, linear, network, number, close):
    for law in getattr(linear[Conservation], kind):
        before = instances(network, law, network.start)
        after = instances(network, law, network.end)
        for start, end in zip(before, after, strict=True):
            assert close(number(law, start), number(law, end))


def test_a_law_with_a_wrong_sign_changes_along_an_integrated_network(linear, network, number):
    (law,) = linear[Conservation].own
    wrong = law.xreplace({z.eta_w: -z.eta_w})
    changes = [
        abs(number(wrong, end) - number(wrong, start))
        for start, end in zip(
            instances(network, wrong, network.start),
            instances(network, wrong, network.end),
            strict=True,
        )
    ]
    assert max(changes) > 1e-3


def test_the_laws_are_those_of_the_linear_network(linear):
    (own,), (across,) = linear[Conservation].own, linear[Conservation].linear
    assert sympy.cancel(own / (z.eta_u * z.h_i**2 - z.eta_w * z.rho**2 * z.u_i**2)).is_number
    assert sympy.cancel(across / (z.w_ij * z.x_l - z.w_il * z.x_j)).is_number
    (rows,) = linear[Conservation].own_rows
    assert sympy.cancel(rows / (z.eta_u * z.g_ii - z.eta_w * z.u_i**2)).is_number
    assert len(linear[Conservation].between) == 2


def laws(conservation):
    return (*conservation.linear, *conservation.own, *conservation.own_rows, *conservation.between)


def test_lie_derivatives_of_laws_are_proved_zero_and_of_wrong_laws_refuted(linear):
    field = field_of(linear[Flow])
    for law in laws(linear[Conservation]):
        assert isinstance(prove_zero(lie_derivative(law, field)), Proved)
        first, *rest = sympy.Add.make_args(sympy.expand(law))
        for wrong in (sympy.Add(-first, *rest), sympy.Add(2 * first, *rest)):
            assert isinstance(prove_zero(lie_derivative(wrong, field)), Refuted)


def test_the_lie_derivative_is_the_chain_rule():
    assert sympy.expand(lie_derivative(x**2 * y, {x: y, y: 3 * x})) == 2 * x * y**2 + 3 * x**3


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ({x: y, y: -x}, [x**2 + y**2]),
        ({x: y, y: x}, [x**2 - y**2]),
        ({x: w * y, y: -4 * x}, [4 * x**2 + w * y**2]),
        ({x: x, y: -y}, [x * y]),
        ({x: x, y: y}, []),
        ({x: x**2, y: y}, []),
    ],
)
def test_the_null_space_holds_every_quadratic_law(field, expected):
    found = null_space([x**2, x * y, y**2], field)
    assert len(found) == len(expected)
    for law, known in zip(found, expected, strict=True):
        assert sympy.cancel(law / known).is_number


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ({x: sympy.sin(v) * y, y: -sympy.sin(v) * x, v: x}, [x**2 + y**2]),
        ({x: sympy.exp(v) * y, y: sympy.exp(2 * v) * x, v: x}, []),
        ({x: sympy.tanh(y), y: 1 - sympy.tanh(y) ** 2}, []),
        ({x: y * sympy.Abs(x), y: x * sympy.Abs(x)}, [x**2 - y**2]),
    ],
)
def test_functions_of_the_weights_stand_for_themselves(field, expected):
    found = null_space([x**2, x * y, y**2], field)
    assert len(found) == len(expected)
    for law, known in zip(found, expected, strict=True):
        assert sympy.cancel(law / known).is_number


def test_of_every_network_all_laws_have_lie_derivative_zero_and_none_is_bilinear_but_linear():
    for name in names():
        derived = derivation(name)
        assert len(derived[Conservation].own) == 1
        assert len(derived[Conservation].between) == (2 if name == "linear" else 0)
        (own,) = derived[Conservation].own
        field = field_of(derived[Flow])
        assert isinstance(prove_zero(lie_derivative(own, field)), Proved)
        wrong = own + z.h_i**2
        assert not isinstance(prove_zero(lie_derivative(wrong, field)), Proved)
        assert is_quadratic_form(own) == (name in POWERS)
        assert unit_law(derived[Conservation]).coeff(z.u_i, 2) == 1


POWERS = {"linear", "quadratic", "cubic", "power", "leaky_relu"}


def test_the_null_space_combines_terms_of_three_weights():
    (law,) = null_space([x, y, v], {x: 2 * v, y: -v, v: x})
    assert sympy.cancel(law / (x + 2 * y)).is_number
