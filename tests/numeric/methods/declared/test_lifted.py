"""Declared networks as Riccati flows: against Taylor series of the raw equations, and what refuses."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp

from numeric import GradientFlow
from numeric.errors import InputError
from numeric.methods.declared.lifted import MOST_ROWS
from numeric.methods.ending import REACHED
from symbolic.architecture.model import Layer, Model
from symbolic.codegen.declared import compiled
from verify.measurements.riccati.starts import layers, neuron
from verify.oracle.two_linear_layers import integrate

RATES = (Fraction(3, 4), Fraction(3, 2))  # of W₁ and W₂
X = np.array([[1, 1, 1], [1, -1, 1], [1, 1, -1], [1, -1, -1]]) / 2.0  # XᵀX = 1
X4 = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2.0
T = (0.25, 1.5)
BOUND = 1e-13  # of what is largest


def floats(rows):
    return np.array([[float(z) for z in row] for row in rows])


def start(sizes, seed=1):
    """Weights with W₂ᵀW₂/η₂ − W₁W₁ᵀ/η₁ = λ 1: those of unit rates, times roots that are floats."""
    one = layers(Fraction(1, 2), sizes, seed)
    first, second = (float(rate) ** 0.5 for rate in RATES)
    return first * floats(one.W1), second * floats(one.W2)


def raw(W1, W2, x, y, pace, t):
    """Weights of ½ pace Σ‖W₂W₁x − y‖², by a Taylor series."""
    sigma, gamma = (pace * z for z in (x.T @ x, y.T @ x))
    found = integrate(*(z.tolist() for z in (W1, W2, sigma, gamma)), RATES, [t], 25)
    return tuple(floats(z) for z in found[0])


def near(found, wanted, bound=BOUND):
    np.testing.assert_allclose(found, wanted, rtol=0, atol=bound * np.abs(wanted).max())


def kernel(W1, W2, x, signal):
    """Of f = W₂W₁x, times a signal."""
    G = signal.T @ x
    moved = float(RATES[1]) * G @ W1.T @ W1 + float(RATES[0]) * W2 @ W2.T @ G
    return x @ moved.T


OWN = Model(
    name="two_layer_linear", title="own", source="own", inputs={"z": ("p",)},
    layers={"In": Layer("k", "p", rate="slow"), "Out": Layer("q", "k", rate="fast")},
    output=lambda w, x, F: -2 * (w.Out @ (w.In @ x.z)), loss="half_square",
    sizes=({"p": 2, "q": 2, "k": 1},),
)  # fmt: skip
DEEP = Model(
    name="two_layer_linear", title="own", source="own", inputs={"x": ("n",)},
    layers={"U": Layer("m", "h"), "V": Layer("h", "h"), "W": Layer("h", "n")},
    output=lambda w, x, F: w.U @ (w.V @ (w.W @ x.x)), loss="half_square",
    sizes=({"n": 2, "m": 2, "h": 1},),
)  # fmt: skip


@pytest.mark.parametrize(("loss", "reduction"), [("square", "mean"), ("half_square", "sum")])
@pytest.mark.parametrize("sizes", [(4, 2, 3), (3, 2, 2)])
def test_products_are_those_of_the_raw_equations(sizes, loss, reduction):
    W1, W2 = start(sizes)
    x = X if sizes[0] == 3 else X4
    y = np.random.default_rng(2).normal(size=(4, sizes[2]))
    flow = GradientFlow(
        weights={"U": W2, "V": W1}, x=x, y=y, network="two_layer_linear", loss=loss,
        reduction=reduction, rates={"eta_V": float(RATES[0]), "eta_U": float(RATES[1])},
    )  # fmt: skip
    assert (flow.method, "weights are integrated" in flow.why) == ("riccati", True)
    pace = (2 if loss == "square" else 1) * (0.25 if reduction == "mean" else 1)
    signal = np.random.default_rng(3).normal(size=y.shape)
    for t in T:
        V, U = raw(W1, W2, x, y, pace, t)
        near(flow.output(t), x @ (U @ V).T)
        near(flow.residual(t), x @ (U @ V).T - y)
        near(flow.loss(t), pace / 2 * np.sum((x @ (U @ V).T - y) ** 2))
        near(flow.predict(2 * x[:2], t), 2 * x[:2] @ (U @ V).T)
        near([flow.norm("U", t), flow.norm("V", t)], [np.linalg.norm(U), np.linalg.norm(V)])
        near(flow.kernel(signal, t), kernel(V, U, x, signal))
        near(flow.weight("U", t), U, 1e-9)  # marched


def test_a_declaration_of_one_s_own_is_lifted_without_its_name():
    W1, W2 = start((3, 2, 3))
    y = np.random.default_rng(2).normal(size=(4, 3))
    flow = GradientFlow(
        weights={"In": W1, "Out": W2}, x=X, y=y, network=compiled(OWN), reduction="sum",
        rates={"slow": float(RATES[0]), "fast": float(RATES[1])}, loss="half_square",
    )  # fmt: skip
    assert flow.method == "riccati"
    # −2 W₂W₁ is W₂W₁ with targets −y/2 and four times the pace.
    V, U = raw(W1, W2, X, -y / 2, 4, T[0])
    near(flow.output(T[0]), -2 * X @ (U @ V).T)


def test_weights_of_one_hidden_unit_have_their_digits():
    problem = neuron(Fraction(-2), 3, 4)
    w, a = floats(problem.W1)[0], float(problem.W2[0][0])
    y = np.array([0.3, -1.0, 0.7, 2.0])
    flow = GradientFlow(
        weights={"a": np.array(a), "w": w}, x=X, y=y, network="single_neuron", reduction="sum",
        rates={"eta_w": float(RATES[0]), "eta_a": float(RATES[1])}, loss="half_square", method="riccati",
    )  # fmt: skip
    for t in T:
        V, U = raw(w[None], np.array([[a]]), X, y[:, None], 1, t)
        near(np.append(flow.weight("w", t), flow.weight("a", t)), np.append(V, U))
    assert "all weights" in flow.why
    assert max(np.ptp(law) for law in flow.laws([0.0, 1.0, np.inf]).values()) < 1e-12


def test_what_is_frozen_is_added():
    W1, W2 = start((3, 2, 3))
    W, y = np.random.default_rng(5).normal(size=(2, 3, 3))
    y = X @ y.T
    given = {"x": X, "y": y, "loss": "half_square", "reduction": "sum"}
    flow = GradientFlow(
        weights={"B": W2, "A": W1}, network="lora", frozen={"W": W}, **given, method="riccati",
        rates={"eta_A": float(RATES[0]), "eta_B": float(RATES[1])},
    )  # fmt: skip
    V, U = raw(W1, W2, X, y - X @ W.T, 1, T[1])
    near(flow.output(T[1]), X @ (U @ V + W).T)


def test_a_residual_keeps_its_digits_where_targets_are_reached():
    W1, W2 = start((3, 3, 3))
    y = X @ np.array([[2.0, 1, 0], [0, 1, 0.5], [0.25, 0, 1]]).T
    flow = GradientFlow(
        weights={"U": W2, "V": W1}, x=X, y=y, network="two_layer_linear", loss="half_square",
        reduction="sum", rates={"eta_V": float(RATES[0]), "eta_U": float(RATES[1])}, method="riccati",
    )  # fmt: skip
    t = 200.0
    left = flow._form.flow.exactly(Fraction(t), 320).remaining()
    with mp.workprec(320):
        wanted = floats([row[3:] for row in left[:3]])  # the block (U, Vᵀ)
    assert 1e-160 < np.abs(wanted).max() < 1e-30
    near(flow.residual(t), X @ wanted.T, 1e-12)
    assert flow.limit_kind == REACHED
    assert not flow.residual(np.inf).any()


def test_a_limit_that_misses_a_target_says_by_how_much():
    W1, W2 = start((3, 1, 3))
    B = np.diag([3.0, 2.0, 1.0])
    flow = GradientFlow(
        weights={"U": W2, "V": W1}, x=X, y=X @ B, network="two_layer_linear", loss="half_square",
        reduction="sum", rates={"eta_V": float(RATES[0]), "eta_U": float(RATES[1])}, method="riccati",
    )  # fmt: skip
    near(flow.residual(np.inf), X @ np.diag([0, -2.0, -1.0]))
    assert flow.loss(np.inf) == pytest.approx(2.5, rel=1e-13)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"x": X + 1e-9}, "its inputs are not white"),
        ({"V": 1.0}, "its start is not balanced"),
        ({"loss": "huber"}, "the loss is no square"),
        ({"network": DEEP}, "no linear lift was found for it at all sizes"),
    ],
)
def test_what_is_lacking_is_said_and_marched(change, why):
    W1, W2 = start((3, 2, 3))
    W1[0, 0] += change.pop("V", 0.0)
    network = change.get("network")
    weights = {"U": W2, "V": np.eye(2), "W": W1} if network else {"U": W2, "V": W1}
    given = {
        "weights": weights, "x": X, "y": X, "network": "two_layer_linear", "rates": 1.0,
        "loss": "half_square", **change,
    }  # fmt: skip
    given["network"] = compiled(network) if network else given["network"]
    if not network:
        given["rates"] = {"eta_V": float(RATES[0]), "eta_U": float(RATES[1])}
    flow = GradientFlow(**given)
    assert flow.method == ("march" if why else "riccati")
    assert why in flow.why
    if why:
        with pytest.raises(InputError, match=why):
            GradientFlow(**given, method="riccati")


def test_many_rows_are_marched_unless_it_is_asked_for():
    count = MOST_ROWS // 2 + 1
    given = {
        "weights": {"U": np.eye(count), "V": np.eye(count)}, "x": np.eye(count),
        "y": 2 * np.eye(count), "network": "two_layer_linear", "reduction": "sum",
    }  # fmt: skip
    flow = GradientFlow(**given)
    assert (flow.method, f"{2 * count} rows of Q take long" in flow.why) == ("march", True)
    assert GradientFlow(**given, method="riccati").loss(0.0) == pytest.approx(count)


def test_it_is_copied_by_pickle():
    W1, W2 = start((3, 2, 3))
    flow = GradientFlow(
        weights={"U": W2, "V": W1}, x=X, y=2 * X, network="two_layer_linear",
        rates={"eta_V": float(RATES[0]), "eta_U": float(RATES[1])},
    )  # fmt: skip
    assert pickle.loads(pickle.dumps(flow)).loss(1.0) == flow.loss(1.0)


@pytest.mark.parametrize("size", [1e-9, 1e-14])
def test_a_march_keeps_the_digits_of_a_small_start(size):
    """Grown by e⁵ it is still small: the tolerance is of the weights' own size."""
    draw = np.random.default_rng(4)
    U, V = size * draw.normal(size=(2, 2)), size * draw.normal(size=(2, 3))
    y = np.eye(3) @ np.diag([3.0, 2.0, 1.0])[:, :2]
    flow = GradientFlow(
        weights={"U": U, "V": V}, x=np.eye(3), y=y, network="two_layer_linear",
        loss="half_square", reduction="sum", method="march",
    )  # fmt: skip
    assert flow.method == "march"
    B, t = y.T, 2.0
    # Of products below 1e-12 of the target the linear flow is left: U′ = B Vᵀ, V′ = Uᵀ B
    whole = np.block([[np.zeros((2, 2)), B], [B.T, np.zeros((3, 3))]])
    values, E = np.linalg.eigh(whole)
    Q = E @ np.diag(np.exp(values * t)) @ E.T @ np.concatenate([U, V.T])
    found = np.concatenate([flow.weight("U", t), flow.weight("V", t).T])
    off = np.abs(found - Q).max() / np.abs(Q).max()
    assert off < 1e-9
