"""Conditions are decided in every way, but for those that hold of some terms of a sum."""

import sympy
from sympy import Piecewise

from symbolic.proof.cases import cases
from symbolic.proof.equality import is_proved, prove_zero

x, y = sympy.symbols("x y", real=True)
a, b = sympy.symbols("a b", positive=True)
n = sympy.Symbol("n", integer=True, positive=True)
i = sympy.Symbol("i", integer=True, positive=True)
v = sympy.IndexedBase("v", real=True)
which = Piecewise((x, sympy.Eq(i, 1)), (y, True))


def test_conditions_are_decided_in_every_way():
    one, two = Piecewise((x, x > 0), (y, True)), Piecewise((a, y > 0), (b, x > 0), (1, True))
    assert set(cases(one * two)) == {x * a, x * b, y * a, y}
    assert cases(x + y) == [x + y]
    assert set(cases(Piecewise((x, x > 0), (y, x <= 0)))) == {x, y}


def test_conditions_inside_a_sum_stay_there():
    total = sympy.Sum(which, (i, 1, n))
    assert cases(total + 1) == [total + 1]
    decided = set(cases(Piecewise((total, x > 0), (0, True))))
    assert decided == {total, sympy.Integer(0)}
    assert is_proved(prove_zero((total + 1) ** 2 - total**2 - 2 * total - 1))
