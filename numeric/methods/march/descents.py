"""Where a neuron goes on from bends that it meets at once, if it is not said by these alone.

Gradient descent of small steps goes on in one way. In units of its step, that is small, it is one
sequence near the place, z ← z + dz/dt, from where it starts there, or for what comes there from anywhere
about its path. It is followed until it is so far off that no later step meets a bend that it does not
slide along.
"""

from __future__ import annotations

import numpy as np

from numeric.data.arrays import Floats, Integers
from numeric.methods.march.corner import Corner, Way

STEPS = 1 << 15  # after which descent is not followed further
MANY = 64  # sequences that come to a place
NEAR = 8.0  # times the largest change of the velocity, how far before the bends they begin


class OpenError(Exception):
    """The flow may go on in several ways, or it is not known how."""


def set_out(corner: Corner) -> Integers:
    """Where inputs go on of what starts at their bends, taken to be before them all (−1, 0, 1).

    Raises:
        OpenError: where that is not seen.
    """
    before = np.full(len(corner.before), -1)
    first = corner.rest + corner.before @ corner.rows
    if np.all(corner.rows @ first <= 0):
        return before
    ways = corner.ways()
    if len(ways) != 1 or np.any(ways[0].velocity):
        ways = [_descended(corner, first[None], 1)]
    return corner.of_inputs(ways[0], before)


def followed(corner: Corner, sides: Integers) -> Integers:
    """Where inputs go on that come to bends before, at or beyond their own (−1, 0, 1).

    What stays where it is, is decided on only if the others push it over.

    Raises:
        OpenError: where there are several ways, or none is found.
    """
    found, free = sides.copy(), corner.leaves(sides)
    while np.any(free):
        part = corner.part(free, sides)
        way = _followed(part, sides[free])
        found[free] = part.of_inputs(way, sides[free])
        over = ~free & (sides * (corner.rows @ way.velocity) < -corner.slow)
        if not np.any(over):
            break
        free |= over
    return found


def _followed(corner: Corner, sides: Integers) -> Way:
    """The way of what is all decided on."""
    ways = corner.ways()
    if len(ways) == 1 and not _may_stop(corner, ways[0]):
        return ways[0]
    given = corner.of_directions(sides)
    if given is not None and not np.any((given == 0) & corner.repels):
        velocity = corner.velocity(corner.kept(given))
        if np.any(np.abs(velocity) > corner.slow):
            return _come(corner, velocity)
    raise OpenError("from where it may go on in several ways")


def _may_stop(corner: Corner, way: Way) -> bool:
    """Whether there may be a cone around in which nothing moves, beside a way that moves."""
    still = (corner.before == 0) | (corner.after == 0)
    return bool(np.any(way.velocity) and not np.any(corner.rest) and np.all(still))


def _come(corner: Corner, velocity: Floats) -> Way:
    """Of sequences that come at a velocity, from anywhere about its line, the way that all go."""
    far, speeds = np.sum(np.abs(corner.jumps)), np.abs(corner.units @ velocity)
    speed = speeds[speeds > corner.slow].min(initial=np.inf)
    steps = int(min(NEAR * far / speed + 1, STEPS / 8))
    around = np.random.default_rng(0).uniform(-far, far, (MANY, len(corner.units)))
    return _descended(corner, around @ corner.units - steps * velocity, 4 * steps)


def _descended(corner: Corner, Z: Floats, check: int) -> Way:
    """The way that all of some sequences come to go; looked for after so many steps and their doubles."""
    rows, repels = corner.rows, corner.units[corner.repels]
    for step in range(1, STEPS + 1):
        if step == check:
            check *= 2
            signs = np.where(Z @ repels.T > 0, 1, -1)
            kinds, which = np.unique(signs, axis=0, return_inverse=True)
            ways = [corner.way(kind) for kind in kinds]
            if all(_stays(corner, z, ways[k]) for z, k in zip(Z, which.ravel(), strict=True)):
                if len(ways) > 1:
                    raise OpenError("from where it goes on in one of several ways")
                return ways[0]
        Z = Z + corner.rest + np.where(Z @ rows.T > 0, corner.after, corner.before) @ rows
    raise OpenError("from which descent does not settle on a way")


def _stays(corner: Corner, z: Floats, way: Way) -> bool:
    """Whether descent from z goes along a way from there on, and meets no other bends than that does.

    Its distance δ to the way changes by jumps over those, `most` at the largest, and back to the way by
    no less than `least`: |δ|² falls where |δ| > most²/2 least.
    """
    v, moving = way.velocity, corner.jumps != 0
    if not np.any(corner.repels):
        return True
    speeds = corner.units @ v
    along = np.abs(speeds) <= corner.slow
    if np.any(along & corner.repels) or np.any((way.sides * speeds < 0) & ~along & moving):
        return False
    wide, slides = 0.0, moving & (way.sides == 0)
    if np.any(along & moving):
        units, shares = corner.units[slides], corner.kept(way.sides)[slides]
        sizes = np.linalg.svd(units, compute_uv=False)
        pulls = np.abs(corner.jumps[slides]) * np.minimum(shares, 1 - shares)
        rank = np.linalg.matrix_rank(corner.units[along & moving])
        least = pulls.min(initial=np.inf) * sizes[:rank].min() if sizes.size >= rank else 0.0
        most = np.sum(np.abs(corner.jumps[along]))
        wide = most + most**2 / (2 * least) if least > 0 else np.inf
    time = float(z @ v) / float(v @ v)
    off = np.linalg.norm(z - time * v) + wide
    return bool(np.all(np.abs(speeds[~along & moving]) * time >= off))
