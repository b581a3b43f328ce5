"""Level sets of δ = a² − ‖w‖² in (w₁, w₂, a), drawn: their surfaces, and what they hide.

A level set is a quadric, so a ray from a point to the eye meets it where a quadratic is 0: whether
a point is seen is decided, not left to the order in which things are painted.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from numeric.picture import Floats

NEAR = 1e-6  # how far a ray must go to meet the surface that it began on


def towards(elevation: float, azimuth: float) -> Floats:
    """The unit vector to the eye, angles in degrees."""
    e, z = math.radians(elevation), math.radians(azimuth)
    return np.array([math.cos(e) * math.cos(z), math.cos(e) * math.sin(z), math.sin(e)])


def is_seen(points: Floats, delta: float, height: float, eye: Floats) -> NDArray[np.bool_]:
    """Whether no part of the surface with |a| ≤ height is between a point and the eye.

    Args:
        points: (w₁, w₂, a), a row each.
        delta: of the surface.
        height: of what is drawn of it.
        eye: direction to it.
    """
    form = np.array([-1.0, -1.0, 1.0])
    c = (points**2 * form).sum(-1) - delta
    b = (points * form * eye).sum(-1)
    a = float((eye**2 * form).sum())
    with np.errstate(invalid="ignore"):
        root = np.sqrt(b * b - a * c)
    seen = np.ones(len(points), dtype=bool)
    for way in ((-b + root) / a, (-b - root) / a):
        met = points[:, 2] + way * eye[2]
        seen &= ~((way > NEAR) & (np.abs(met) <= height))
    return seen


def sheets(delta: float, height: float, count: int) -> list[tuple[Floats, Floats, Floats]]:
    """w₁, w₂ and a on grids: one sheet, or two."""
    angles = np.linspace(0, 2 * np.pi, 2 * count)
    if delta < 0:
        levels = [np.linspace(-height, height, count)]
    else:
        # By ‖w‖, which is smooth where a sheet has its top.
        radii = np.linspace(0, math.sqrt(height**2 - delta), count)
        levels = [np.sqrt(radii**2 + delta), -np.sqrt(radii**2 + delta)]
    found = []
    for a in levels:
        radius = np.sqrt(np.maximum(a * a - delta, 0))
        found.append((np.outer(radius, np.cos(angles)), np.outer(radius, np.sin(angles)),
                      np.outer(a, np.ones_like(angles))))  # fmt: skip
    return found
