"""Symmetries of a scaling limit: directions in which exponents move, and no observable's exponent does.

They are found as what the slopes of all exponents leave, by difference quotients at random points. That
each is one is proved in `symbolic.limits.phases`; that there are no others, here, by exact slopes.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence

import sympy
from sympy import Expr, Max, Rational, Symbol

from symbolic.limits.exponents import Scaling
from symbolic.limits.initial_moments import Start
from symbolic.limits.notation import c_d, c_eta_u, c_eta_w, c_gamma, c_u, c_w
from symbolic.proof.equality import Proved, Undecided, Verdict

SCALES = (c_d, c_gamma, c_u, c_w, c_eta_u, c_eta_w)
OBSERVED = ("t_c", "output_0", "kernel_change", "movement_u", "movement_w", "alignment")
TINY = Rational(1, 10**9)  # within which of a corner a difference quotient is no gradient
POINTS = 10  # random exponents whose gradients are collected; certificates then hold for all

Direction = dict[Symbol, Rational]


def find(scaling: Scaling) -> tuple[Direction, ...]:
    """Directions that no gradient of an observable's exponent sees, at random points."""
    rows = []
    for point in _points(seed=0):
        here = scaling.at(Start.INDEPENDENT, point)
        there = [scaling.at(Start.INDEPENDENT, point | {z: point[z] + TINY}) for z in SCALES]
        rows += [[(moved[name] - here[name]) / TINY for moved in there] for name in OBSERVED]
    basis = sympy.Matrix(rows).nullspace()
    return tuple(dict(zip(SCALES, z, strict=True)) for z in basis)


def no_further(scaling: Scaling, symmetries: Sequence[Direction]) -> Verdict:
    """As many symmetries as the slopes of observables leave, at points inside linear regions."""
    if any(set(direction) != set(SCALES) for direction in symmetries):
        return Undecided("a direction in other hyperparameters")
    found = sympy.Matrix([[direction[z] for z in SCALES] for direction in symmetries])
    points = itertools.islice(_points(seed=1), len(SCALES))
    around = [_around(scaling, point) for point in points]
    slopes = sympy.Matrix(
        [
            [sympy.diff(forms[name], z) for z in SCALES]
            for forms in around
            for name in set(OBSERVED) & set(forms)
        ]
    )
    if found.rank() == len(symmetries) == len(SCALES) - slopes.rank():
        return Proved("rank")
    return Undecided(f"{len(symmetries)} symmetries, slopes of rank {slopes.rank()}")


def _around(scaling: Scaling, point: Mapping[Symbol, Rational]) -> dict[str, Expr]:
    """The linear forms that exponents are around a point, but for those with a corner there."""
    values, forms = dict(point), dict[Symbol, Expr]()

    def largest(*branches: Expr) -> Expr:
        sizes = [branch.xreplace(values) for branch in branches]
        at_top = [z for z, size in zip(branches, sizes, strict=True) if size == max(sizes)]
        different = {sympy.expand(branch.xreplace(forms)) for branch in at_top}
        return different.pop() if len(different) == 1 else sympy.nan

    for symbol, value in scaling.definitions(Start.INDEPENDENT).items():
        forms[symbol] = value.replace(Max, largest).xreplace(forms)
        values[symbol] = value.xreplace(values)
    return {z.name.removeprefix("e_"): form for z, form in forms.items() if form is not sympy.nan}


def _points(seed: int) -> Iterator[dict[Symbol, Rational]]:
    """Random values of the exponents."""
    generator = random.Random(seed)
    for _ in range(POINTS):
        point = {z: Rational(generator.randint(-(10**6), 10**6), 10**5) for z in SCALES}
        yield point | {c_d: abs(point[c_d])}
