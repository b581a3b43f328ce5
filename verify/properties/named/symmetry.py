"""The theory with itself: composition in time, and changes of a problem whose effect is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.oracle.named.problem import Named
from verify.oracle.named.reference import Case
from verify.properties.named import maps
from verify.properties.named.maps import Image
from verify.properties.named.theory import Maker
from verify.properties.outcome import FLOOR, LeftOut, Results

SPREAD = 10.0  # times `FLOOR`: two theories, each with its roundings
ROUNDED = 1e-14  # of the largest weight: a flow begun anew begins at rounded weights


def composes(case: Case, make: Maker) -> Results:
    """Flowing for T/3 and then for 2T/3 is flowing for T."""
    t, theory = case.time, make(case.problem)
    rest = maps.restarted(case.problem, theory.observables(t / 3))
    again = make(rest).observables(2 * t / 3)
    names = [n for n in theory.observables(0.0) if n != "kernel_distance"]  # that begins anew
    yield from _same(case, theory.observables(t), {n: again[n] for n in names}, "", theory.accuracy)


def commutes(case: Case, make: Maker) -> Results:
    """Rotations, permutations, signs, scales, time and the order of layers."""
    theory = make(case.problem)
    found = theory.observables(case.time)
    images = list(_images(case))
    if not images:
        yield LeftOut("no change of this problem is known")
    for image in images:
        other = make(image.problem).observables(case.time * image.pace)
        yield from _same(case, found, image.back(other), f", {image.name}", theory.accuracy)


def _images(case: Case) -> Iterator[Image]:
    return maps.IMAGES[type(case.problem)](case.problem)


def _same(case: Case, found: Named, other: Named, how: str, accuracy: float) -> Results:
    whole = max(
        (float(case.sizes[n]) for n in case.problem.start() if n in case.sizes), default=0.0
    )
    for name, value in other.items():
        where = f"{case.problem.name}{how}: {name}"
        if name == "phi" and float(np.max(np.abs(found["w"]))) < 1e-9 * float(case.sizes["w"]):
            continue
        if np.isnan(value).all() and np.isnan(found[name]).all():
            yield where, 0.0
            continue
        size = float(case.sizes[name]) + float(np.max(np.abs(value)))
        allowed = (SPREAD * FLOOR + 2 * accuracy) * size + ROUNDED * whole + 1e-300
        yield where, float(np.max(np.abs(value - found[name])) / allowed)
