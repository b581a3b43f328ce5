"""Equal exponents, zeros and ranks of a start are decided exactly, at any scale of the data."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from mpmath import MPContext

from numeric.methods.lifted.layers import TwoLayers
from numeric.methods.lifted.neuron import SingleNeuron
from numeric.methods.lifted.observed_layers import target_pairs
from numeric.methods.lifted.white import of_set
from numeric.methods.riccati.decided import Roots
from numeric.methods.riccati.exact import to_digits

ONE, NONE = Fraction(1), Fraction(0)
UNIT = [[ONE, NONE], [NONE, ONE]]
SHAPES = [(2, 2), (3, 2), (2, 3), (3, 3)]
SIZES = [(ONE, Fraction(2)), (Fraction(2), ONE), (Fraction(1, 1000), ONE)]


def _turned(size, draw):
    """A rational rotation."""
    found = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    for _ in range(3):
        i, j = draw.choice(size, 2, replace=False)
        for row in found:
            x, y = row[i], row[j]
            row[i], row[j] = (3 * x - 4 * y) / 5, (4 * x + 3 * y) / 5
    return found


def _loss(flow, digits=30):
    return to_digits(lambda bits: [flow.exactly(None, bits)["loss"]], digits)[0]


@pytest.mark.parametrize("power", [0, 60, 75, 150])
@pytest.mark.parametrize("shape", SHAPES)
def test_targets_of_any_size_are_reached_off_the_balanced_leaf(power, shape):
    """Starts with λ ≠ 0 and hidden units enough have all modes of the target: no loss is left."""
    outputs, inputs = shape
    for sizes in SIZES:
        draw = np.random.default_rng([power, outputs, inputs, sizes[1].numerator])
        B = [[Fraction(int(z), 10**power) for z in row] for row in draw.integers(-9, 10, shape)]
        units = min(shape)
        W1 = [[sizes[0] * z for z in row] for row in _turned(inputs, draw)[:units]]
        W2 = [[sizes[1] * z for z in row[:units]] for row in _turned(outputs, draw)]
        flow = TwoLayers(W1, W2, (ONE, ONE), ONE, B)
        assert flow.law == sizes[1] ** 2 - sizes[0] ** 2
        assert _loss(flow) == "0"
        assert flow.limit()["loss"] == 0


@pytest.mark.parametrize("power", [30, 60, 300])
def test_what_one_unit_cannot_fit_is_left_however_small(power):
    B = [[ONE, NONE], [NONE, Fraction(1, 10**power)]]
    flow = TwoLayers([[ONE, NONE]], [[ONE], [NONE]], (ONE, ONE), ONE, B)
    assert _loss(flow) == f"5e-{2 * power + 1}"


@pytest.mark.parametrize("power", [20, 200, 700])
def test_a_part_of_the_faster_mode_decides_however_small(power):
    small = Fraction(1, 10**power)
    flow = TwoLayers(
        [[ONE, small]], [[ONE], [small]], (ONE, ONE), ONE, [[ONE, NONE], [NONE, Fraction(2)]]
    )
    assert _loss(flow) == "0.5"


@pytest.mark.parametrize("power", [0, 60, 150])
def test_a_rank_that_no_rational_projector_shows_is_proved(power):
    """W₂W₁ = 1 keeps its determinant's sign: of a target with the other one mode is never reached.

    Both modes are conjugate, and their part of the start has rank one and irrational entries.
    """
    B = [[Fraction(z, 10**power) for z in row] for row in ([1, 2], [3, 5])]
    flow = TwoLayers(UNIT, UNIT, (ONE, ONE), ONE, B)
    # s² are the roots of s⁴ − 39 s² + 1, B being [[1, 2], [3, 5]] of determinant −1
    mp = MPContext()
    mp.prec = 300
    left = (39 - mp.sqrt(39**2 - 4)) / 4
    assert _loss(flow) == to_digits(lambda _: [left * mp.mpf(10) ** (-2 * power)], 30)[0]
    assert flow.flow.is_proved


@pytest.mark.parametrize("power", [5, 60, 150])
def test_roots_are_told_apart_however_near(power):
    near = Fraction(1, 10**power)
    A = [[ONE, near, NONE, NONE], [near, ONE, NONE, NONE], [NONE] * 4, [NONE] * 3 + [ONE]]
    roots = Roots(A)
    assert roots.sizes == [1, 1, 1, 1]
    assert roots.zero == 3
    assert Roots([[z if i == j else NONE for j in range(3)] for i, z in enumerate((near, 1, near))])\
        .sizes == [1, 2]  # fmt: skip


@pytest.mark.parametrize("power", [0, 60, 150])
def test_singular_vectors_of_a_small_value_are_there(power):
    mp = MPContext()
    mp.prec = 200
    near = Fraction(1, 10**power)
    first, second = target_pairs([[2 * ONE, NONE], [NONE, near]], mp)
    assert [abs(z) for z in (*first[0], *second[1])] == [1, 0, 0, 1]
    assert target_pairs([[near, NONE], [NONE, near]], mp) == [None, None]
    assert target_pairs([[near, NONE], [NONE, near + near**3 / 2]], mp)[0] is not None
    assert target_pairs([[ONE, ONE], [ONE, ONE]], mp)[1] is None


@pytest.mark.parametrize("power", [10, 40, 100])
def test_a_small_target_turns_its_part_of_a_neuron_however_much_is_frozen(power):
    small = Fraction(1, 10**power)
    data = of_set([[ONE, NONE]], [small])
    flow = SingleNeuron(ONE, [NONE, ONE], ONE, ONE, data)
    # δ = 1: a² − w² = 1, a w = y, so w = y but for y³/2, and φ is w but for its cube
    phi = flow.exactly(None, 320)["phi"]
    assert abs(phi * phi.context.mpf(10) ** power - 1) < 2 * 10.0**-20
