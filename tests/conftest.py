"""Profiles and global state: every test starts with the same precision and the same seeds."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import torch
from flint import ctx
from hypothesis import HealthCheck, settings

# Derandomised everywhere: a failure seen once is seen again. `verify --seed` explores further.
settings.register_profile(
    "project", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")


@pytest.fixture(autouse=True)
def same_state():
    """Restore the precision of mpmath and of flint, seed what draws, and check nothing leaked."""
    precision, dps = ctx.prec, mpmath.mp.dps
    np.random.seed(0)  # noqa: NPY002 - for code that might use the global state by mistake
    torch.manual_seed(0)
    yield
    leaked = (ctx.prec, mpmath.mp.dps) != (precision, dps)
    ctx.prec, mpmath.mp.dps = precision, dps
    assert not leaked, "a test changed the global precision"
