"""Peers solve the same problem: each against ours, or against the reference."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy.optimize import brentq

from numeric import GradientFlow, catalogue
from verify import networks as oracle
from verify.measurements.bench import peers as package
from verify.measurements.bench.equal_error import error
from verify.measurements.bench.peers import dop853, equations, formula, formula_numba, integrators
from verify.measurements.bench.peers.extrapolation import extrapolated
from verify.measurements.bench.peers.reference import reference
from verify.measurements.bench.problems import Drawn, draw, times_of
from verify.measurements.bench.timing import Deadline, TooSlowError

NETWORKS = [*catalogue.names(), "power5"]
FOREVER = Deadline(math.inf)
INSTALLED = integrators.asked(all_of_them=True)


@pytest.mark.parametrize("x", [0.7, -1.3])
@pytest.mark.parametrize("compute", [formula, formula_numba], ids=["numpy", "numba"])
def test_the_formula_is_the_solution(compute, x):
    if compute is formula_numba and not package.is_installed("numba"):
        pytest.skip("numba is not installed")
    rng = np.random.default_rng(3)
    u0, w0, t = rng.normal(size=7), rng.normal(size=7), np.linspace(0, 2, 9)
    flow = GradientFlow(u0, w0[:, None], [x], 0.8, gamma=0.4, eta_u=0.3, eta_w=1.7)
    found = compute.curve(u0, w0, x, 0.8, (0.4, 0.3, 1.7), t)
    # Rounding of the output is all that is left of its residual near the target.
    np.testing.assert_allclose(np.sqrt(found.loss), abs(flow.residual(t)), rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(found.alignment, flow.alignment(t), rtol=1e-12)


def test_the_formula_over_a_batch_is_that_of_each():
    rng = np.random.default_rng(4)
    u0, w0, t = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), np.linspace(0, 2, 4)
    found = formula.curve(u0, w0, 1.0, 1.0, (0.5, 1.0, 1.0), t)
    for k in range(5):
        one = formula.curve(u0[k], w0[k], 1.0, 1.0, (0.5, 1.0, 1.0), t)
        np.testing.assert_allclose(found.loss[k], one.loss, rtol=1e-14)
        np.testing.assert_allclose(found.alignment[k], one.alignment, rtol=1e-14)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_equations_are_those_of_the_network(network):
    sigma, slope = equations.activation(network)
    xp, h = equations.numpy(), np.array([-2.3, -0.4, 0.3, 1.9])
    tensor = oracle.torch.tensor(h, requires_grad=True)
    value = oracle.activation(network)(tensor)
    (derivative,) = oracle.torch.autograd.grad(value.sum(), tensor)
    np.testing.assert_allclose(sigma(h, xp) + 0 * h, value.detach().numpy(), rtol=1e-13)
    np.testing.assert_allclose(slope(h, xp) + 0 * h, derivative.numpy(), rtol=1e-12)


def test_erf_in_extended_precision():
    h = np.array([-7.5, -2.0, -1e-5, 0.0, 0.3, 1.1, 3.0, 5.5], dtype=np.longdouble)
    with mpmath.workdps(30):
        exact = np.array([float(mpmath.erf(mpmath.mpf(float(z)))) for z in h])
        tail = float(mpmath.erfc(2)) - (1 - exact[1] * -1)
    found = equations.extended().erf(h)
    np.testing.assert_allclose(found.astype(float), exact, rtol=2e-16)
    if np.finfo(np.longdouble).eps < 1e-18:  # its digits beyond float64
        assert float((found[1] + 1) - np.longdouble(math.erfc(2))) == pytest.approx(0, abs=1e-17)
    assert tail == pytest.approx(0, abs=1e-15)


def test_a_network_that_is_not_written_here_is_said_to_be_none():
    assert equations.activation("bent_identity") is None


@pytest.mark.parametrize("network", ["quadratic", "tanh", "erf", "softplus"])
def test_ours_and_the_reference_are_the_same_trajectory(network):
    drawn = draw(network, 3, 5)
    times = times_of(drawn, 20)
    exact, name = reference(drawn, times, 60.0)
    assert name == "extrapolation in extended precision"
    assert error(np.asarray(drawn.flow().output(times)), exact) < 1e-13
    assert abs(exact[-1] - 1) < 1e-3  # it has learned


@pytest.mark.parametrize(("network", "d", "seed"), [("leaky_relu", 2, 1), ("leaky_relu", 20, 0),
                                                     ("relu", 20, 0), ("relu", 1, 0)])  # fmt: skip
def test_the_reference_passes_kinks(network, d, seed):
    drawn = draw(network, d, seed)
    times = times_of(drawn, 10)
    exact = extrapolated(drawn, times, FOREVER)
    assert np.abs(np.asarray(drawn.flow().output(times)) - exact).max() < 1e-14


def test_a_neuron_alone_passes_its_kink():
    """σ = leaky ReLU, one neuron that passes h = 0: on both sides the network is linear."""
    drawn = Drawn("leaky_relu", np.array([-1.0]), np.array([0.5]))
    times = np.linspace(0.1, 3, 7)
    before = GradientFlow(drawn.u0, drawn.w0[:, None], [1.0], 1.0)
    kink = brentq(lambda t: before.W(t)[0, 0], 0, 1, xtol=1e-16)
    # Beyond it f = u (0.01 w): the linear network of an input of 0.01, from h = 0 on.
    after = GradientFlow(before.u(kink), [[0.0]], [0.01], 1.0)
    exact = [float(before.output(t) if t < kink else after.output(t - kink)) for t in times]
    assert 0.1 < kink < 2
    np.testing.assert_allclose(extrapolated(drawn, times, FOREVER), exact, rtol=0, atol=1e-15)


def test_a_reference_that_takes_too_long_is_another():
    drawn = draw("tanh", 3, 5)
    found, name = reference(drawn, times_of(drawn, 5), 0.0)
    assert name == "DOP853 at 3e-14"
    exact = extrapolated(drawn, times_of(drawn, 5), FOREVER)
    assert error(found, exact) < 1e-12


REACHED = {"torchdiffeq": 1e-7, "torch descent": 0.02}


@pytest.mark.parametrize("peer", INSTALLED, ids=lambda peer: peer.name)
@pytest.mark.parametrize("network", ["cubic", "tanh", "gelu"])
def test_an_integrator_solves_it(peer, network):
    drawn = draw(network, 2, 1)
    times = times_of(drawn, 10)
    exact, _ = reference(drawn, times, 60.0)
    run = peer.prepare(drawn, times, max(peer.tightest, 1e-12), FOREVER)
    for _ in range(2):  # a run begins where the one before began
        assert error(run(), exact) < REACHED.get(peer.name, 1e-9)


def test_times_within_a_step_are_interpolated_in_parts(monkeypatch):
    drawn = draw("tanh", 3, 1)
    times = times_of(drawn, 40)
    whole = dop853.prepare(drawn, times, 1e-9, FOREVER)()
    monkeypatch.setattr(dop853, "TOGETHER", 20)  # three times, of six weights
    np.testing.assert_allclose(
        dop853.prepare(drawn, times, 1e-9, FOREVER)(), whole, rtol=0, atol=1e-15
    )


@pytest.mark.parametrize("name", ["DOP853", "LSODA", "torch descent"])
def test_an_integrator_is_cut_off(name):
    (peer,) = (one for one in INSTALLED if one.name == name)
    drawn, deadline = draw("tanh", 2, 1), Deadline(-1.0)
    run = peer.prepare(drawn, times_of(drawn, 10), peer.tightest, deadline)
    with pytest.raises(TooSlowError), deadline.running():
        run()


def test_descent_converges_with_order_one():
    (peer,) = (one for one in INSTALLED if one.name == "torch descent")
    drawn = draw("tanh", 4, 2)
    times = times_of(drawn, 10)
    exact, _ = reference(drawn, times, 60.0)
    one, other = (error(peer.prepare(drawn, times, h, FOREVER)(), exact) for h in (1e-2, 5e-3))
    assert one / other == pytest.approx(2, abs=0.2)


def test_a_seed_draws_the_same_problem():
    one, two, other = (draw("cubic", 4, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.w0, two.w0)
    assert not np.array_equal(one.w0, other.w0)
    assert one.gamma == 0.5
    assert isinstance(one, Drawn)
    assert set(times_of(one, 50)) <= set(times_of(one, 1000)) or np.allclose(
        times_of(one, 1000)[19::20], times_of(one, 50), rtol=1e-15
    )


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(package, "is_installed", lambda name: name == "numba")
    assert package.missing() == ["heyoka", "diffrax", "torchdiffeq"]
