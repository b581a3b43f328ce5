"""The high-precision integrator is right by itself: against known solutions and other integrators."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import torch
from mpmath import mp, mpf

from verify.networks import power
from verify.oracle import descent
from verify.oracle.pace import learning_rates
from verify.oracle.problem import batch
from verify.oracle.problems import problems
from verify.oracle.taylor import integrate


@pytest.mark.parametrize("digits", [20, 45])
def test_symmetric_single_neuron_is_a_logistic_function(digits):
    # u = w, all rates 1, x = γ = y = 1: u' = −2 (u² − 1) u, so that u² is logistic.
    u0, time = mpf("0.3"), mpf("0.8")
    ((u, W),) = integrate(
        [u0], [[u0]], [[1]], [1], gamma=1, eta_u=1, eta_w=1, times=[time], digits=digits
    )
    with mp.workdps(digits + 10):
        start = mpmath.mpmathify(u0)
        exact = mpmath.sqrt(1 / (1 + (1 / start**2 - 1) * mpmath.exp(-4 * time)))
        assert abs(u[0] / exact - 1) < mpf(10) ** -digits
        assert abs(W[0][0] / exact - 1) < mpf(10) ** -digits


def test_data_across_the_weights_change_nothing():
    ((u, W),) = integrate(
        [0], [[0, 2]], [[1, 0]], [3], gamma=1, eta_u=1, eta_w=1, times=[5], digits=20
    )
    assert (u, W) == ([0], [[0, 2]])


def test_two_steps_are_one():
    arguments = ([1, -2], [[1, 0.5], [0.25, -1]], [[1, 2], [0.5, 1]], [1, -1])
    rates = {"gamma": 0.5, "eta_u": 0.2, "eta_w": 0.4, "digits": 30}
    once = integrate(*arguments, times=[1], **rates)[-1]
    twice = integrate(*arguments, times=[0.375, 1], **rates)[-1]
    flat = [[*u, *(z for row in W for z in row)] for u, W in (once, twice)]
    for one, two in zip(*flat, strict=True):
        assert abs(one - two) < mpf(10) ** -30 * abs(one)


def balanced(beta, u0, y, time, digits):
    """Width 1 with η_u = β η_w, so that u = w for all times: u′ = 2β (y − u^(β+1)) u^β."""
    ((u, W),) = integrate(
        [u0], [[u0]], [[1]], [y], gamma=1, eta_u=beta, eta_w=1, times=[time], digits=digits, beta=beta
    )  # fmt: skip
    assert abs(W[0][0] - u[0]) <= mpf(10) ** -digits * abs(u[0])
    return u[0]


@pytest.mark.parametrize("digits", [20, 45])
@pytest.mark.parametrize("beta", [1, 2, 3, 4, 7])
def test_a_power_decays_algebraically_to_the_target_zero(beta, digits):
    # y = 0: u′ = −2β u^(2β+1), so that u^(−2β) = u₀^(−2β) + 4β² t.
    with mp.workdps(digits + 15):
        start, time = mpf("0.7"), mpf("2.5")
        found = balanced(beta, start, 0, time, digits)
        exact = mpmath.root(start ** (-2 * beta) + 4 * beta**2 * time, 2 * beta) ** -1
        assert abs(found / exact - 1) < mpf(10) ** -digits


@pytest.mark.parametrize("beta", [2, 3, 5])
def test_a_power_takes_the_time_that_the_quadrature_says(beta):
    # c = 0 and y = 1: t = ∫ du / (2β (1 − u^(β+1)) u^β).
    with mp.workdps(35):
        start, time = mpf("0.6"), mpf("0.25")
        end = balanced(beta, start, 1, time, 30)
        assert start < end < 1
        told = mp.quad(lambda u: 1 / (2 * beta * (1 - u ** (beta + 1)) * u**beta), [start, end])
        assert abs(told / time - 1) < mpf(10) ** -28


U0, W0 = ["0.75", "-0.5"], [["0.5", "0.25"], ["1", "-0.5"]]
X, TARGETS = [["1", "0.5"], ["-0.25", "1"]], ["1", "-1"]
RATES = {"gamma": mpf("0.5"), "eta_u": mpf("0.5"), "eta_w": mpf("0.25")}


def two_neurons(beta, time, digits):
    numbers = ([mpf(z) for z in U0], [[mpf(z) for z in row] for row in W0])
    data = ([[mpf(z) for z in row] for row in X], [mpf(z) for z in TARGETS])
    return integrate(*numbers, *data, **RATES, times=[mpf(time)], digits=digits, beta=beta)[0]


@pytest.mark.parametrize("beta", [1, 2, 3])
def test_another_integrator_with_the_field_written_out_agrees(beta):
    gamma, eta_u, eta_w = RATES.values()
    points = [([mpf(z) for z in row], mpf(target)) for row, target in zip(X, TARGETS, strict=True)]

    def field(_, z):
        u, rows = z[:2], (z[2:4], z[4:6])
        by_u, by_rows = [mpf(0)] * 2, [[mpf(0)] * 2, [mpf(0)] * 2]
        for x, y in points:  # two of them: the mean cancels the 2 of the square
            h = [row[0] * x[0] + row[1] * x[1] for row in rows]
            error = gamma * (u[0] * h[0] ** beta + u[1] * h[1] ** beta) - y
            for i in range(2):
                by_u[i] += error * gamma * h[i] ** beta
                for j in range(2):
                    by_rows[i][j] += error * gamma * u[i] * beta * h[i] ** (beta - 1) * x[j]
        return [-eta_u * g for g in by_u] + [-eta_w * g for row in by_rows for g in row]

    with mp.workdps(20):
        start = [mpf(z) for z in (*U0, *W0[0], *W0[1])]
        wanted = mp.odefun(field, 0, start)(mpf("0.5"))
    u, W = two_neurons(beta, "0.5", 20)
    for found, other in zip([*u, *W[0], *W[1]], wanted, strict=True):
        assert abs(found - other) < mpf(10) ** -17


@pytest.mark.parametrize("beta", [1, 2, 3, 7])
def test_each_neuron_keeps_its_constant_to_all_digits(beta):
    digits = 40
    u, W = two_neurons(beta, "3", digits)
    with mp.workdps(digits + 20):
        for neuron in range(2):
            now, then = (
                RATES["eta_u"] * sum(mpf(z) ** 2 for z in rows[neuron])
                - beta * RATES["eta_w"] * mpf(weights[neuron]) ** 2
                for weights, rows in ((u, W), (U0, W0))
            )
            assert abs(now - then) < mpf(10) ** -digits
            assert abs(u[neuron] - mpf(U0[neuron])) > mpf("0.01")


@pytest.mark.parametrize("beta", [1, 3, 7])
def test_more_digits_refine_fewer(beta):
    # Another precision is another order and other steps.
    coarse, fine = (two_neurons(beta, "3", digits) for digits in (20, 40))
    flat = [[*u, *W[0], *W[1]] for u, W in (coarse, fine)]
    for one, two in zip(*flat, strict=True):
        assert 0 < abs(one - two) < mpf(10) ** -20


@pytest.mark.parametrize("network", ["quadratic", "cubic", "power7"])
@pytest.mark.slow
def test_descent_leads_to_the_same_weights(network):
    cases = problems(6, seed=8, network=network)
    times = 0.8 / learning_rates(cases)
    found = descent.flow(batch(cases), torch.tensor(times), 64)
    for index, (problem, time) in enumerate(zip(cases, times, strict=True)):
        ((u, W),) = integrate(
            problem.u0.tolist(), problem.W0.tolist(), problem.X.tolist(), problem.targets.tolist(),
            gamma=problem.gamma, eta_u=problem.eta_u, eta_w=problem.eta_w, times=[time],
            digits=15, beta=power(network),
        )  # fmt: skip
        d, d0 = problem.W0.shape
        for values, descended, error in (
            (u, found.u[index, :d], found.error_u[index, :d]),
            (W, found.W[index, :d, :d0], found.error_W[index, :d, :d0]),
        ):
            wanted = torch.tensor(np.array(values, dtype=float))
            allowed = 1e-11 * wanted.abs().max() + 2 * error + 1e-300
            assert ((descended - wanted).abs() <= allowed).all(), problem.name
            assert (error <= 1e-7 * wanted.abs().max()).all(), problem.name


def test_a_power_below_one_is_refused():
    with pytest.raises(ValueError, match="at least 1, not 0"):
        two_neurons(0, "1", 20)
