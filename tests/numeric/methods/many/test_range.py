"""What is answered together is right at all scales: sizes and rates up to the ends of float64's range."""

from __future__ import annotations

import numpy as np
import pytest

from numeric import GradientFlow, compiled
from numeric.methods.explicit import floats

NAMES = (
    "loss",
    "output",
    "residual",
    "alignment",
    "norm_W",
    "kernel",
    "kernel_change",
    "distance_u",
)
LAST = 2e-14  # of both, where an output all but passes zero
PATHS = ("numpy", *(("machine",) if compiled.is_available() else ()))


@pytest.fixture(params=PATHS)
def path(request, monkeypatch):
    """Machine code, or numpy, for many; and for each alone."""
    if request.param == "numpy":
        monkeypatch.setattr(floats, "twin", lambda module: None)


def drawn(seed, decades):
    """Networks of sizes up to 10^±decades, some weights and targets zero."""
    draw = np.random.default_rng([seed, decades])
    number, width, inputs = 12, int(draw.integers(1, 6)), int(draw.integers(1, 3))

    def scale(share, *shape):
        return 10 ** draw.uniform(-decades * share, decades * share, shape)

    u = scale(1, number, 1) * draw.standard_normal((number, width))
    W = scale(1, number, 1, 1) * draw.standard_normal((number, width, inputs))
    u[draw.random(u.shape) < 0.1] = 0.0
    x = scale(1 / 3, number, 1) * draw.standard_normal((number, inputs))
    y = scale(1 / 2, number) * draw.standard_normal(number)
    y[draw.random(number) < 0.1] = 0.0
    rates = {name: scale(1 / 6, number) for name in ("gamma", "eta_u", "eta_w")}
    return (u, W, x, y), rates


@pytest.mark.parametrize("decades", [6, 20, 60, 100, 150, 300])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_known_together_is_right(seed, decades, path):
    given, rates = drawn(seed, decades)
    flows = GradientFlow(*given, **rates, shared=False)
    joint = flows._joint[1]
    alone = list(flows)
    scales = np.array([flow.t_c if 0 < flow.t_c < np.inf else 1.0 for flow in alone])
    t = np.minimum(scales[:, None] * [0, 1e-6, 0.3, 5, 100, 800], 1e300)
    for name in NAMES:
        found, places = joint.scalar(name, t)
        known = np.ones(found.shape, dtype=bool)
        known[places] = False
        for b in np.flatnonzero(known.any(axis=1)):
            expected = getattr(alone[b], name)(t[b, known[b]])
            np.testing.assert_allclose(found[b, known[b]], expected, rtol=LAST, err_msg=name)
    ends, (lost,) = joint.ends("limit_kind")
    for b in np.setdiff1d(np.arange(len(alone)), lost):
        assert ends[b] == alone[b].limit_kind


@pytest.mark.parametrize("decades", [6, 60, 150])
def test_layers_that_are_known_together_are_right(decades):
    given, rates = drawn(9, decades)
    flows = GradientFlow(*given, **rates, shared=False)
    scales = np.where((flows.t_c > 0) & (flows.t_c < np.inf), flows.t_c, 1.0)
    t = np.minimum(scales[:, None] * [0, 1e-6, 0.3, 5, 100], 1e300)
    for name in flows._joint[1].LAYERS:
        found, (lost,) = flows._joint[1].layer(name, t)
        for b in np.setdiff1d(np.arange(len(flows)), lost):
            largest = np.abs(found[b]).max()
            np.testing.assert_allclose(
                found[b], getattr(flows[b], name)(t[b]), rtol=1e-13, atol=1e-16 * largest
            )
