"""The first network, the single neuron and the wide network go through one lift.

What the stage finds of each declaration, in exact matrices, is held against the evaluators of each.
"""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from scipy.integrate import quad
from scipy.linalg import expm

from numeric import GradientFlow
from numeric.methods.lifted import white
from numeric.methods.lifted.layers import TwoLayers
from numeric.methods.lifted.neuron import SingleNeuron
from symbolic.architecture.arbitrary import arbitrary
from symbolic.architecture.instance import Instance
from symbolic.declared import lift as stage
from symbolic.lift.frame import written
from symbolic.models import shelf


def lifted(name, sizes):
    """The instance and the lift of its one block."""
    instance = Instance(shelf.load(name), sizes)
    (one,) = stage.derive(instance).blocks
    return instance, one


def floats(matrix):
    return np.array(written(matrix).tolist(), dtype=float)


def rows(instance, one, weights, rates):
    """R at weights (by layer) and rates: absorbed, in the columns that the lift has found."""
    symbols = sympy.symbols(instance.names, real=True)
    flat = np.concatenate([np.ravel(weights[name]) for name in instance.model.layers])
    values = dict(zip(symbols, flat, strict=True))
    values |= {sympy.Symbol(rate, positive=True): value for rate, value in rates.items()}
    at = [float(one.rates.absorbed[k].subs(values)) for k in range(len(symbols))]
    Q = np.array([[at[k] for k in column] for column in one.frame.gram.columns]).T
    return np.linalg.lstsq(floats(one.frame.columns), Q, rcond=None)[0]


def factor(expression, rates):
    return float(expression.subs({sympy.Symbol(k, positive=True): v for k, v in rates.items()}))


@pytest.mark.parametrize("loss", ["square", "logistic"])
def test_the_first_network_moves_by_one_matrix_in_one_time(loss):
    """R = e^{τA} R₀ from any start under any loss, and ∫ dτ/s = t; t and weights are of GradientFlow."""
    sizes, rates = {"n": 3, "h": 4, "m": 1}, {"eta_U": 1.5, "eta_V": 0.7}
    instance, one = lifted("two_layer_linear_on_a_line", sizes)
    x = [float(d) for d in arbitrary(instance.model, sizes).directions["x"]]
    draw = np.random.default_rng(3)
    u, W, y = draw.normal(size=4), draw.normal(size=(4, 3)), 1.0
    flow = GradientFlow(u, W, x, y, gamma=1.0, eta_u=1.5, eta_w=0.7, loss=loss)
    A, start = floats(one.clock.A), rows(instance, one, {"U": u, "V": W}, rates)
    kappa, left = np.sqrt(float(written_number(one.clock.square))), grown(A)
    scale = factor(one.rates.speed * one.rho, rates)
    force = floats_of_form(one)

    def output(tau):
        R = expm(tau * A) @ start
        return factor(one.rho, rates) * np.einsum("ab,ah,bh->", force, R, R) / 2

    def slope(f):
        return 2 * (f - y) if loss == "square" else -y / (1 + np.exp(y * f))

    for t in (1e-6, 4e-6, 1e-5):  # |x|² is 23 000
        now = rows(instance, one, {"U": flow.u(t), "V": flow.W(t)}, rates)
        tau = np.log((left @ now)[0] / (left @ start)[0]) / kappa
        assert np.abs(now - expm(tau * A) @ start).max() <= 1e-12 * np.abs(now).max()
        elapsed, _ = quad(lambda z: -1 / (scale * slope(output(z))), 0, tau, epsabs=0, epsrel=1e-11)
        assert elapsed == pytest.approx(t, rel=1e-9)


def written_number(value):
    return Fraction(int(value.p), int(value.q))


def grown(A):
    """A row ℓ with ℓ A = κ ℓ."""
    values, vectors = np.linalg.eig(A.T)
    return vectors[:, np.argmax(values.real)].real


def floats_of_form(one):
    (T,) = one.frame.traces
    return floats(T)


def projective(record, one, target, rates, start):
    """F and S of the derivation, at unit second moments and the laws of a start."""
    white_inputs = one.projective.white
    rho, speed = factor(one.rho, rates), factor(one.rates.speed, rates)
    F = np.zeros_like(floats(white_inputs.S))
    for k, A in zip(one.block.potentials, one.frame.actions, strict=True):
        place = record.potentials[k]
        F += rho * float(target[place.output, place.data.index(1)]) * floats(A)
    for j in one.laws:
        kept = start.T @ floats(one.frame.laws[j]) @ start
        assert np.abs(kept - kept[0, 0] * np.eye(len(kept))).max() <= 1e-15 * np.abs(kept).max()
        F += rho**2 * kept[0, 0] * floats(white_inputs.G[j])
    return speed * F, speed * rho**2 * floats(white_inputs.S)


def moved(F, S, start, t):
    """N C⁻¹ Nᵀ, with N′ = F N and C′ = 2 Nᵀ S N, by steps of one exponential each."""
    square, steps = start @ start.T, 64
    whole = np.block([[F, 0 * F], [2 * S, -F.T]])
    both, n = expm(t / steps * whole), len(F)
    grows, adds = both[:n, :n], both[:n, :n].T @ both[n:, :n]
    for _ in range(steps):
        square = grows @ np.linalg.solve(np.eye(n) + square @ adds, square) @ grows.T
    return square


def wide(B):
    """Two layers on a balanced leaf: hidden units turned by 3-4-5, rates 2 and 1/2, λ = 3/2."""
    turn = [[Fraction(3, 5), Fraction(4, 5)], [Fraction(-4, 5), Fraction(3, 5)]]
    W1 = [[*row, Fraction(0)] for row in turn]
    W2 = [list(column) for column in zip(*turn, strict=True)]
    return W1, W2, TwoLayers(W1, W2, (Fraction(1, 2), Fraction(2)), Fraction(1), B)


@pytest.mark.parametrize("name", ["single_neuron", "two_layer_linear"])
def test_the_single_neuron_and_the_wide_network_move_by_two_matrices_that_one_stage_finds(name):
    """R Rᵀ = N C⁻¹ Nᵀ with F and S of the stage, against the evaluators of both."""
    sizes = {"n": 3} if name == "single_neuron" else {"n": 3, "h": 2, "m": 2}
    instance = Instance(shelf.load(name), sizes)
    record = stage.derive(instance)
    (one,) = record.blocks
    B = [[Fraction(2), Fraction(-1), Fraction(3, 2)], [Fraction(1, 2), Fraction(1), Fraction(0)]]
    if name == "single_neuron":
        rates, B = {"eta_a": 2.0, "eta_w": 0.5}, B[:1]
        a, w = Fraction(3, 4), [Fraction(1), Fraction(-1, 2), Fraction(1, 4)]
        unit = [[Fraction(int(i == j)) for j in range(3)] for i in range(3)]
        flow = SingleNeuron(a, w, Fraction(2), Fraction(1, 2), white.of_moments(unit, B[0]))
        start = {"a": float(a), "w": np.array(w, dtype=float)}
    else:
        rates = {"eta_U": 2.0, "eta_V": 0.5}
        W1, W2, flow = wide(B)
        start = {"U": np.array(W2, dtype=float), "V": np.array(W1, dtype=float)}
    first = rows(instance, one, start, rates)
    F, S = projective(record, one, np.array(B, dtype=float), rates, first)
    for t in (0.1, 0.4, 2.0):
        product = seen_product(flow, t)
        found = moved(F, S, first, t)
        output = [
            factor(one.rho, rates) * np.einsum("ab,ab->", floats(T), found) / 2
            for T in one.frame.traces
        ]
        places = [record.potentials[k] for k in one.block.potentials]
        for value, place in zip(output, places, strict=True):
            expected = product[place.output, place.data.index(1)]
            assert value == pytest.approx(expected, abs=1e-11 * np.abs(product).max())


def seen_product(flow, t):
    """The linear map at a time."""
    seen = flow.observables(t)
    return seen["product"] if "product" in seen else seen["a"] * np.array(seen["w"])[None]
