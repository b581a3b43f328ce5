"""Aligned layers against Taylor series of their raw equations, which know no mode and no chain."""

import math
from fractions import Fraction as F

import numpy as np
import pytest
from flint import arb, arb_series, ctx

from numeric.methods.aligned.flow import AlignedLayers, NotAlignedError
from numeric.methods.aligned.rings import TOLERANCE
from numeric.methods.digits import BITS_OF_A_DIGIT, has_bits
from numeric.namespaces import precision

ORDER, BITS = 24, 140
TURN = np.array([[F(3, 5), F(-4, 5)], [F(4, 5), F(3, 5)]])
TILT = np.array([[F(2, 3), F(-1, 3), F(2, 3)], [F(2, 3), F(2, 3), F(-1, 3)],
                 [F(-1, 3), F(2, 3), F(2, 3)]])  # fmt: skip


def diagonal(*numbers, rows=None, columns=None):
    found = np.full((rows or len(numbers), columns or len(numbers)), F(0))
    for k, value in enumerate(numbers):
        found[k, k] = F(value)
    return found


def balls(array):
    return _each(array, lambda z: arb(F(z).numerator) / F(z).denominator)


def _each(array, make):
    found = np.empty(array.shape, dtype=object)
    for place, value in np.ndenumerate(array):
        found[place] = make(value)
    return found


def one_step(layers, target, paces, h):
    """The layers after a time h, by Picard iteration of their power series in time."""
    before, ctx.cap = ctx.cap, ORDER + 1
    try:
        start, series = layers, [_each(W, lambda z: arb_series([z])) for W in layers]
        for known in range(ORDER):
            ctx.cap = known + 2
            through = [_each(np.eye(layers[0].shape[1]), lambda z: arb_series([z]))]
            for W in series:
                through.append(W @ through[-1])
            error = target - through[-1]
            after, slopes = _each(np.eye(len(target)), lambda z: arb_series([z])), []
            for W, inner in zip(series[::-1], through[-2::-1], strict=True):
                slopes.append(after.T @ error @ inner.T)
                after = after @ W
            series = [
                _each(slope, lambda z: z.integral()) * pace + W
                for slope, pace, W in zip(slopes[::-1], paces, start, strict=True)
            ]
        powers = [h**k for k in range(ORDER + 1)]
        return [
            _each(W, lambda z: sum((z[k] * p for k, p in enumerate(powers)), arb(0)).mid())
            for W in series
        ]
    finally:
        ctx.cap = before


def taylor(layers, target, rates, scale, time, steps):
    """The layers at a time."""
    with precision(BITS):
        now, B = [balls(W) for W in layers], balls(target)
        paces = [arb((rate * scale).numerator) / (rate * scale).denominator for rate in rates]
        for _ in range(steps):
            now = one_step(now, B, paces, arb(time.numerator) / time.denominator / steps)
        return now


EXACT = {
    "diagonal": ([diagonal(1, F(1, 2))] * 3, diagonal(2, 3), [F(1), F(2), F(1, 2)], F(1)),
    "turned": (
        [TURN @ diagonal(1, F(-1, 3)), diagonal(F(1, 2), F(3, 4)) @ TURN.T], diagonal(1, -1),
        [F(1), F(3, 2)], F(2),
    ),
    "of many sizes": (
        [TILT @ diagonal(F(1, 2), F(1, 3), rows=3), diagonal(1, F(2, 3), rows=4, columns=3) @ TILT.T,
         TURN @ diagonal(F(1, 2), -1, columns=4)],
        TURN @ diagonal(F(3, 2), 1), [F(1)] * 3, F(1),
    ),
    "modes that are one": ([diagonal(1, 1, F(1, 2))] * 2, diagonal(2, 2, 2), [F(1), F(1)], F(1)),
    "a layer that is 0 of a mode": (
        [diagonal(1, F(1, 2)), diagonal(0, F(1, 2)), diagonal(F(-1, 2), 1)], diagonal(2, 1),
        [F(1), F(2), F(1)], F(1),
    ),
    "roots of squares": (
        [np.array([[F(1), F(1)], [F(1), F(-1)]]), diagonal(F(1, 2), F(1, 3)) ], diagonal(1, 1)
        @ np.array([[F(1), F(1)], [F(1), F(-1)]]), [F(1), F(1)], F(1),
    ),
    "targets of both signs": (
        [diagonal(F(1, 2), F(1, 2))] * 3, diagonal(1, -1), [F(1)] * 3, F(1),
    ),
    "no target": ([diagonal(1, F(1, 2))] * 3, diagonal(0, 1), [F(1)] * 3, F(1)),
    "one layer": ([diagonal(1, F(1, 2))], diagonal(2, 1), [F(1)], F(3)),
}  # fmt: skip


@pytest.mark.parametrize("name", EXACT)
def test_25_digits_are_those_of_the_raw_equations(name):
    layers, target, rates, scale = EXACT[name]
    flow = AlignedLayers([W.tolist() for W in layers], rates, scale, target.tolist())
    assert flow.is_exact
    raw = taylor(layers, target, rates, scale, F(2, 5), 24)
    found = flow.balls(F(2, 5), 25)
    with precision(BITS):
        for one, other in zip(found.weights, raw, strict=True):
            size = max(abs(z) for z in other.flat)
            assert all(
                abs(a - b) < size * arb(10) ** -24
                for a, b in zip(one.flat, other.flat, strict=True)
            )
        product = raw[0]
        for W in raw[1:]:
            product = W @ product
        left = product - balls(target)
        assert all(abs(z) < arb(10) ** -23 for z in (found.residual - left).flat)
        loss = (left * left).sum() * arb(scale.numerator) / (2 * scale.denominator)
        assert abs(found.loss - loss) < loss * arb(10) ** -22


def drawn(seed, depth, balanced=False):
    """Layers with drawn singular vectors, in floats."""
    draw = np.random.default_rng(seed)
    sizes = draw.integers(2, 5, depth + 1)
    few = int(draw.integers(1, min(sizes) + 1))
    turns = [np.linalg.qr(draw.standard_normal((n, n)))[0][:, :few] for n in sizes]
    rates = [F(1)] * depth if balanced else [F(float(z)) for z in draw.uniform(0.5, 2, depth)]
    strengths = [draw.standard_normal(few) for _ in range(depth)]
    if balanced:
        strengths = [strengths[0] * draw.choice([-1, 1], few) for _ in range(depth)]
    layers = [after * d @ before.T
              for d, before, after in zip(strengths, turns, turns[1:], strict=False)]  # fmt: skip
    return layers, turns[-1] * draw.standard_normal(few) @ turns[0].T, rates


def exactly(array):
    return [[F(float(z)) for z in row] for row in array]


@pytest.mark.parametrize("balanced", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_drawn_singular_vectors(depth, balanced):
    layers, target, rates = drawn(depth, depth, balanced)
    flow = AlignedLayers([exactly(W) for W in layers], rates, F(1), exactly(target))
    assert not flow.is_exact
    raw = taylor(layers, target, rates, F(1), F(1, 2), 30)
    found = flow.at(F(1, 2))
    for one, other in zip(found.weights, raw, strict=True):
        expected = np.array([[float(z) for z in row] for row in other])
        # Aligned is what is so up to TOLERANCE; modes near one another mix by as much.
        assert np.abs(one - expected).max() <= 2 * TOLERANCE * np.linalg.norm(expected)


def test_one_input_is_aligned_but_for_rounding():
    """Its one eigenvalue is rational whatever the numbers are, and the layers are not aligned exactly."""
    draw = np.random.default_rng(1)
    one, two, three = (z / np.linalg.norm(z) for z in map(draw.standard_normal, (3, 4, 2)))
    layers = [0.5 * one[:, None], 0.7 * np.outer(two, one), -0.4 * np.outer(three, two)]
    target = 1.5 * three[:, None]
    flow = AlignedLayers([exactly(W) for W in layers], [F(1)] * 3, F(1), exactly(target))
    assert (flow.is_exact, len(flow.flows)) == (False, 1)
    raw = taylor(layers, target, [F(1)] * 3, F(1), F(1, 2), 30)
    for found, other in zip(flow.at(F(1, 2)).weights, raw, strict=True):
        expected = np.array([[float(z) for z in row] for row in other])
        assert np.abs(found - expected).max() <= 2 * TOLERANCE * np.linalg.norm(expected)


@pytest.mark.parametrize("depth", [5, 6])
def test_multiples_of_the_unit_matrix_are_solved_at_any_depth(depth):
    layers = [diagonal(F(1, 2), F(1, 2))] * depth
    target = np.array([[F(1), F(2)], [F(2), F(1)]])
    flow = AlignedLayers([W.tolist() for W in layers], [F(1)] * depth, F(1), target.tolist())
    assert (flow.method, flow.targets) == ("closed form", [3.0, -1.0])
    raw = taylor(layers, target, [F(1)] * depth, F(1), F(1), 100)
    found = flow.balls(F(1), 25)
    with precision(BITS):
        for one, other in zip(found.weights, raw, strict=True):
            assert all(abs(z) < arb(10) ** -24 for z in (one - other).flat)


def test_unbalanced_modes_of_deep_networks_are_marched_and_said_to_be():
    layers = [diagonal(F(k + 1, 4), F(1, 2)) for k in range(5)]
    flow = AlignedLayers([W.tolist() for W in layers], [F(1)] * 5, F(1), diagonal(2, 1).tolist())
    assert flow.method == "march"
    assert "unbalanced chain of depth 5" in flow.why
    raw = taylor(layers, diagonal(2, 1), [F(1)] * 5, F(1), F(1), 60)
    for one, other in zip(flow.at(1).weights, raw, strict=True):
        expected = np.array([[float(z) for z in row] for row in other])
        assert np.abs(one - expected).max() <= 1e-12 * np.linalg.norm(expected)


PAIR = EXACT["of many sizes"]


@pytest.mark.parametrize("off", [F(1, 10**9), F(1, 7)])
@pytest.mark.parametrize("which", [0, 1, 2, 3])
def test_what_is_not_aligned_is_refused(which, off):
    layers, target = [W.copy() for W in PAIR[0]], PAIR[1].copy()
    (layers[which] if which < 3 else target)[0, 1] += off
    with pytest.raises(NotAlignedError):
        AlignedLayers([W.tolist() for W in layers], PAIR[2], F(1), target.tolist())


def test_without_a_target_layers_have_to_be_aligned_still():
    layers = [np.array([[F(1), F(1)], [F(0), F(1)]]), diagonal(1, 2)]
    with pytest.raises(NotAlignedError):
        AlignedLayers([W.tolist() for W in layers], [F(1), F(1)], F(1), diagonal(0, 0).tolist())


def test_modes_that_meet_in_a_hidden_unit_are_refused():
    # Each matrix alone is diagonal, but the way out ends where the target leads another input.
    first, second, target = np.array([[F(1), F(0)]]), np.array([[F(0)], [F(1)]]), diagonal(1, 1)
    with pytest.raises(NotAlignedError):
        AlignedLayers([first.tolist(), second.tolist()], [F(1), F(1)], F(1), target.tolist())


@pytest.mark.parametrize(
    ("layers", "target"),
    [
        ([diagonal(1, 2), diagonal(3, F(1, 2))], diagonal(3, 1)),
        ([diagonal(0, 0), diagonal(0, 0)], diagonal(3, 1)),
        ([np.array([[F(1), F(1)], [F(1), F(-1)]])] * 2, diagonal(2, 2)),
    ],
)
def test_what_has_no_gradient_is_at_rest(layers, target):
    flow = AlignedLayers([W.tolist() for W in layers], [F(1), F(1)], F(1), target.tolist())
    late = flow.at(math.inf)
    for one, start in zip(late.weights, layers, strict=True):
        assert np.array_equal(one, start.astype(float))
    product = layers[1] @ layers[0]
    assert np.array_equal(late.product, product.astype(float))
    assert np.array_equal(late.residual, (product - target).astype(float))
    assert late.loss == float(((product - target) ** 2).sum() / 2)


def test_what_is_at_rest_beside_a_mode_that_moves_stays():
    layers, target = [diagonal(1, 2), diagonal(3, F(1, 2))], diagonal(3, 5)
    flow = AlignedLayers([W.tolist() for W in layers], [F(1), F(1)], F(1), target.tolist())
    late = flow.at(math.inf)
    assert np.allclose(late.product, [[3, 0], [0, 5]], rtol=1e-14, atol=0)
    assert (late.weights[0][0, 0], late.weights[1][0, 0]) == (1, 3)


@pytest.mark.parametrize("name", ["roots of squares", "turned"])
def test_digits_at_the_start_are_those_that_were_given(name):
    layers, target, rates, scale = EXACT[name]
    flow = AlignedLayers([W.tolist() for W in layers], rates, scale, target.tolist())
    found = flow.balls(0, 50)
    with precision(BITS + 100):
        for one, other in zip(found.weights, layers, strict=True):
            assert all(abs(z) < arb(10) ** -50 for z in (one - balls(other)).flat)


def test_a_number_that_passes_zero_has_its_digits():
    target = TURN @ diagonal(1, -1) @ TURN.T
    flow = AlignedLayers([diagonal(F(1, 2), F(1, 2)).tolist()], [F(1)], F(1), target.tolist())
    low, high = F(0), F(10)
    for _ in range(180):
        middle = (low + high) / 2
        is_before = flow.balls(middle, 60).product[0, 0] > 0
        low, high = (middle, high) if is_before else (low, middle)
    entry = flow.balls(low, 25).product[0, 0]
    assert abs(entry) < 1e-50
    assert has_bits(entry, int(25 * BITS_OF_A_DIGIT))


def test_the_time_to_a_loss_is_that_of_all_modes():
    layers, target, rates, scale = EXACT["diagonal"]
    flow = AlignedLayers([W.tolist() for W in layers], rates, scale, target.tolist())
    goal = flow.at(F(1, 2)).loss
    assert flow.time_to_loss(F(goal)) == pytest.approx(0.5, rel=1e-12)
    assert math.isnan(flow.time_to_loss(F(1000)))
