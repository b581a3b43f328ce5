"""Digits under any loss, against a Taylor integration of the raw equations, written down here."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest
from flint import acb, arb, arb_series, fmpq
from mpmath import mp, mpf

from numeric import catalogue
from numeric.cases.case import parse
from numeric.cases.solution import solve
from numeric.data.exact import rounded
from numeric.methods.warp.exact_loss import ExactLoss, Term
from numeric.namespaces import precision

DIGITS = 25
BETA = {"linear": 1, "quadratic": 2, "cubic": 3}
NETWORKS = [
    pytest.param(name, marks=[] if name == "quadratic" else pytest.mark.slow) for name in BETA
]
SLOPES = {
    "half_square": lambda f, y: f - y,
    "logistic": lambda f, y: -y / (1 + mp.exp(y * f)),
    "exponential": lambda f, y: -y * mp.exp(-y * f),
    "binary_cross_entropy": lambda f, y: 1 / (1 + mp.exp(-f)) - y,
    "log_cosh": lambda f, y: mp.tanh(f - y),
    "quartic": lambda f, y: 4 * (f - y) ** 3,
    "huber": lambda f, y: min(max(f - y, mpf(-1)), mpf(1)),
    "hinge": lambda f, y: -y if y * f < 1 else mpf(0),
}
VALUES = {
    "half_square": lambda f, y: (f - y) ** 2 / 2,
    "logistic": lambda f, y: mp.log(1 + mp.exp(-y * f)),
    "exponential": lambda f, y: mp.exp(-y * f),
    "binary_cross_entropy": lambda f, y: mp.log(1 + mp.exp(f)) - y * f,
    "log_cosh": lambda f, y: mp.log(mp.cosh(f - y)),
    "quartic": lambda f, y: (f - y) ** 4,
    "huber": lambda f, y: (f - y) ** 2 / 2 if abs(f - y) <= 1 else abs(f - y) - mpf(1) / 2,
    "hinge": lambda f, y: max(mpf(0), 1 - y * f),
}
U, H = ("0.5", "-0.7", "0.9"), ("0.25", "0.9", "-0.6")
RATES = {"gamma": "0.8", "eta_u": "0.6", "eta_w": "1.1"}
# Times before the first bend of the losses that have one; `huber` starts within its parabola.
POINT = {"x": ["1"], "y": "0.6"}
SET = {"X": [["1"], ["-0.5"], ["2"]], "targets": ["0.9", "0.3", "-0.4"]}
SIGNS = {"0.6": "1", "0.9": "1", "0.3": "-1", "-0.4": "1"}


def data(loss, given):
    """Targets that a loss has a meaning for."""
    if loss in ("logistic", "exponential", "hinge"):
        change = SIGNS.get
    elif loss == "binary_cross_entropy":
        change = {"0.6": "0.6", "0.9": "0.9", "0.3": "0", "-0.4": "1"}.get
    else:
        return given
    if "y" in given:
        return given | {"y": change(given["y"])}
    return given | {"targets": [change(y) for y in given["targets"]]}


def raw(beta, loss, content, t):
    """The weights u and h of Σᵢ uᵢ hᵢ^β at a time, for one-dimensional inputs."""
    xs = [mpf(x) for (x,) in content.get("X", [content.get("x")])]
    ys = [mpf(y) for y in content.get("targets", [content.get("y")])]
    gamma, eta_u, eta_w = (mpf(RATES[name]) for name in ("gamma", "eta_u", "eta_w"))
    d = len(U)

    def velocity(_, z):
        u, w = z[:d], z[d:]
        by_u, by_w = [mpf(0)] * d, [mpf(0)] * d
        for x, y in zip(xs, ys, strict=True):
            f = gamma * mp.fsum(a * (b * x) ** beta for a, b in zip(u, w, strict=True))
            pull = -SLOPES[loss](f, y) / len(xs)
            for i in range(d):
                by_u[i] += pull * eta_u * gamma * (w[i] * x) ** beta
                by_w[i] += pull * eta_w * gamma * u[i] * beta * (w[i] * x) ** (beta - 1) * x
        return by_u + by_w

    start = [mpf(z) for z in (*U, *H)]
    found = mp.odefun(velocity, 0, start, tol=mpf(10) ** -(DIGITS + 4))(t)
    outputs = [gamma * mp.fsum(a * (b * x) ** beta for a, b in zip(found[:d], found[d:], strict=True))
               for x in xs]  # fmt: skip
    value = mp.fsum(VALUES[loss](f, y) for f, y in zip(outputs, ys, strict=True)) / len(xs)
    return found[:d], found[d:], value


@pytest.mark.parametrize("given", [POINT, SET], ids=["point", "set"])
@pytest.mark.parametrize("loss", SLOPES)
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.slow
def test_weights_and_loss_are_those_of_the_raw_equations(network, loss, given):
    content = {"beta": BETA[network], **RATES, "loss": loss, "u0": list(U),
               "W0": [[h] for h in H], **data(loss, given)}  # fmt: skip
    time = Fraction(1, 20) if loss in ("huber", "hinge") else Fraction(1, 2)
    found = solve(parse(content), [Fraction(0), time], DIGITS)
    with mp.workdps(DIGITS + 15):
        u, w, value = raw(BETA[network], loss, content, mpf(time.numerator) / time.denominator)
        allowed = mpf(10) ** (1 - DIGITS)
        for a, b in zip([*found.u[1], *(row[0] for row in found.W[1])], [*u, *w], strict=True):
            assert abs(mpf(a) - b) <= allowed
        assert abs(mpf(found.loss[1]) - value) <= allowed
        assert [mpf(z) for z in found.u[0]] == [mpf(z) for z in U]


def parsed(beta, loss, content):
    return parse(
        {"beta": beta, **RATES, "loss": loss, "u0": list(U), "W0": [[h] for h in H], **content}
    )


TIMES = [Fraction(1, 3), Fraction(4), Fraction(300)]
SMOOTH = [("logistic", "1"), ("log_cosh", "40"), ("quartic", "-3"), ("exponential", "-1"),
          ("binary_cross_entropy", "1")]  # fmt: skip
BENT = [("huber", "3"), ("huber", "-2.5"), ("hinge", "1"), ("hinge", "-1")]


@pytest.mark.parametrize(("loss", "y"), [*BENT, *SMOOTH])
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.slow
def test_late_times_and_ends_beyond_bends_are_those_of_float64(network, loss, y):
    """Floats invert another quadrature, of other panels, with their own treatment of bends and ends."""
    case = parsed(BETA[network], loss, {"x": ["1"], "y": y})
    found, flow = solve(case, TIMES, 20), case.floating()
    times = [float(t) for t in TIMES]
    for name in ("output", "loss", "norm_u", "norm_W"):
        expected = getattr(flow, name)(times)
        assert [float(z) for z in getattr(found, name)] == pytest.approx(
            expected, rel=1e-11, abs=1e-290
        )
    assert found.limit["kind"] == flow.limit_kind
    scale = math.inf if found.t_c is None else float(found.t_c)
    assert scale == pytest.approx(flow.t_c, rel=1e-12)
    end = found.limit["output"]
    assert (end is None) == (flow.limit_kind == "unbounded")
    if end is not None:
        assert float(end) == pytest.approx(float(flow.output(float("inf"))), rel=1e-11)


@pytest.mark.slow
def test_more_digits_begin_with_the_fewer():
    """Each ball holds its number: what is asked for at 60 digits is rounded to what it is at 20."""
    for loss, y in BENT:
        few, many = (solve(parsed(2, loss, {"x": ["1"], "y": y}), TIMES, k) for k in (20, 60))
        for name in ("output", "loss"):
            for a, b in zip(getattr(few, name), getattr(many, name), strict=True):
                with mp.workdps(70):
                    assert abs(mpf(a) - mpf(b)) <= mpf(10) ** -19 * max(1, abs(mpf(b)))


def test_a_set_whose_slopes_cancel_exactly_is_at_its_minimum():
    content = {"X": [["1"], ["1"]], "targets": ["1", "-1"]}
    case = parse({"beta": 1, **RATES, "loss": "logistic", "u0": ["0.5", "0"], "W0": [["0"], ["2"]],
                  **content})  # fmt: skip
    assert case.exact().limit_kind == "target"
    (output,) = solve(case, [Fraction(5)], 20).output
    assert output == "0"
    moved = parse({"beta": 1, **RATES, "loss": "logistic", "u0": ["0.5", "0"], "W0": [["0.1"], ["2"]],
                   **content})  # fmt: skip
    assert moved.exact().limit_kind == "target"
    assert solve(moved, [Fraction(5)], 20).limit["output"] == "0"


@pytest.mark.parametrize("loss", ["logistic", "log_cosh", "hinge"])
@pytest.mark.parametrize("network", NETWORKS)
def test_neurons_that_die_end_at_the_saddle(network, loss):
    beta = BETA[network]
    case = parse({"beta": beta, "eta_u": beta, "eta_w": 1, "gamma": 1, "loss": loss, "x": ["1"], "y": "1",
                  "u0": ["-0.5"], "W0": [["0.5"]]})  # fmt: skip
    found, flow = solve(case, [Fraction(2)], 20), case.floating()
    assert found.limit["kind"] == flow.limit_kind == "saddle"
    assert found.limit["output"] == "0"
    assert float(found.output[0]) == pytest.approx(float(flow.output(2.0)), rel=1e-12)
    assert float(found.limit["loss"]) == pytest.approx(float(flow.loss(float("inf"))), rel=1e-12)


def steepest(content, output):
    """The way of ℒ at an output under the hinge, as fractions: 0 where none of its sides falls."""
    slopes = []
    for side in (-1, 1):
        total = Fraction(0)
        for (x,), y in zip(content["X"], content["targets"], strict=True):
            scale, margin = (
                Fraction(x) ** content["beta"],
                y * Fraction(x) ** content["beta"] * output,
            )
            if margin < 1 or (margin == 1 and side * y * scale < 0):
                total -= y * scale
        slopes.append(total)
    left, right = slopes
    return 1 if right < 0 else -1 if left > 0 else 0


@pytest.mark.parametrize("beta", [1, 2])
def test_a_start_at_a_bend_goes_where_the_loss_falls_or_rests(beta):
    """Wherever the bend is: at the end of a slope, before a flat part, or where the loss rises."""
    for *x, y, other in itertools.product(("1", "1.25", "-0.5"), ("1", "0.4"), (1, -1), (1, -1)):
        start = y / Fraction(x[0]) ** beta
        content = {"beta": beta, "gamma": 1, "eta_u": 1, "eta_w": 1, "loss": "hinge",
                   "X": [[z] for z in x], "targets": [y, other], "u0": [str(float(start))],
                   "W0": [[1]]}  # fmt: skip
        found = solve(parse(content), [Fraction(0), Fraction(1, 100)], 15)
        before, after = map(mpf, found.output)
        assert (after > before) - (after < before) == steepest(content, start)
        assert None not in found.loss


@pytest.mark.parametrize("beta", [1, 2, 3])
@pytest.mark.parametrize("loss", ["hinge", "huber", "log_cosh", "quartic"])
def test_starts_and_ends_at_bends_that_are_no_binary_numbers_have_a_loss(loss, beta):
    """At t = 0 and in the end the outputs are rational: so are terms at their bends."""
    scales = [1, 3**beta, 1]
    for u, targets in itertools.product(("0.1", "5", "-0.3"), ([1, 1, -1], [1, -1, 1])):
        content = {"beta": beta, "gamma": 1, "eta_u": 1, "eta_w": 1, "loss": loss, "u0": [u],
                   "W0": [["0.2"]], "X": [["1"], ["3"], ["1"]], "targets": targets}  # fmt: skip
        found = solve(parse(content), [Fraction(0)], 15)
        with mp.workdps(30):
            outputs = mpf(u) * mpf("0.2") ** beta, mpf(found.limit["output"])
            for f, value in zip(outputs, (found.loss[0], found.limit["loss"]), strict=True):
                terms = [VALUES[loss](c * f, y) for c, y in zip(scales, targets, strict=True)]
                assert abs(mpf(value) - mp.fsum(terms) / 3) <= mpf(10) ** -13 * (
                    1 + abs(mpf(value))
                )


# With u = h, η_u = 2 η_w and β = 2 the slope, a constant c, moves u by u′ = 2 c u²: f = u³ is 1 at
# t = 1/(2 c).
@pytest.mark.parametrize(("X", "time"), [(["1"], Fraction(1, 2)), (["1", "0.5"], Fraction(4, 5))])
def test_a_time_at_which_the_flow_is_at_a_bend_or_arrives_is_served(X, time):
    """No ball tells on which side it is: both are nearly the same."""
    content = {"beta": 2, "gamma": 1, "eta_u": 2, "eta_w": 1, "loss": "hinge", "u0": ["0.5"],
               "W0": [["0.5"]], "X": [[x] for x in X], "targets": [1] * len(X)}  # fmt: skip
    near = Fraction(1, 10**30)
    found = solve(parse(content), [time - near, time, time + near], 20)
    before, now, after = map(mpf, found.output)
    assert now == 1
    assert before <= 1 <= after
    assert found.loss[1] is not None


@pytest.mark.parametrize("beta", [1, 2, 3])
def test_an_end_at_zero_has_a_norm_of_zero(beta):
    """With E < 0 the second layer is 0 where the output is: exactly; a sum of two only within a ball."""
    one = {
        "beta": beta,
        "gamma": 1,
        "eta_u": 1,
        "eta_w": 1,
        "x": ["1"],
        "y": 0,
        "u0": ["0.1"],
        "W0": [["0.8"]],
    }
    for loss in ("square", "huber", "quartic"):
        end = solve(parse(one | {"loss": loss}), [], 15).limit
        assert end["norm_u"] == "0"
        assert end["alignment"] is None
        with mp.workdps(30):
            assert (
                abs(mpf(end["norm_W"]) ** 2 - (mpf("0.64") - beta * mpf("0.01"))) < mpf(10) ** -14
            )
    two = solve(
        parse(one | {"u0": ["0.1", "0.2"], "W0": [["0.8"], ["1.1"]], "loss": "huber"}), [], 15
    )
    assert two.limit["norm_u"] is not None


@pytest.mark.parametrize("y", ["3", "40", "-2.5"])
@pytest.mark.parametrize("network", ["quadratic", "cubic"])
def test_beyond_a_bend_a_panel_is_not_as_wide_as_before_it(network, y):
    """On the flat part of Huber's loss panels grow; next to the pole, or the end, they must not."""
    content = {"beta": BETA[network], **RATES, "loss": "huber", "x": ["1"], "y": y, "u0": list(U),
               "W0": [[h] for h in H]}  # fmt: skip
    early, late = solve(parse(content), [Fraction(1, 100), Fraction(10**6)], 15).output
    with mp.workdps(30):
        u, w, _ = raw(BETA[network], "huber", content, mpf(1) / 100)
        output = mpf(RATES["gamma"]) * mp.fsum(
            a * b ** BETA[network] for a, b in zip(u, w, strict=True)
        )
        assert abs(mpf(early) - output) <= mpf(10) ** -9 * abs(output)
    assert late.startswith(y)


LATE = [("quartic", "3", "1e-13", 30), ("quartic", "3", "1e-13", 3000), ("logistic", "1", "0.02", 30),
        ("exponential", "1", "0.02", 30),
        pytest.param("exponential", "1", "0.02", 300, marks=pytest.mark.slow)]  # fmt: skip


@pytest.mark.parametrize(("loss", "y", "room", "power"), LATE)
def test_the_latest_times_are_those_of_the_end(loss, y, room, power):
    """Far beyond float64, too: of f′ = −K ℒ′ with K as it is there."""
    content = {"beta": 1, "gamma": 1, "eta_u": 1, "eta_w": 1, "loss": loss, "x": ["1"], "y": y,
               "u0": ["0.5"], "W0": [["0.25"]]}  # fmt: skip
    t = Fraction(10) ** power
    found = solve(parse(content), [t], 15)
    with mp.workdps(40):
        (u,), ((w,),) = (
            [mpf(z) for z in found.u[0]],
            [[mpf(z) for z in row] for row in found.W[0]],
        )
        kernel, left = u * u + w * w, mpf(found.loss[0])
        size = mpf(10) ** power
        # e′ = −4 K e³, so 8 K e² t → 1; and with ℓ ≈ exp(−f): (1/ℓ)′ = K, of which K still grows.
        product = 8 * kernel * mp.sqrt(left) * size if loss == "quartic" else kernel * left * size
        assert abs(product - 1) <= mpf(room)


ROWS = [[["-1", "0.5"]], [["-1", "0.5"], ["2", "-1"]], [["0", "0"]], [["0", "0"], ["-1", "0.5"]]]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", ["logistic", "half_square"])
@pytest.mark.parametrize("beta", [1, 2])
@pytest.mark.slow
def test_sets_of_one_row_of_zeros_and_of_both_signs_are_those_of_float64(beta, loss, reduction):
    times = [Fraction(0), Fraction(1, 2)]
    for X, gamma in itertools.product(ROWS, ("0.8", "-0.8")):
        case = parse({"beta": beta, "gamma": gamma, "eta_u": "0.6", "eta_w": "1.1", "loss": loss,
                      "reduction": reduction, "u0": ["0.5", "-0.7"], "X": X,
                      "W0": [["0.4", "0.3"], ["0.8", "-0.2"]],
                      "targets": ["1", "-1"][: len(X)]})  # fmt: skip
        found, flow = solve(case, times, 20), case.floating()
        for name in ("output", "loss", "norm_u", "norm_W"):
            expected = getattr(flow, name)([float(t) for t in times])
            assert [float(z) for z in getattr(found, name)] == pytest.approx(expected, rel=1e-11)
        assert found.limit["kind"] == flow.limit_kind


SHIPPED = [
    "logistic",
    "exponential",
    "binary_cross_entropy",
    "log_cosh",
    "quartic",
    "huber",
    "hinge",
]


@pytest.mark.parametrize("loss", SHIPPED)
def test_a_piece_is_analytic_and_the_same_for_balls_series_and_complex_numbers(loss):
    module = catalogue.load_loss(loss)
    target = fmpq(1) if loss != "binary_cross_entropy" else fmpq(1, 3)
    whole = ExactLoss(
        module, (Term(fmpq(1, 2), fmpq(2, 3), target), Term(fmpq(1, 2), fmpq(-1), target))
    )
    with precision(200):
        for place in (fmpq(-3), fmpq(1, 7), fmpq(5, 4)):
            slope = whole.piece("slope", place, 1)
            expected = sum(
                rounded(w * c) * float(module.slope(rounded(c * place), rounded(y)))
                for w, c, y in whole.terms
            )
            assert float(arb(slope(place))) == pytest.approx(expected, rel=1e-14)
            assert acb(slope(acb(arb(place)))).real.overlaps(arb(slope(arb(place))))
            curved = arb(whole.piece("curvature", place, 2)(arb(place)))
            coefficients = list(arb_series(slope(arb_series([arb(place), 1]))).coeffs())
            second = coefficients[1] if len(coefficients) > 1 else arb(0)
            assert abs(second - curved) < arb(2) ** -150
