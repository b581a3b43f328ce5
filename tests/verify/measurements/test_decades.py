"""Widths that are sampled: one per decade, no more neurons than can be drawn."""

from fractions import Fraction

import pytest

from numeric.errors import InputError
from numeric.limits.exponents import scales
from verify.measurements.decades import decades


@pytest.mark.parametrize("c_d", ["0", "1/3", "1", "2", "7/2", "5", "20"])
def test_values_of_kappa_keep_to_ten_million_neurons(c_d):
    kappas = decades(scales(Fraction(c_d), 0, 0, 0), 5)
    assert len(kappas) >= 2
    assert max(kappas) ** float(Fraction(c_d)) <= 1.0001e7


def test_there_is_one_per_decade():
    assert [round(z) for z in decades(scales(1, 0, 0, 0), 5)] == [10**k for k in range(2, 8)]


def test_hyperparameters_beyond_float64_are_refused():
    with pytest.raises(InputError, match="to sample networks"):
        decades(scales(0, 40, 0, 0), 5)
