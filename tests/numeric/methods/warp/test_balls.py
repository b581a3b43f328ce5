"""Digits of networks whose s(t) has no formula, against Taylor series of the raw equations."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, ctx
from mpmath import mp, mpf

from numeric.cases.case import parse
from numeric.data.exact import rational
from verify.oracle.taylor import integrate

POWERS = {"quadratic": 2, "cubic": 3}
DIGITS = 25
RATES = {"gamma": "0.8", "eta_u": "1.5", "eta_w": "0.4"}
ONES = {"gamma": 1, "eta_u": 1, "eta_w": 1}
TIMES = ("0.3", "1.7")

# c is u² − η_u h²/(β η_w |m|²).
CASES = {
    "c > 0, growing": {"u0": ["0.7"], "W0": [["0.3"]], "x": ["1.2"], "y": "1.5"},
    "c > 0, falling": {"u0": ["0.7"], "W0": [["0.9"]], "x": ["1.2"], "y": "0.1"},
    "c < 0, growing": {"u0": ["0.1"], "W0": [["0.8"]], "x": ["1.1"], "y": "1.5"},
    "c < 0, falling": {"u0": ["0.1"], "W0": [["0.8"]], "x": ["1.1"], "y": "-0.7"},
    "c > 0, dying": {"u0": ["-0.7"], "W0": [["0.3"]], "x": ["1.2"], "y": "1.5"},
    "y = 0, dying": {"u0": ["0.7"], "W0": [["0.3"]], "x": ["1.2"], "y": 0},
    "y = 0, reached": {"u0": ["0.1"], "W0": [["0.8"]], "x": ["1.1"], "y": 0},
    "negative h": {"u0": ["0.7", "0.3"], "W0": [["-0.3"], ["-0.5"]], "x": ["1.2"], "y": "0.9"},
    "dead neuron": {"u0": ["0.7", "0.5"], "W0": [["0.6", 0], [0, "0.8"]], "x": [1, 0], "y": 1},
    "two signs": {
        "u0": ["0.7", "-0.4"], "W0": [["0.3", "-0.6"], ["0.2", "0.5"]], "x": ["0.5", "-1.2"],
        "y": "1.3",
    },
}  # fmt: skip
# η_u h² = β η_w |m|² u² with rational numbers: h = x u and β x² … chosen so that c is exactly 0.
BALANCED = {
    "quadratic": {"eta_u": 2, "eta_w": 1, "x": [1], "u0": ["0.5"], "W0": [["0.5"]]},
    "cubic": {"eta_u": 3, "eta_w": 1, "x": [1], "u0": ["0.5"], "W0": [["0.5"]]},
}


def exact(content, times, digits=DIGITS):
    flow = parse(content).exact()
    asked = [None if t is None else rational(Fraction(t)) for t in times]
    snapshots, scale = flow.solve(asked, digits)
    return flow, snapshots, scale


def series(content, times, beta):
    is_set = "X" in content
    return integrate(
        content["u0"], content["W0"],
        content["X"] if is_set else [content["x"]],
        content["targets"] if is_set else [content["y"]],
        **{name: content[name] for name in RATES}, times=times, digits=DIGITS + 8, beta=beta,
    )  # fmt: skip


def number(ball):
    """The middle of a ball as an mpmath number."""
    return mpf(ball.mid().str(DIGITS + 12, radius=False)) if ball != 0 else mpf(0)


def assert_agrees(content, times, beta):
    before, ctx.prec = ctx.prec, 400
    try:
        _, snapshots, _ = exact(content, times)
        with mp.workdps(DIGITS + 20):
            for snapshot, (u, W) in zip(snapshots, series(content, times, beta), strict=True):
                scale = max(abs(z) for z in [*u, *(w for row in W for w in row)])
                for a, b in zip(snapshot.u, u, strict=True):
                    assert abs(number(a) - b) <= scale * mpf(10) ** -DIGITS
                for row, other in zip(snapshot.W, W, strict=True):
                    for a, b in zip(row, other, strict=True):
                        assert abs(number(a) - b) <= scale * mpf(10) ** -DIGITS
                if "x" in content:
                    assert_observables(content, snapshot, u, W, beta)
    finally:
        ctx.prec = before


def assert_observables(content, snapshot, u, W, beta):
    x, y = [mpmath.mpmathify(z) for z in content["x"]], mpmath.mpmathify(content["y"])
    h = [mp.fdot(row, x) for row in W]
    output = mpmath.mpmathify(content["gamma"]) * mpmath.fsum(
        a * b**beta for a, b in zip(u, h, strict=True)
    )
    tolerance = mpf(10) ** (2 - DIGITS)
    assert abs(number(snapshot.output) - output) <= tolerance * (abs(output) + abs(y))
    assert abs(number(snapshot.residual) - (output - y)) <= tolerance * (abs(output) + abs(y))
    assert abs(number(snapshot.loss) - (output - y) ** 2) <= tolerance * (1 + abs(y)) ** 2
    norm_u, norm_h = (mpmath.sqrt(mp.fdot(z, z)) for z in (u, h))
    assert abs(number(snapshot.norm_u) - norm_u) <= tolerance * norm_u
    frobenius = mpmath.sqrt(mpmath.fsum(w * w for row in W for w in row))
    assert abs(number(snapshot.norm_W) - frobenius) <= tolerance * frobenius
    assert abs(number(snapshot.alignment) - mp.fdot(u, h) / norm_u / norm_h) <= tolerance


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("network", POWERS)
def test_every_branch(network, name):
    assert_agrees({"activation": network, **RATES, **CASES[name]}, TIMES, POWERS[network])


@pytest.mark.parametrize("y", ["1.5", "-0.4"])
@pytest.mark.parametrize("network", POWERS)
def test_balanced_neurons(network, y):
    content = {"activation": network, "gamma": "0.8", "y": y, **BALANCED[network]}
    flow, _, _ = exact(content, [])
    (one,) = flow._neurons.neurons
    assert one.mu == 0
    assert one.first**2 == 2 * one.second - 0 + one.discriminant
    assert_agrees(content, TIMES, POWERS[network])


@pytest.mark.parametrize(("seed", "width", "inputs"), [(1, 2, 4), (3, 3, 2), (4, 5, 3)])
@pytest.mark.parametrize("network", POWERS)
@pytest.mark.slow
def test_random_networks(network, seed, width, inputs):
    generator = np.random.default_rng(seed)

    def draw(*shape):
        return [f"{z:.3f}" for z in generator.standard_normal(shape)] if len(shape) == 1 else [
            draw(shape[1]) for _ in range(shape[0])
        ]  # fmt: skip

    content = {"activation": network, **RATES, "u0": draw(width), "W0": draw(width, inputs),
               "x": draw(inputs), "y": "0.9"}  # fmt: skip
    assert_agrees(content, ("0.05", "0.4"), POWERS[network])


@pytest.mark.parametrize("network", POWERS)
def test_a_data_set_on_a_line(network):
    content = {
        "activation": network, **RATES, "u0": ["0.7", "-0.4"],
        "W0": [["0.3", "-0.6"], ["0.2", "0.5"]],
        "X": [["0.5", "-1.2"], ["-0.25", "0.6"], ["0.4", "-0.96"]], "targets": ["1.3", "0.2", 1],
    }  # fmt: skip
    assert_agrees(content, ("0.3", "1.0"), POWERS[network])


# --- where it ends ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in CASES if name != "y = 0, reached"])
@pytest.mark.parametrize("network", POWERS)
def test_infinite_time(network, name):
    content = {"activation": network, **RATES, **CASES[name]}
    flow, (late, last), scale = exact(content, ["40", None])
    y = Fraction(str(content["y"]))
    dies = name in ("c > 0, dying", "y = 0, dying")
    assert flow.limit_kind == ("saddle" if name == "c > 0, dying" else "target")
    assert flow.limit_kind == parse(content).floating().limit_kind
    if dies:
        assert not scale.is_finite()
        assert last.output == 0
        assert last.residual.overlaps(arb(-rational(y)))
        assert all(w == 0 for row in last.W for w in row)
        law = Fraction("0.49") - Fraction("1.5") * Fraction("0.09") / (
            POWERS[network] * Fraction("0.4")
        )
        sign = 1 if content["u0"][0] == "0.7" else -1
        assert abs(last.u[0] - sign * arb(rational(law)).sqrt()) < arb("1e-14")
    else:
        assert (last.residual, last.loss) == (0, 0)
        assert last.output.overlaps(arb(rational(y)))
        assert scale > 0
        # From 40 on the weights have converged, and f is y: measured from the weights.
        for a, b in zip(last.u, late.u, strict=True):
            assert abs(a - b) < arb("1e-6")
        x = [arb(rational(Fraction(str(z)))) for z in content["x"]]
        h = [sum((w * z for w, z in zip(row, x, strict=True)), arb(0)) for row in last.W]
        total = sum((a * b ** POWERS[network] for a, b in zip(last.u, h, strict=True)), arb(0))
        assert abs(arb("0.8") * total - rational(y)) < arb("1e-13")


@pytest.mark.parametrize("network", POWERS)
def test_an_end_where_u_is_zero(network):
    # One neuron with c < 0 and y = 0: it stops at u = 0, a zero that no ball can be small beside.
    content = {"activation": network, **RATES, **CASES["y = 0, reached"]}
    flow, (last,), scale = exact(content, [None], 3)
    assert flow.limit_kind == "target"
    assert (last.residual, last.loss) == (0, 0)
    assert last.u[0].contains(0)
    assert abs(last.u[0]) < arb("1e-3")
    law = rational(Fraction("0.01") - Fraction("1.5") * Fraction("0.7744") /
                   (POWERS[network] * Fraction("0.4") * Fraction("1.21")))  # fmt: skip
    h = arb("1.1") * last.W[0][0]
    expected = -law * POWERS[network] * arb("0.4") * arb("1.21") / arb("1.5")
    assert abs(h * h - expected) < arb("1e-2")
    assert scale > 0


@pytest.mark.parametrize("network", POWERS)
def test_the_residual_falls_by_the_time_scale(network):
    content = {"activation": network, **RATES, **CASES["two signs"]}
    _, (one,), scale = exact(content, ["50"])
    step = Fraction(str(scale.mid().str(20, radius=False)))
    _, (two,), _ = exact(content, [Fraction(50) + step])
    assert abs(two.residual / one.residual / arb(-4).exp() - 1) < arb("1e-12")
    assert one.residual != 0
    assert one.residual.rel_accuracy_bits() > 3.32 * DIGITS


@pytest.mark.parametrize("network", POWERS)
def test_a_start_at_the_target(network):
    content = {"activation": network, **ONES, "u0": ["0.5"], "W0": [[2]], "x": [1],
               "y": f"{0.5 * 2 ** POWERS[network]}"}  # fmt: skip
    flow, snapshots, scale = exact(content, ["0", "3", None])
    assert flow.limit_kind == "target"
    assert not scale.is_finite()
    for snapshot in snapshots:
        assert (snapshot.residual, snapshot.loss) == (0, 0)
        assert (snapshot.u[0], snapshot.W[0][0]) == (arb("0.5"), 2)


@pytest.mark.parametrize("change", [{"gamma": 0}, {"x": [0, 0]}, {"W0": [[0, 0], [0, 0]]}], ids=str)
@pytest.mark.parametrize("network", POWERS)
def test_networks_that_do_not_move(network, change):
    content = {"activation": network, **RATES, **CASES["two signs"], **change}
    flow, snapshots, scale = exact(content, ["0", "3", None])
    assert flow.limit_kind == "at rest"
    assert not scale.is_finite()
    for snapshot in snapshots:
        assert snapshot.output == 0
        for a, z in zip(snapshot.u, content["u0"], strict=True):
            assert a.overlaps(arb(rational(Fraction(str(z)))))
            assert float(a.mid()) == float(z)
        assert float(snapshot.residual.mid()) == -1.3


@pytest.mark.parametrize("network", POWERS)
def test_zeros_are_exact(network):
    content = {"activation": network, **RATES, **CASES["dead neuron"]}
    _, (start, later), _ = exact(content, ["0", "0.7"])
    for snapshot in (start, later):
        assert snapshot.W[0][1] == 0  # across the data
        assert snapshot.W[1][0] == 0  # a dead neuron
        assert snapshot.u[1] == rational(Fraction(1, 2))
    assert start.u[0].overlaps(arb(rational(Fraction(7, 10))))


@pytest.mark.parametrize("name", ["two signs", "c > 0, dying"])
@pytest.mark.parametrize("network", POWERS)
def test_the_precision_does_not_change_the_numbers(network, name):
    content = {"activation": network, **RATES, **CASES[name]}
    _, few, scale = exact(content, ["0.3", "9", None], 15)
    before, ctx.prec = ctx.prec, 600
    try:
        _, many, finer = exact(content, ["0.3", "9", None], 60)
        for a, b in zip(few, many, strict=True):
            pairs = [*zip(a.u, b.u, strict=True), (a.output, b.output), (a.residual, b.residual),
                     (a.norm_W, b.norm_W)]  # fmt: skip
            for one, other in pairs:
                assert one.overlaps(other)
                assert abs(one - other) <= abs(other) * arb("1e-14")
        assert not scale.is_finite() or abs(scale - finer) < abs(finer) * arb("1e-14")
    finally:
        ctx.prec = before


def test_the_precision_is_left_as_it_was():
    before = ctx.prec
    exact({"activation": "cubic", **RATES, **CASES["two signs"]}, ["0.3"], 50)
    assert ctx.prec == before


@pytest.mark.parametrize("network", POWERS)
@pytest.mark.parametrize("size", ["0.01", "0.0001"])
def test_small_initial_weights(network, size):
    content = {"activation": network, **ONES, "u0": [size], "W0": [[size]], "x": [1], "y": 1}
    _, (last,), _ = exact(content, [None])
    beta = POWERS[network]
    u, h = last.u[0], last.W[0][0]
    assert abs(u * h**beta - 1) < arb("1e-14")
    law = rational(Fraction(size) ** 2 * (1 - Fraction(1, beta)))
    assert abs(u * u - h * h / beta - law) < arb("1e-14")


# --- extremes --------------------------------------------------------------------------------------


@pytest.fixture
def _many_bits():
    before, ctx.prec = ctx.prec, 4096
    yield
    ctx.prec = before


@pytest.mark.parametrize("size", ["1e-6", "1e-15", "1e-40"])
@pytest.mark.parametrize("network", POWERS)
@pytest.mark.usefixtures("_many_bits")
def test_tiny_weights(network, size):
    """The equilibrium is next to the pole; there u² − h²/β is what it was, and u h^β = y."""
    content = {
        "activation": network, "gamma": 1, "eta_u": 1, "eta_w": 1, "x": [1], "y": 2,
        "u0": [size], "W0": [[size]],
    }  # fmt: skip
    beta = POWERS[network]
    _, (start, last), _ = exact(content, ["0", None], 25)
    assert start.u[0].overlaps(arb(rational(Fraction(size))))
    u, h = last.u[0], last.W[0][0]
    law = rational(Fraction(size) ** 2 * (1 - Fraction(1, beta)))
    assert (u * u - h * h / beta).overlaps(arb(law))
    assert abs(u * h**beta - 2) < arb("1e-24")


@pytest.mark.parametrize(("network", "W0"), [("quadratic", 3), ("cubic", 2), ("cubic", 3)])
@pytest.mark.usefixtures("_many_bits")
def test_a_weight_that_vanishes_at_the_end(network, W0):
    content = {
        "activation": network, "gamma": 1, "eta_u": 1, "eta_w": 1, "x": [1], "y": 0,
        "u0": [0.5], "W0": [[W0]],
    }  # fmt: skip
    beta = POWERS[network]
    _, (last,), _ = exact(content, [None], 25)
    assert last.u[0].contains(0)
    end = arb(rational(Fraction(W0) ** 2 - beta * Fraction(1, 4))).sqrt()
    assert abs(last.W[0][0] - end) < arb("1e-24")
    assert_agrees(content, ["0.01"], beta)


@pytest.mark.usefixtures("_many_bits")
def test_a_time_close_to_zero():
    content = {
        "activation": "cubic", "gamma": 1, "eta_u": 1, "eta_w": 1, "x": [1], "y": 2,
        "u0": ["0.5"], "W0": [["0.5"]],
    }  # fmt: skip
    _, (now,), _ = exact(content, ["1e-300"], 25)
    # dh/dt = −2 (f − y) 3 u h² = 3/4 (2 − 1/16)
    assert now.residual.overlaps(-(arb(2) - arb(1) / 16) + arb(0, arb("1e-299")))
    assert abs(now.W[0][0] - arb(1) / 2) < arb("1e-50")
