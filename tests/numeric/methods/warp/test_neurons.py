"""Neurons in warped time: the closed flow maps against integration, poles against blow-up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from numeric import catalogue
from numeric.methods.warp import marched as integration
from numeric.methods.warp import neurons
from numeric.methods.warp.marched import MarchedNeurons
from numeric.methods.warp.neurons import ClosedNeurons
from numeric.methods.warp.panels import Places
from numeric.methods.warp.start import start
from numeric.methods.warp.units import Rates

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


def walking(kind, name, u, h, sign, rates=RATES):
    """Neurons whose input is one number: |m|² is its square."""
    network, (gamma, eta_u, eta_w, norm_2) = catalogue.load(name), rates
    u, m = np.atleast_1d(np.asarray(u, float)), np.array([math.sqrt(norm_2)])
    W = np.atleast_1d(np.asarray(h, float))[:, None] / m
    given = Rates(gamma, eta_u, eta_w, norm_2)
    return kind(network, given, start(network, given, u, W, m, 1.0), sign)


def both(name, u, h, sign):
    return tuple(walking(kind, name, u, h, sign) for kind in (ClosedNeurons, MarchedNeurons))


def unit(walked):
    """What a distance of 1 is in the units of the present panel."""
    return 2.0**walked.units.x


def placed(walked, place):
    """U and h at one place, given by its panel and offset."""
    panel, offset = place
    u, h = walked.at(Places(np.array([panel]), np.array([offset])))
    return u[0], h[0]


def at(walked, x):
    """The neurons at x, from the start."""
    if isinstance(walked, ClosedNeurons):
        return placed(walked, (0, walked._approaches[0].z(x / unit(walked))))
    fresh = type(walked)(walked._network, walked._rates, walked._begun, walked._sign)
    gone = 0.0
    while True:
        left = fresh.approach.z((x - gone) / unit(fresh))
        if left <= 0 or fresh.reach(left) >= left:
            return placed(fresh, (len(fresh._steps), max(left, 0.0)))
        width = fresh.reach(left)
        gone += float(fresh.approach.x(width)) * unit(fresh)
        fresh.advance(width)


def escape(walked):
    """The first pole ahead."""
    return walked._escape(walked._described) * unit(walked)


def sums(walked, function, ahead):
    """Σ_i of the kernel or the output at distances ahead, as given."""
    z = np.array([walked.approach.z(x / unit(walked)) for x in ahead])
    values = getattr(walked, function)(z)
    if function == "output":
        return values
    return values / walked.approach.slope(z) * 2.0**walked.units.f / unit(walked)


def balanced(name):
    """A neuron with c = 0 to rounding."""
    _, eta_u, eta_w, norm_2 = RATES
    return math.sqrt(eta_u / (catalogue.load(name).degree * eta_w * norm_2)) * 0.6, 0.6


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("branch", [*BRANCHES, "c = 0"])
@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_closed_flow_maps_are_what_integration_finds(name, branch, sign):
    u, h = BRANCHES.get(branch) or balanced(name)
    closed, marched = both(name, u, h, sign)
    for x in (0.0, 0.05, 0.4, 1.0):
        if x > 0.8 * escape(closed):
            continue
        for one, other in zip(at(closed, x), at(marched, x), strict=True):
            np.testing.assert_allclose(one, other, rtol=3e-12, atol=1e-15)
    assert escape(closed) > 0.05


@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_sums_are_sums_over_neurons(name):
    generator = np.random.default_rng(2)
    u, h = generator.standard_normal((2, 30))
    closed, marched = both(name, u, h, 1.0)
    network = closed._module
    given = catalogue.load(name).parameters(*RATES)
    x = 0.01 * escape(closed)
    fresh, _ = both(name, u, h, 1.0)
    for walked in (closed, marched):
        walked.advance(walked.approach.z(x / unit(walked)))
    furthest = float(marched.approach.x(marched.reach(math.inf))) * unit(marched)
    ahead = furthest * np.array([0.0, 0.01, 0.5, 1 - 1e-15])
    for function in ("kernel", "output"):
        found = sums(closed, function, ahead)
        np.testing.assert_allclose(sums(marched, function, ahead), found, rtol=1e-11)
        by_hand = [getattr(network, function)(*at(fresh, x + z), given).sum() for z in ahead]
        np.testing.assert_allclose(found, by_hand, rtol=1e-13)
    terms = network.output(*at(fresh, x), given)
    assert closed.spread() == pytest.approx(np.abs(terms).sum(), rel=1e-13)
    assert marched.spread() == pytest.approx(np.abs(terms).sum(), rel=1e-13)


@pytest.mark.parametrize("kept", [1 << 23, 12])  # all states; or a few, and the way is gone again
@pytest.mark.parametrize("kind", [0, 1])
def test_places_may_be_asked_for_in_any_order(kind, kept, monkeypatch):
    monkeypatch.setattr(neurons, "KEPT", kept)
    u, h = np.random.default_rng(3).standard_normal((2, 5))
    walked, fresh = (both("cubic", u, h, 1.0)[kind] for _ in range(2))
    pole = escape(both("cubic", u, h, 1.0)[0])
    widths, approaches = [], []
    for part in (0.04, 0.05, 0.03, 0.06, 0.04, 0.05):
        width = walked.reach(walked.approach.z(part * pole / unit(walked)))
        approaches.append(walked.approach)
        walked.advance(width)
        widths.append(float(approaches[-1].x(width)) * unit(walked))
    assert len(walked._kept) == (7 if kept > 12 else 2)
    approaches.append(walked.approach)
    lefts = np.concatenate([[0.0], np.cumsum(widths)])
    for panel in (6, 0, 3, 5, 1, 2):
        offset = 0.5 * (widths[panel] if panel < 6 else 0.01 * pole)
        for one, other in zip(
            placed(walked, (panel, approaches[panel].z(offset / unit(walked)))),
            at(fresh, lefts[panel] + offset),
            strict=True,
        ):
            np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_a_panel_ends_before_the_pole_and_where_digits_would_be_lost(name):
    u, h = (0.5, 1e-3) if name == "quadratic" else (0.5, 0.4)
    closed, _ = both(name, u, h, 1.0)
    assert closed.reach(1e-9) == 1e-9
    widest = float(closed.approach.x(closed.reach(math.inf)))
    part = 1 - math.exp(-neurons.TOWARDS_A_POLE)
    assert 0 < widest * unit(closed) <= part * escape(closed) * (1 + 1e-14)
    if name == "quadratic":
        rate = math.sqrt(float(closed._mu[0]))
        assert widest * rate <= 1
    shrinking, _ = both(name, -1.5, 0.3, 1.0)
    assert shrinking.reach(math.inf) == math.inf


def test_a_panel_ends_at_a_bend():
    walked = walking(MarchedNeurons, "relu", [-0.9, 0.5], [0.3, 0.4], 1.0, (1.0, 1.0, 1.0, 1.0))
    meeting = math.atanh(0.3 / 0.9)  # h = h₀ cosh s + u₀ sinh s
    assert walked.reach(0.1 / unit(walked)) == 0.1 / unit(walked)
    x, panels = 0.0, 0
    while x < 2.0:
        width = walked.reach(5.0 / unit(walked))
        assert not x * (1 + 1e-13) < meeting < x + width * unit(walked) * (1 - 1e-12)
        x += width * unit(walked)
        walked.advance(width)
        panels += 1
        u, h = placed(walked, (panels, 0.0))
        assert h[1] == pytest.approx(0.4 * math.cosh(x) + 0.5 * math.sinh(x), rel=1e-12)
        if x < meeting * (1 - 1e-12):
            assert h[0] == pytest.approx(0.3 * math.cosh(x) - 0.9 * math.sinh(x), rel=1e-12)
        else:  # beyond the bend it is dead
            assert h[0] == 0
            assert u[0] == pytest.approx(-math.sqrt(0.72), rel=1e-13)
    assert panels < 20


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("branch", [*BRANCHES, "c = 0"])
@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_the_escape_is_where_the_neuron_blows_up(name, branch, sign):
    u, h = BRANCHES.get(branch) or balanced(name)
    closed, _ = both(name, u, h, sign)
    network, beta = catalogue.load(name), catalogue.load(name).degree
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
        assert blown <= escape(closed) <= blown + left
    else:
        assert escape(closed) == math.inf
    assert closed.escapes == math.isfinite(escape(closed))


def test_the_first_of_several_poles_counts():
    closed, _ = both("cubic", np.array([0.5, 1.0, -1.0]), np.array([0.4, 0.8, 0.3]), 1.0)
    alone = [escape(both("cubic", u, h, 1.0)[0]) for u, h in ((0.5, 0.4), (1.0, 0.8), (-1.0, 0.3))]
    assert escape(closed) == min(alone) == alone[1]


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("branch", [*BRANCHES, "c = 0"])
@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_a_marched_neuron_of_a_power_knows_whether_it_escapes(name, branch, sign):
    u, h = BRANCHES.get(branch) or balanced(name)
    closed, marched = both(name, u, h, sign)
    assert marched.escapes == closed.escapes


@pytest.mark.parametrize("name", ["quadratic", "cubic"])
@pytest.mark.parametrize("x", [0.1, 3.0, 100.0])
def test_a_dead_neuron_stays_where_it_is(name, x):
    # A neuron at h = 0 feels no force, however far its companions go.
    u = np.array([3.0, -3.0])
    for walked in both(name, u, np.zeros(2), 1.0):
        now_u, now_h = at(walked, x)
        np.testing.assert_allclose(now_u, u, rtol=1e-14)
        np.testing.assert_array_equal(now_h, [0.0, 0.0])
    assert escape(both(name, u, np.zeros(2), 1.0)[0]) == math.inf


def test_widths_beyond_a_chunk_are_the_same_neurons(monkeypatch):
    u, h = np.random.default_rng(5).standard_normal((2, 11))
    whole = both("quadratic", u, h, 1.0)
    x = 0.1 * escape(whole[0])
    found = [at(walked, x) for walked in whole]
    monkeypatch.setattr(neurons, "CHUNK", 4)
    monkeypatch.setattr(integration.collocation, "CHUNK", 4)
    split = both("quadratic", u, h, 1.0)
    assert escape(split[0]) == escape(whole[0])
    for walked, states in zip(split, found, strict=True):
        for one, other in zip(at(walked, x), states, strict=True):
            np.testing.assert_allclose(one, other, rtol=2e-15)
    ahead = np.array([0.0, 0.1 * x])
    np.testing.assert_allclose(
        sums(split[0], "kernel", ahead), sums(whole[0], "kernel", ahead), rtol=1e-14
    )


def test_marching_never_comes_to_a_pole():
    closed, marched = both("cubic", 1.0, 0.8, 1.0)
    pole, x, widths = escape(closed), 0.0, []
    for _ in range(60):
        widths.append(marched.reach(math.inf))
        step = float(marched.approach.x(widths[-1])) * unit(marched)
        assert x + step < pole * (1 + 1e-14)
        x += step
        marched.advance(widths[-1])
    assert x == pytest.approx(pole, rel=1e-12)
    # h ~ (x* − x)^{−1/2}: what is left of the way is known where x itself has no digit of it.
    _, h = placed(marched, (60, 0.0))
    assert h[0] > 1e5


def test_the_first_of_many_neurons_that_meets_a_bend_ends_the_panel():
    # relu from h < 0 stays; from h > 0 with u < 0 it shrinks: h = ρ cosh-like, zero at atanh(h κ/|u|)/ω.
    u, h = np.roll([-np.linspace(2.0, 3.0, 9), np.linspace(0.23, 0.2, 9)], 4, axis=1)
    gamma, eta_u, eta_w, norm_2 = RATES
    walked = walking(MarchedNeurons, "relu", u, h, 1.0)
    omega, kappa = gamma * math.sqrt(eta_u * eta_w * norm_2), math.sqrt(eta_u / (eta_w * norm_2))
    meeting = np.arctanh(kappa * h / -u) / omega
    first = meeting.min() / unit(walked)
    reached = 0.0
    while reached < first * (1 - 1e-12):
        width = walked.reach(10 * first)  # beyond where all of them meet it
        reached += width
        walked.advance(width)
    assert reached == pytest.approx(first, rel=1e-13, abs=0)
