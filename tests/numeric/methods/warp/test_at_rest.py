"""Neurons that come to rest where σ′ = 0 while u grows: what rounds there is no part of the kernel."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from numeric import GradientFlow, catalogue
from numeric.methods.warp import at_rest, machine

PLACES = {  # σ, and about where its slope is zero
    "gelu": (lambda h: h * mpmath.ncdf(h), -0.75),
    "swish": (lambda h: h / (1 + mpmath.exp(-h)), -1.28),
    "sine": (mpmath.sin, 1.57),
}
STARTS = [(1.0, 1.0, 1e9), (1.0, 1.0, 1e11), (1.0, 1.0, 1e15), (1.0, -0.5, 1e7), (1e6, -0.7, 1e9)]


def lowest(network):
    """Of σ, at its zero slope, to many digits."""
    sigma, near = PLACES[network]
    with mpmath.workdps(40):
        place = mpmath.findroot(lambda h: mpmath.diff(sigma, h), near)
        return sigma(place)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("network", PLACES)
@pytest.mark.parametrize("is_compiled", [True, False])
def test_at_rest_a_neuron_learns_by_u_alone(network, start, is_compiled, monkeypatch):
    """Then R′ = −2 σ² R exactly: of the time scale, of the kernel, and between any two late times."""
    if not is_compiled:
        monkeypatch.setattr(machine.Machine, "of", classmethod(lambda *_: None))
    u, h, y = start
    flow = GradientFlow([u], [[h]], [1.0], y if network == "sine" else -y, network=network)
    kernel = float(lowest(network) ** 2)
    assert flow.t_c == pytest.approx(2 / kernel, rel=1e-14)
    t = flow.t_c * np.array([0.5, 1.0, 3.0])
    np.testing.assert_allclose(flow.kernel(t), kernel, rtol=1e-14)
    losses = flow.loss(t)
    fallen = np.exp(-4 * kernel * np.diff(t))
    np.testing.assert_allclose(losses[1:] / losses[:-1], fallen, rtol=1e-12)


@pytest.mark.parametrize("network", PLACES)
def test_what_moves_keeps_all_of_its_kernel(network):
    loaded = catalogue.load(network)
    given = loaded.parameters(0.8, 0.6, 1.1, 2.0)
    h = np.linspace(-3.0, 3.0, 61)
    for u in (1e-6, 1.0, 1e6, 1e12):
        expected = loaded.module.kernel(u, h, given)
        np.testing.assert_array_equal(at_rest.kernel(loaded, np.full(61, u), h, given), expected)
