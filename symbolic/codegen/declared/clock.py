"""The clock of a Riccati equation as a function of a generated module: sums of positive terms alone.

da/dt = gain + pull a − brake a², a(0) = 1, with gain and brake not negative, is solved for letters in
`symbolic.reduced.scalar`, as a quotient of forms that are linear in E = exp(−2Rt). With

    plus = R + pull/2,     minus = R − pull/2,     plus · minus = gain · brake,

all terms above and below are positive; of plus and minus the smaller one is the product by the larger.
Where R = 0 the quotient is that of the limits R → 0 of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import sympy
from sympy import Expr, Symbol

from symbolic.codegen.printer import print_expression
from symbolic.explicit.notation import E, R
from symbolic.notation.symbols import t
from symbolic.proof.certificate import CertificateError
from symbolic.proof.equality import prove_zero
from symbolic.proof.verdict import is_proved
from symbolic.reduced.scalar import c_0, c_1, c_2, general, z_0

PLUS, MINUS, GAIN, BRAKE, GONE = sympy.symbols("plus minus gain brake gone", positive=True)
TEXT = '''
def _clock(gain: Any, pull: Any, brake: Any, t: Any, xp: Any) -> Any:
    """a(t) of da/dt = gain + pull a - brake a**2 from a = 1, gain and brake >= 0; t = inf, too."""
    product = xp.sqrt(gain) * xp.sqrt(brake)
    rate = xp.hypot(pull / 2, product)
    large = rate + xp.abs(pull) / 2
    small = product * (product / xp.where(large > 0, large, xp.ones_like(large)))
    plus, minus = xp.where(pull >= 0, large, small), xp.where(pull >= 0, small, large)
    passed = xp.where(rate > 0, 2 * rate * t, xp.zeros_like(rate))
    E, gone = xp.exp(-passed), -xp.expm1(-passed)
    above = xp.where(rate > 0, {above}, {above_0})
    below = xp.where(rate > 0, {below}, {below_0})
    return above / below
'''
TIMES = '''
def _times(a: Any, b: Any, xp: Any) -> Any:
    """The product, and 0 where a is 0, however large b is."""
    return xp.where(a == 0, xp.zeros_like(a), a * b)
'''


@cache
def helper() -> str:
    """The text of the function.

    Raises:
        CertificateError: where it is not the solution that was proved.
    """
    numerator, denominator = sympy.fraction(general().value.xreplace({z_0: sympy.Integer(1)}))
    above, below = _positive(numerator), _positive(denominator)
    verdict = prove_zero(
        numerator * _back(below) - denominator * _back(above), squares={R: c_1**2 / 4 - c_0 * c_2}
    )
    if not is_proved(verdict):
        raise CertificateError(f"the clock is the solution: {verdict}")
    names = {
        PLUS: "plus",
        MINUS: "minus",
        GAIN: "gain",
        BRAKE: "brake",
        GONE: "gone",
        E: "E",
        t: "t",
    }
    top, bottom = (print_expression(one, names) for one in (above, below))
    return TEXT.format(
        above=top,
        below=bottom,
        above_0=f"1 + _times({_at_rest(above, names)}, t, xp)",
        below_0=f"1 + _times({_at_rest(below, names)}, t, xp)",
    )


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


def _at_rest(form: Expr, names: Mapping[Symbol, str]) -> str:
    """The slope by t of the limit over 2R, as R → 0 with no pull."""
    x = Symbol("x", positive=True)
    at = form.xreplace({PLUS: x, MINUS: x, GONE: 1 - E}).xreplace({E: sympy.exp(-2 * x * t)})
    limit = sympy.expand(sympy.limit(at / (2 * x), x, 0))
    if limit.coeff(t, 0) != 1 or limit.coeff(t, 1).has(t):
        raise CertificateError(f"the clock is 1 at the start: {limit}")
    return print_expression(limit.coeff(t, 1), names)
