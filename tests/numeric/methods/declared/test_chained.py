"""Declared scalar chains: against the raw equations, against `solve`, and what refuses."""

from __future__ import annotations

import json
import math
import pickle

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from numeric import GradientFlow
from numeric.errors import InputError
from numeric.methods.ending import AT_REST, REACHED, SADDLE
from scripts import solve
from symbolic.architecture.model import Layer, Model
from symbolic.codegen.declared import compiled

# Of the largest weight: DOP853 at its finest tolerance and the chain were 1.1e-13 apart at worst in 80
# draws of three factors, signs, rates and data (6e-15 in the median), to t = 3.
BOUND = 1e-11
RATES = {"a": 0.5, "b": 1.25, "c": 2.0, "d": 0.75}


def own(output, letters):
    """A network with a rate for each weight."""
    return compiled(
        Model(
            name="own", title="own", source="own", inputs={"x": ("n",)},
            layers={name: Layer(rate=f"eta_{name}") for name in letters}, output=output,
            sizes=({"n": 2},),
        )
    )  # fmt: skip


SQUARED = own(  # two outputs, frozen weights, and a power: not the neuron of any activation
    lambda w, x, F: w.a**2 * w.b * w.c * (F.frozen("V", "n", "n") @ x.x) + F.frozen("v", "n"), "abc"
)
FIVE = own(lambda w, x, F: w.a * w.b * w.c * w.d * w.e * x.x, "abcde")


def marched(powers, start, rates, slope, still, targets, pace, times):
    """Weights from −η ∂L/∂θ, L = pace/2 Σ (still + slope M − targets)², typed here."""
    names = list(powers)

    def velocity(_, theta):
        values = dict(zip(names, theta, strict=True))
        product = math.prod(values[z] ** powers[z] for z in names)
        signal = pace * np.sum(slope * (still + slope * product - targets))
        return [
            -rates[z]
            * signal
            * powers[z]
            * values[z] ** (powers[z] - 1)
            * math.prod(values[o] ** powers[o] for o in names if o != z)
            for z in names
        ]

    first = [start[z] for z in names]
    found = solve_ivp(
        velocity, (0, times[-1]), first, method="DOP853", t_eval=times, rtol=1e-13, atol=1e-15
    )
    return dict(zip(names, found.y, strict=True))


def compare(flow, powers, given, data, times):
    """Weights, outputs, residuals and losses; how far weights are off."""
    start, rates = given
    slope, still, targets, pace = data
    raw = marched(powers, start, rates, slope, still, targets, pace, times)
    size = max(np.abs(z).max() for z in raw.values())
    worst = 0.0
    for k, t in enumerate(times):
        weights = flow.weights(t)
        worst = max(worst, *(abs(float(weights[z]) - raw[z][k]) / size for z in powers))
        product = math.prod(float(raw[z][k]) ** p for z, p in powers.items())
        f = still + slope * product
        scale = max(1.0, np.abs(slope).max() * size ** sum(powers.values()))
        np.testing.assert_allclose(flow.output(t), f, rtol=0, atol=BOUND * scale)
        np.testing.assert_allclose(flow.residual(t), f - targets, rtol=0, atol=BOUND * scale)
        loss = pace / 2 * np.sum((f - targets) ** 2)
        assert flow.loss(t) == pytest.approx(loss, rel=0, abs=BOUND * max(1.0, loss) * scale)
    assert worst < BOUND
    return worst


@pytest.mark.parametrize("seed", range(12))
def test_chains_of_the_shelf_are_those_of_the_raw_equations(seed):
    """Both signs, balanced or not, targets that data do not reach, both losses and reductions."""
    draw = np.random.default_rng(seed)
    depth = 4 if seed % 4 == 3 else 3
    names = "abcd"[:depth]
    size = draw.uniform(0.4, 1.1, size=depth) if seed % 3 else np.full(depth, 0.75)
    start = dict(zip(names, size * draw.choice([-1, 1], size=depth), strict=True))
    x, y = draw.normal(size=(2, 4))
    loss, reduction = ("square", "mean") if seed % 2 else ("half_square", "sum")
    pace = (2 if seed % 2 else 1) * (1 / 4 if seed % 2 else 1)
    flow = GradientFlow(
        weights=start, x=x, y=y, network=f"chain_{depth}", rates=0.5, loss=loss, reduction=reduction
    )
    assert flow.method == "explicit"
    assert flow.why.startswith("scalar chain: its time in closed form")
    rates = dict.fromkeys(names, 0.5)
    times = np.array([0.0, 0.3, 1.5, 4.0])
    compare(flow, dict.fromkeys(names, 1), (start, rates), (x, np.zeros(4), y, pace), times)


@pytest.mark.parametrize("signs", [(1, 1, 1), (-1, 1, 1), (1, 1, -1)])
def test_powers_unequal_rates_several_outputs_and_what_is_frozen(signs):
    draw = np.random.default_rng(7)
    x, y, V, v = (
        draw.normal(size=s) for s in ((3, 2), (3, 2), (2, 2), 2)
    )  # on no line, and not white
    start = dict(zip("abc", np.array([0.6, 0.9, 0.7]) * signs, strict=True))
    rates = {z: RATES[z] for z in "abc"}
    flow = GradientFlow(
        weights=start, x=x, y=y, network=SQUARED, frozen={"V": V, "v": v}, loss="half_square",
        reduction="sum", rates={f"eta_{z}": rate for z, rate in rates.items()},
    )  # fmt: skip
    assert flow.method == "explicit"
    data = (x @ V.T, np.broadcast_to(v, (3, 2)), y, 1.0)
    compare(flow, {"a": 2, "b": 1, "c": 1}, (start, rates), data, np.array([0.0, 0.1, 0.4, 1.0]))
    laws = flow.laws([0.0, 0.5, np.inf])
    assert laws
    assert max(np.ptp(law) for law in laws.values()) < 1e-12


def test_it_is_the_chain_of_solve(tmp_path, capsys):
    """Inputs 1 and 2 with targets 3 and −1: c = 5 and y = 1/5, by hand."""
    case = {"model": "chain", "a0": [0.5, -1, 0.75], "eta": [2.5, 2.5, 2.5], "y": 0.2}
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case))
    assert solve.main([str(path), "--times", "0.1,1,3", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    flow = GradientFlow(
        weights={"a": 0.5, "b": -1, "c": 0.75}, x=[1, 2], y=[3, -1], network="chain_3", rates=0.5,
        loss="half_square", reduction="sum",
    )  # fmt: skip
    for k, t in enumerate(said["t"]):
        found = [float(flow.weight(z, t)) for z in "abc"]
        np.testing.assert_allclose(found, said["a"][k], rtol=1e-13)
        # The least loss is half of what is left of (3, −1) across (1, 2): (14/5, −7/5).
        assert flow.loss(t) == pytest.approx(5 * said["loss"][k] + 4.9, rel=1e-12)
    assert flow.loss(np.inf) == pytest.approx(4.9, rel=1e-14)
    assert [float(flow.weight(z, np.inf)) for z in "abc"] == pytest.approx(
        said["limit"]["a"], rel=1e-13
    )
    assert said["limit"]["kind"] == flow.limit_kind == REACHED


@pytest.mark.parametrize(
    ("start", "y", "kind", "end"),
    [
        ((0.5, 0.5, 1.0), -1.0, SADDLE, (0.0, 0.0, math.sqrt(0.75))),
        ((0.0, 0.0, 1.0), 2.0, AT_REST, (0.0, 0.0, 1.0)),
        ((-1.0, 2.0, 3.0), 6.0, REACHED, (1.0, 2.0, 3.0)),
    ],
)
def test_limits(start, y, kind, end):
    flow = GradientFlow(weights=dict(zip("abc", start, strict=True)), x=1.0, y=y, network="chain_3")
    assert (flow.method, flow.limit_kind) == ("explicit", kind)
    assert [float(flow.weight(z, np.inf)) for z in "abc"] == pytest.approx(end, abs=1e-15)


def test_a_residual_keeps_its_digits_where_targets_are_reached():
    """Late it is exp(−κ t) of itself, κ = 2 Σ (3/a)² ≥ 6 · 3^(4/3) by the loss (abc − 3)²."""
    flow = GradientFlow(weights={"a": 0.5, "b": 1.0, "c": 0.75}, x=1.0, y=3.0, network="chain_3")
    kernel = 2 * sum((3 / float(flow.weight(z, np.inf))) ** 2 for z in "abc")
    one, two = flow.residual(2.0), flow.residual(10.0)
    assert abs(two) < 1e-90  # exp(−8 κ)
    assert two / one == pytest.approx(math.exp(-8 * kernel), rel=1e-9)
    assert flow.residual(np.inf) == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"loss": "huber"}, "no scalar chain: the loss is no square"),
        ({"x": [0.0, 0.0]}, "no scalar chain: on its data outputs do not move"),
        ({"x": [1e200, 0.0]}, "no scalar chain: its data have squares that float64 does not hold"),
        ({"network": "five"}, "no scalar chain: an unbalanced chain of depth 5; solved is a balanced"),
        ({"network": "diagonal_depth_3"}, "outputs do not move with one product of three scalar weights"),
    ],
)  # fmt: skip
def test_what_is_lacking_is_said(change, why):
    given = {
        "weights": {"a": 0.5, "b": 1.0, "c": 0.75}, "x": [1.0, 2.0], "y": [2.0, 1.0],
        "network": "chain_3",
    } | change  # fmt: skip
    if given["network"] == "five":
        weights = dict(zip("abcde", (0.5, 1.0, 0.75, 0.9, 1.1), strict=True))
        given |= {"weights": weights, "network": FIVE, "x": [[1.0], [2.0]], "y": [[2.0], [1.0]]}
        given["rates"] = {f"eta_{z}": 1.0 for z in weights}
    if given["network"] == "diagonal_depth_3":
        given |= {"weights": dict.fromkeys("uvz", np.ones(2)), "x": [[1.0, 0.5], [0.0, 2.0]]}
    if change.get("x", [0])[0] != 1e200:
        flow = GradientFlow(**given)
        assert flow.method == "march"
        assert why in flow.why
    with pytest.raises(InputError, match=why):
        GradientFlow(**given, method="explicit")


def test_a_balanced_chain_of_any_depth_is_solved():
    names = "abcde"
    flow = GradientFlow(
        weights=dict.fromkeys(names, 0.75), x=[[1.0], [2.0]], y=[[2.0], [1.0]], network=FIVE,
        rates={f"eta_{z}": 0.5 for z in names}, reduction="sum", loss="half_square",
    )  # fmt: skip
    assert flow.method == "explicit"
    data = np.array([[1.0], [2.0]]), np.zeros((2, 1)), np.array([[2.0], [1.0]]), 1.0
    rates = dict.fromkeys(names, 0.5)
    times = np.array([0.0, 0.2, 1.0])
    compare(flow, dict.fromkeys(names, 1), (dict.fromkeys(names, 0.75), rates), data, times)


def test_a_lift_wins():
    flow = GradientFlow(weights={"a": 0.5, "b": 1.0}, x=1.0, y=2.0, network="chain_2")
    assert "chain" not in flow.why


def test_it_is_copied_by_pickle():
    flow = GradientFlow(weights={"a": 0.5, "b": 1.0, "c": 0.75}, x=1.0, y=3.0, network="chain_3")
    first = flow.loss(0.5)
    assert pickle.loads(pickle.dumps(flow)).loss(0.5) == first
