"""The first zero of a sum of exponentials, against roots of a polynomial in e^t."""

import mpmath
import numpy as np
import pytest

from numeric.errors import InputError
from numeric.methods.riccati.crossing import first_zero

MP = mpmath.MPContext()
MP.prec = 120
RATES = [(3, 1, 0), (2, -1, -2), (1, 0, -3), (0, -1, -5), (2, 1), (0, -2)]


def by_roots(rates, factors):
    """The least t > 0: z = e^t of a polynomial."""
    polynomial = np.zeros(rates[0] - rates[-1] + 1)
    for rate, factor in zip(rates, factors, strict=True):
        polynomial[rates[0] - rate] = factor
    real = [z.real for z in np.roots(polynomial) if abs(z.imag) < 1e-9 and z.real > 1 + 1e-9]
    return np.log(min(real)) if real else None


@pytest.mark.parametrize("rates", RATES)
def test_it_is_the_first_root(rates):
    draw, seen = np.random.default_rng(7), {None: 0, "one": 0}
    for _ in range(40):
        factors = draw.normal(size=len(rates))
        found = first_zero(
            [(MP.mpf(f), MP.mpf(c)) for f, c in zip(rates, factors, strict=True)], MP
        )
        known = by_roots(rates, factors)
        assert (found is None) == (known is None)
        seen[None if known is None else "one"] += 1
        if known is not None:
            assert float(found) == pytest.approx(known, rel=1e-6)
            terms = [c * MP.exp(f * found) for f, c in zip(rates, map(float, factors), strict=True)]
            value, size = MP.fsum(terms), MP.fsum(map(abs, terms))
            assert abs(value) < MP.mpf(2) ** -105 * size
    assert min(seen.values()) > 3


def test_of_two_zeros_the_first_is_taken():
    """(z − 2)(z − 5) = z² − 7 z + 10."""
    found = first_zero(
        [(MP.mpf(2), MP.mpf(1)), (MP.mpf(1), MP.mpf(-7)), (MP.mpf(0), MP.mpf(10))], MP
    )
    assert abs(found - MP.log(2)) < MP.mpf(2) ** -110


def test_what_touches_0_is_refused():
    """(z − 3)² = z² − 6 z + 9."""
    with pytest.raises(InputError, match="touches 0"):
        first_zero([(MP.mpf(2), MP.mpf(1)), (MP.mpf(1), MP.mpf(-6)), (MP.mpf(0), MP.mpf(9))], MP)


def test_one_exponential_has_none_and_four_are_refused():
    assert first_zero([(MP.mpf(1), MP.mpf(-2))], MP) is None
    with pytest.raises(InputError, match="4 terms"):
        first_zero([(MP.mpf(k), MP.mpf(1)) for k in (3, 2, 1, 0)], MP)
