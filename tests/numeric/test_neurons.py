"""Neurons in warped time: the closed flow maps against integration, poles against blow-up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from numeric import networks, neurons
from numeric.neurons import ClosedNeurons, MarchedNeurons

RATES = (0.8, 1.5, 0.4, 1.3)  # γ, η_u, η_w, |m|²

# u, h by the sign of the conserved quantity u² − η_u h²/(β η_w |m|²) and the direction of growth.
BRANCHES = {
    "c > 0, growing": (1.5, 0.3),
    "c > 0, shrinking": (-1.5, 0.3),
    "c < 0, growing": (0.2, 0.9),
    "c < 0, turning": (-0.2, 0.9),
    "negative h": (0.7, -0.4),
    "u = 0": (0.0, 0.5),
    "dead": (0.6, 0.0),
}


def both(name, u, h, sign):
    network = networks.load(name)
    given = network.parameters(*RATES)
    arguments = (network, given, np.atleast_1d(u), np.atleast_1d(h), sign)
    return ClosedNeurons(*arguments), MarchedNeurons(*arguments)


def balanced(name):
    """A neuron with c = 0 to rounding."""
    _, eta_u, eta_w, norm_2 = RATES
    return math.sqrt(eta_u / (networks.load(name).degree * eta_w * norm_2)) * 0.6, 0.6


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("branch", [*BRANCHES, "c = 0"])
@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_closed_flow_maps_are_what_integration_finds(name, branch, sign):
    u, h = BRANCHES.get(branch) or balanced(name)
    closed, marched = both(name, u, h, sign)
    for x in (0.0, 0.05, 0.4, 1.0):
        if x > 0.8 * closed.escape:
            continue
        for one, other in zip(closed.at(x), marched.at(x), strict=True):
            np.testing.assert_allclose(one, other, rtol=3e-12, atol=1e-15)
    assert closed.escape > 0.05


@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_sums_are_sums_over_neurons(name):
    generator = np.random.default_rng(2)
    u, h = generator.standard_normal((2, 30))
    closed, marched = both(name, u, h, 1.0)
    network = closed._module
    given = networks.load(name).parameters(*RATES)
    x, ahead = 0.1 * closed.escape, closed.escape * np.array([0.0, 0.05, 0.3, 0.6])
    for function in ("kernel", "output"):
        sums = getattr(closed, function)(x, ahead)
        np.testing.assert_allclose(getattr(marched, function)(x, ahead), sums, rtol=1e-11)
        by_hand = [getattr(network, function)(*closed.at(x + z), given).sum() for z in ahead]
        np.testing.assert_allclose(sums, by_hand, rtol=1e-13)


@pytest.mark.parametrize("kind", [0, 1])
def test_places_may_be_asked_for_in_any_order(kind):
    u, h = np.random.default_rng(3).standard_normal((2, 5))
    escape = both("cubic", u, h, 1.0)[0].escape
    ahead, places = escape * np.array([0.0, 0.02, 0.1]), (0.0, 0.2 * escape, 0.7 * escape)
    fresh = [both("cubic", u, h, 1.0)[kind].kernel(x, ahead) for x in places]
    used = both("cubic", u, h, 1.0)[kind]
    for k in (2, 0, 1, 2, 1):
        np.testing.assert_allclose(used.kernel(places[k], ahead), fresh[k], rtol=1e-11)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("branch", [*BRANCHES, "c = 0"])
@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_the_escape_is_where_the_neuron_blows_up(name, branch, sign):
    u, h = BRANCHES.get(branch) or balanced(name)
    closed, _ = both(name, u, h, sign)
    network, beta = networks.load(name), networks.load(name).degree
    given = network.parameters(*RATES)
    module, threshold = network.module, 1e4

    def field(x, z):
        return [sign * module.velocity_u(z[1], given), sign * module.velocity_h(z[0], z[1], given)]

    def far(x, z):
        return abs(z[0]) + abs(z[1]) - threshold

    far.terminal = True
    end = 200.0 if beta == 2 else 2000.0
    found = solve_ivp(field, (0, end), [u, h], "DOP853", rtol=1e-12, atol=1e-14, events=far)
    if found.status == 1:
        blown = found.t[-1]
        # What is left from there: |h| ~ (x* − x)^{−1/(β−1)}, far less than this.
        left = 20 / threshold ** (beta - 1)
        assert blown <= closed.escape <= blown + left
    else:
        assert closed.escape == math.inf


def test_the_first_of_several_poles_counts():
    closed, _ = both("cubic", np.array([0.5, 1.0, -1.0]), np.array([0.4, 0.8, 0.3]), 1.0)
    alone = [both("cubic", u, h, 1.0)[0].escape for u, h in ((0.5, 0.4), (1.0, 0.8), (-1.0, 0.3))]
    assert closed.escape == min(alone) == alone[1]


@pytest.mark.parametrize("name", ["quadratic", "cubic"])
@pytest.mark.parametrize("x", [0.1, 3.0, 100.0])
def test_a_dead_neuron_stays_where_it_is(name, x):
    # A neuron at h = 0 feels no force, however far its companions go.
    u = np.array([3.0, -3.0])
    closed, _ = both(name, u, np.zeros(2), 1.0)
    now_u, now_h = closed.at(x)
    np.testing.assert_allclose(now_u, u, rtol=1e-14)
    np.testing.assert_array_equal(now_h, [0.0, 0.0])
    assert closed.escape == math.inf


def test_widths_beyond_a_chunk_are_the_same_neurons(monkeypatch):
    u, h = np.random.default_rng(5).standard_normal((2, 11))
    whole, _ = both("quadratic", u, h, 1.0)
    monkeypatch.setattr(neurons, "CHUNK", 4)
    split, _ = both("quadratic", u, h, 1.0)
    assert split.escape == whole.escape
    x = 0.5 * whole.escape
    for one, other in zip(split.at(x), whole.at(x), strict=True):
        np.testing.assert_array_equal(one, other)
    ahead = np.array([0.0, 0.1 * x])
    np.testing.assert_allclose(split.kernel(x, ahead), whole.kernel(x, ahead), rtol=1e-14)


def test_marching_over_a_pole_says_so():
    closed, marched = both("cubic", 1.0, 0.8, 1.0)
    with np.errstate(all="ignore"):
        values = marched.kernel(0.0, np.array([0.5, 0.9, 1.5]) * closed.escape)
    assert np.isfinite(values).tolist() == [True, True, False]
