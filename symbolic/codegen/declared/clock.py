"""The clock of a Riccati equation as a function of a generated module (see `symbolic.reduced.clock`).

Of plus and minus the smaller one is computed as the product of gain and brake over the larger.
"""

from __future__ import annotations

from functools import cache

from symbolic.codegen.printer import print_expression
from symbolic.explicit.notation import E
from symbolic.notation.symbols import t
from symbolic.reduced.clock import BRAKE, GAIN, GONE, MINUS, PLUS, positive_forms

NAMES = {
    PLUS: "plus", MINUS: "minus", GAIN: "gain", BRAKE: "brake", GONE: "gone", E: "E", t: "t",
}  # fmt: skip
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
    forms = positive_forms()
    above, below, above_0, below_0 = (
        print_expression(one, NAMES)
        for one in (forms.above, forms.below, forms.above_at_rest, forms.below_at_rest)
    )
    return TEXT.format(
        above=above,
        below=below,
        above_0=f"1 + _times({above_0}, t, xp)",
        below_0=f"1 + _times({below_0}, t, xp)",
    )
