"""The clock of a Riccati equation in sums of positive terms alone, and where its rate is 0.

da/dt = gain + pull a − brake a², a(0) = 1, with gain and brake not negative, is solved for letters in
`symbolic.reduced.scalar`, as a quotient of forms that are linear in E = exp(−2Rt). With

    plus = R + pull/2,     minus = R − pull/2,     plus · minus = gain · brake,

all terms above and below are positive. Where R = 0 the quotient is that of the limits R → 0 of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import sympy
from sympy import Expr, Symbol

from symbolic.explicit.notation import E, R
from symbolic.notation.symbols import t
from symbolic.proof.certificate import CertificateError
from symbolic.proof.equality import prove_equal, prove_zero
from symbolic.proof.verdict import is_proved
from symbolic.reduced.scalar import c_0, c_1, c_2, general, scalar, z_0
from symbolic.reduced.solution import Solution

PLUS, MINUS, GAIN, BRAKE, GONE = sympy.symbols("plus minus gain brake gone", positive=True)


@dataclass(frozen=True)
class PositiveForms:
    """The clock as a quotient.

    Attributes:
        above, below: in plus, minus, gain, brake, E and 1 − E as `gone`.
        above_at_rest, below_at_rest: at R = 0 they are 1 + that times t.
    """

    above: Expr
    below: Expr
    above_at_rest: Expr
    below_at_rest: Expr


@cache
def positive_forms() -> PositiveForms:
    """The forms.

    Raises:
        CertificateError: where they are not the solution that was proved.
    """
    numerator, denominator = sympy.fraction(general().value.xreplace({z_0: sympy.Integer(1)}))
    above, below = _positive(numerator), _positive(denominator)
    verdict = prove_zero(
        numerator * _back(below) - denominator * _back(above), squares={R: c_1**2 / 4 - c_0 * c_2}
    )
    if not is_proved(verdict):
        raise CertificateError(f"the clock is the solution: {verdict}")
    return PositiveForms(above, below, _at_rest(above), _at_rest(below))


def _positive(form: Expr) -> Expr:
    """In plus, minus, gain and brake, 1 − E as `gone`."""
    written = sympy.expand(
        form.xreplace({R: (PLUS + MINUS) / 2, c_1: PLUS - MINUS, c_0: GAIN, c_2: -BRAKE})
    )
    found = sympy.Integer(0)
    for letter in (PLUS, MINUS, GAIN, BRAKE):
        factor = sympy.expand(written.coeff(letter))
        found += letter * (GONE if factor == 1 - E else factor)
    return found


def _back(form: Expr) -> Expr:
    return form.xreplace(
        {PLUS: R + c_1 / 2, MINUS: R - c_1 / 2, GAIN: c_0, BRAKE: -c_2, GONE: 1 - E}
    )


def _at_rest(form: Expr) -> Expr:
    """The slope by t of the limit over 2R, as R → 0 with no pull."""
    x = Symbol("x", positive=True)
    at = form.xreplace({PLUS: x, MINUS: x, GONE: 1 - E}).xreplace({E: sympy.exp(-2 * x * t)})
    limit = sympy.expand(sympy.limit(at / (2 * x), x, 0))
    if limit.coeff(t, 0) != 1 or limit.coeff(t, 1).has(t):
        raise CertificateError(f"the clock is 1 at the start: {limit}")
    return limit.coeff(t, 1)


def coefficients(solution: Solution, trained: Mapping[Expr, Expr]) -> tuple[Expr, Expr, Expr]:
    """Gain, pull and brake of the clock of a solution, proved to be.

    Args:
        solution: of one quadratic form.
        trained: targets of what is trained, by those of all.

    Raises:
        CertificateError: where the clock is that of another equation.
    """
    P, Q, R_, a = solution.constants
    above, below = (
        part.subs(sympy.exp(-2 * R_ * t), 0) for part in sympy.fraction(solution.constants[a])
    )
    gain = sympy.expand(above - above.subs(Q, 0))
    brake = sympy.expand(below - below.subs(P, 0))
    pull = sympy.expand(2 * (above.subs(Q, 0) - R_))
    rebuilt, _ = scalar((gain, pull, -brake), sympy.Integer(1), R_)
    if not is_proved(prove_equal(rebuilt, solution.constants[a])):
        raise CertificateError("the clock is another Riccati equation")
    gone = {letter: 0 for letter in (P, Q) if solution.constants[letter] == 0}
    return gain.subs(gone), sympy.expand(pull.subs(trained)), brake.subs(gone)


def by_powers(value: Expr, clock: Symbol) -> dict[int, Expr]:
    """A value as Σ_n c_n √a^n, n = 1, 0, −1.

    Raises:
        CertificateError: where it is no such sum.
    """
    root = Symbol("root", positive=True)
    form = sympy.expand(sympy.expand(value).subs(sympy.sqrt(clock), root))
    parts = {n: form.coeff(root, n) for n in (1, 0, -1)}
    if sympy.expand(form - sum(c * root**n for n, c in parts.items())) != 0 or form.has(clock):
        raise CertificateError(f"no sum of powers of the clock's root: {form}")
    return parts
