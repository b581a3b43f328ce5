"""Where one neuron goes on from a place at which inputs meet bends of σ, of one direction or of several.

Next to it the neuron's row of W moves at one constant velocity in every cone between the bends,
dz/dt = ∇ψ(z), with ψ linear on each cone. Along bends over which ψ is concave it may slide; bends over
which it is convex repel. Between these ψ is concave, and what moves fastest there is known: the shortest
velocity of the Clarke subdifferential (`shortest`). It is a way to go on where it leads into the part
that it is of. ψ(z)/|z| falls on no path, so that almost all paths come to go one of those ways.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from numeric.data.arrays import Bools, Floats, Integers
from numeric.methods.march.directions import Directions, central, shortest

ROUNDINGS = 1e-12  # of the terms of a velocity, or of 1, that a part or a share of it is 0
EXACT = 1e-2  # of such a velocity, that is taken for one
REPELLING = 8  # directions whose bends repel, all of whose sides are tried


class Way(NamedTuple):
    """Where directions go on, before, at or beyond their bends (−1, 0, 1), and how fast."""

    sides: Integers
    velocity: Floats


@dataclass(frozen=True)
class Corner:
    """dz/dt = rest + Σₙ pushₙ xₙ, with pushₙ before the bend (xₙ·z ≤ 0) and after it.

    Attributes:
        directions: of the inputs that are at bends.
        before, after: pushes, shape (n,).
        rest: what moves the row whatever the side, shape (d0,).
    """

    directions: Directions
    before: Floats
    after: Floats
    rest: Floats

    @property
    def units(self) -> Floats:
        """Of the directions."""
        return self.directions.units

    @property
    def rows(self) -> Floats:
        """The inputs."""
        return self.directions.lengths[:, None] * self.units[self.directions.which]

    @cached_property
    def jumps(self) -> Floats:
        """By how much the velocity along each unit changes over its bend."""
        lengths = self.directions.lengths
        return self.directions.sums(np.abs(lengths) * (self.after - self.before))

    @property
    def repels(self) -> Bools:
        """Of which directions the bend does."""
        return self.jumps > 0

    @cached_property
    def slow(self) -> float:
        """A velocity that may be 0: of the size of roundings."""
        pushes = np.maximum(np.abs(self.before), np.abs(self.after))
        terms = pushes @ np.abs(self.directions.lengths)
        return ROUNDINGS * float(np.abs(self.rest).max(initial=0.0) + terms)

    @cached_property
    def _base(self) -> Floats:
        """The velocity where all units point away from."""
        low = np.where(self.directions.lengths > 0, self.before, self.after)
        return self.rest + self.directions.sums(low * self.directions.lengths) @ self.units

    def velocity(self, shares: Floats) -> Floats:
        """dz/dt with shares of the jumps: 0 before a bend, 1 after it."""
        return self._base + (shares * self.jumps) @ self.units

    def of_directions(self, sides: Integers) -> Integers | None:
        """Sides of directions from those of inputs; None where inputs of one are not on one side."""
        turned = sides * np.sign(self.directions.lengths).astype(np.int64)
        found = np.zeros(len(self.units), dtype=np.int64)
        found[self.directions.which] = turned
        return found if np.all(found[self.directions.which] == turned) else None

    def of_inputs(self, way: Way, given: Integers) -> Integers:
        """The sides of a way; as given of what no bend pushes and what does not move."""
        which, still = self.directions.which, (self.jumps == 0) & (self.units @ way.velocity == 0)
        turns = np.sign(self.directions.lengths).astype(np.int64)
        return np.where(still[which], given, way.sides[which] * turns)

    def slopes(self) -> Floats:
        """How far slopes of the inputs are from before their bends to after, that keep all at them."""
        shares = self.kept(np.zeros(len(self.units), dtype=np.int64))[self.directions.which]
        return np.where(self.directions.lengths > 0, shares, 1 - shares)

    def kept(self, sides: Integers) -> Floats:
        """Shares that keep the directions of side 0 at their bends; of the others 0 or 1 by the side.

        What attracts has to hold what repels, too, whichever side of that counts: the worst is given.
        """
        shares = (sides + 1) / 2
        at, held = (sides == 0) & ~self.repels, np.flatnonzero((sides == 0) & self.repels)
        parts, found, worst = self.jumps[at, None] * self.units[at], shares, -1.0
        for ends in itertools.product((0.0, 1.0), repeat=held.size):
            shares[held], shares[at] = ends, 0.5
            off = central(self.velocity(shares), parts)
            if np.abs(off).max(initial=0.0) > worst:
                found, worst = shares.copy(), np.abs(off).max(initial=0.0)
                found[at] += off
        return found

    def holds(self, sides: Integers) -> bool:
        """Whether the row goes on as it is: nothing leaves its side, what is at a bend is kept there."""
        at, shares = sides == 0, self.kept(sides)
        if np.any(at) and (np.any(np.abs(2 * shares[at] - 1) > 1) or np.sum(self.jumps[at]) >= 0):
            return False
        return bool(np.all(sides * (self.units @ self.velocity(shares)) >= -EXACT * self.slow))

    def leaves(self, sides: Integers) -> Bools:
        """Which inputs do not stay on their sides: none where the row goes on as it is."""
        given = self.of_directions(sides)
        if given is not None and self.holds(given):
            return np.zeros(len(sides), dtype=bool)
        if given is not None:
            velocity = self.velocity(self.kept(given))
        elif np.all(sides):
            velocity = self.rest + np.where(sides > 0, self.after, self.before) @ self.rows
        else:
            return np.ones(len(sides), dtype=bool)
        return (sides == 0) | (sides * (self.rows @ velocity) < -EXACT * self.slow)

    def part(self, free: Bools, sides: Integers) -> Corner:
        """Of some inputs, the others on their sides."""
        fixed = np.where(free, 0.0, np.where(sides > 0, self.after, self.before))
        directions = self.directions.only(np.flatnonzero(free))
        return Corner(
            directions, self.before[free], self.after[free], self.rest + fixed @ self.rows
        )

    def way(self, signs: Integers) -> Way:
        """The fastest between the bends that repel, on given sides of them."""
        shares = np.zeros(len(self.units))
        shares[self.repels] = signs > 0
        attracts = self.jumps < 0
        parts = self.jumps[attracts, None] * self.units[attracts]
        shares[attracts], held = shortest(self.velocity(shares), parts)
        velocity = self.velocity(shares)
        if np.abs(velocity).max(initial=0.0) <= self.slow:
            velocity = np.zeros_like(velocity)
        sides = np.where(self.units @ velocity > 0, 1, -1)
        sides[self.repels], sides[attracts] = signs, held
        return Way(sides, velocity)

    def ways(self) -> list[Way]:
        """All that attract what is near, or the one of no velocity; [] where the sides are too many.

        Where a way runs along bends that repel, it is the same on all sides of them: they are held.
        """
        repels = np.flatnonzero(self.repels)
        if repels.size > REPELLING:
            return []
        given = itertools.product((-1, 1), repeat=repels.size)
        ways = [self.way(np.array(signs, dtype=np.int64)) for signs in given]
        found = []
        for way in ways:
            speeds, signs = self.units[repels] @ way.velocity, way.sides[repels]
            held = np.abs(speeds) <= self.slow
            if np.any((signs * speeds < 0) & ~held) or np.any(signs[held] > 0):
                continue
            same = [w for w in ways if np.all((w.sides[repels] == signs) | held)]
            if all(np.abs(w.velocity - way.velocity).max() <= self.slow for w in same):
                found.append(Way(self._sides(way.velocity, same), way.velocity))
        return found

    def _sides(self, velocity: Floats, same: list[Way]) -> Integers:
        """Those of a way that is the same on all sides of bends that repel and that it runs along.

        All that it runs along is kept, or what is not held on one of its sides, if that can be; what
        need not be, as its share is 0 or 1, is on its side.
        """
        along = (np.abs(self.units @ velocity) <= self.slow) & (self.jumps != 0)
        free = np.any([way.sides == 0 for way in same], axis=0) | (along & self.repels)
        for kept in (along, free):
            sides = np.where(kept, 0, same[0].sides)
            shares = self.kept(sides)
            ends = np.where(shares <= ROUNDINGS, -1, np.where(shares >= 1 - ROUNDINGS, 1, 0))
            sides = np.where(kept & ~self.repels, ends, sides)
            if self.holds(sides):
                return sides
        return max((way.sides for way in same), key=np.count_nonzero)
