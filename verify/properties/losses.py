"""Properties of the module of a loss: everything it states against torch, at outputs of all sizes.

Value, slope by autograd, curvature by double backward, where the minimum is and whether there is one,
where the slope bends, and what the loss is said to be a function of.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import numpy as np
import torch

from verify import losses
from verify.oracle.problem import Floats
from verify.properties.outcome import Comparison

RELATIVE, ABSOLUTE = 1e-12, 2e-15  # of torch's values: of themselves, and of 1 + |f| + |y|
BESIDE = 1e-4  # distance from a minimum, or a bend, at which both sides are looked at
JUMP = 1e-2  # of a derivative between both sides of a bend, at least
SIZES = np.geomspace(1e-3, 100, 60)
OUTPUTS = np.unique(np.concatenate([-SIZES, [0.0], SIZES, np.linspace(-3.03, 3.07, 62)]))
GIVEN = {
    losses.REAL: (-3.7, -0.8, 0.0, 1.3, 6.1),
    losses.SIGNS: (-1.0, 1.0),
    losses.PROBABILITIES: (0.05, 0.3, 0.5, 0.9),
}
WORDS = {losses.REAL: "any number", losses.SIGNS: "-1 or 1", losses.PROBABILITIES: "from 0 to 1"}


def comparisons(module: ModuleType, name: str) -> Iterator[Comparison]:
    """Everything that a module states, with the ratio of error to allowed error."""
    kind = losses.targets(name)
    yield "TARGETS", _fails(WORDS[kind] != module.TARGETS)
    for y in GIVEN[kind]:
        yield from _functions(module, name, y)
        yield from _minimum(module, name, y)
        yield from _bends(module, name, y)
    yield from _kind(module, name)


def _fails(wrong: bool) -> float:
    return np.inf if wrong else 0.0


def _measured(name: str, f: Floats, y: float) -> dict[str, Floats]:
    places = torch.tensor(f), torch.full((len(f),), y, dtype=torch.float64)
    slope, curvature = losses.derivatives(name, *places)
    value = losses.loss(name)(*places)
    return {"loss": value.numpy(), "slope": slope.numpy(), "curvature": curvature.numpy()}


def _functions(module: ModuleType, name: str, y: float) -> Iterator[Comparison]:
    f = OUTPUTS + y
    bend = losses.bend(name)
    if bend is not None:  # at a bend itself a derivative is that of either side
        f = f[np.abs(bend(torch.tensor(f), torch.tensor(y)).numpy()) > 1e-9]
    with np.errstate(all="ignore"):
        for quantity, expected in _measured(name, f, y).items():
            found = np.broadcast_to(getattr(module, quantity)(f, np.full_like(f, y)), f.shape)
            allowed = RELATIVE * np.abs(expected) + ABSOLUTE * (1 + np.abs(f) + abs(y))
            yield f"{quantity} at y = {y:g}", _worst(np.abs(found - expected) / allowed)


def _worst(ratios: Floats) -> float:
    return float(np.max(ratios)) if np.isfinite(ratios).all() else np.inf


def _minimum(module: ModuleType, name: str, y: float) -> Iterator[Comparison]:
    """Left of it the slope leads up to it, right of it away; or no slope is 0 anywhere."""
    slopes = _measured(name, OUTPUTS + y, y)["slope"]
    ends = bool((slopes >= 0).any() and (slopes <= 0).any())
    yield f"BOUNDED at y = {y:g}", _fails(ends != module.BOUNDED)
    if not (ends and hasattr(module, "minimum")):
        yield f"minimum at y = {y:g}", _fails(ends or hasattr(module, "minimum"))
        return
    place = float(module.minimum(np.float64(y)))
    if not np.isfinite(place):
        yield f"minimum at y = {y:g}", np.inf
        return
    before, after = _measured(name, place + np.array([-BESIDE, BESIDE]), y)["slope"]
    apart = before <= 0 <= after and before < after
    yield f"minimum at y = {y:g}", _fails(not apart)


def _bends(module: ModuleType, name: str, y: float) -> Iterator[Comparison]:
    """A derivative jumps at each bend, and where torch's loss bends there is one."""
    places = [y + b if module.SHIFTS else b / y for b in module.BENDS if y or module.SHIFTS]
    for place in places:
        sides = _measured(name, place + np.array([-BESIDE, BESIDE]), y)
        jump = max(float(np.ptp(sides[z])) for z in ("slope", "curvature"))
        yield f"bend at f = {place:g}", _fails(jump < JUMP)
    bend = losses.bend(name)
    grid = np.linspace(-8.01, 8.02, 4001)
    values = np.ones(1) if bend is None else bend(torch.tensor(grid), torch.tensor(y)).numpy()
    known = int(np.sum(np.diff(np.sign(values)) != 0))
    yield f"bends at y = {y:g}", _fails(known != len(set(places)))


def _kind(module: ModuleType, name: str) -> Iterator[Comparison]:
    """Whether it is c (f − y)², and whether it is a function of f − y alone."""
    factor = module.FACTOR
    yield "FACTOR", _fails((factor is not None) != losses.is_square(name))
    if factor is not None:
        (value,) = _measured(name, np.array([2.5]), 1.0)["loss"]
        yield "FACTOR", abs(factor * 1.5**2 - value) / (RELATIVE * value)
    yield "SHIFTS", _fails(bool(module.SHIFTS) != losses.shifts(name))
