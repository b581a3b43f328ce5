"""The theory against descent: at the start, at a time, step by step, and where weights pass 0."""

from __future__ import annotations

import itertools

import numpy as np

from verify.oracle.named.problem import Named
from verify.oracle.named.reference import Case, Observed
from verify.properties.named.theory import Maker
from verify.properties.outcome import FLOOR, LeftOut, Results, ratio

ORDER_BAND = 0.15  # how far the order of convergence may be from 1 over four halvings
NOISE = 1e-9  # of the weights: below it the error of descent is rounding, and has no order
BENT = "the loss bends on the way: no order"
UNSEEN = 1e-6  # of the loss at the start, by which it must fall in a hundredth of the time


def compare(
    found: Named, measured: Observed, sizes: Named, where: str, accuracy: float = 0.0
) -> Results:
    """Every observable that both sides have.

    Args:
        found: by the theory.
        measured: by descent.
        sizes: of the terms of each.
        where: the problem.
        accuracy: relative, of the theory.
    """
    for name in (name for name in measured if name in found):
        value, error = measured[name]
        size = float(sizes[name]) + float(np.nanmax(np.abs(np.append(value, 0.0))))
        error = error + accuracy * size
        yield f"{where}: {name}", ratio(found[name], value, error, size)


def agrees_with_descent(case: Case, make: Maker) -> Results:
    """Every observable at the time of comparison equals extrapolated descent."""
    theory = make(case.problem)
    found = theory.observables(case.time)
    yield from compare(found, _clear(case), case.sizes, case.problem.name, theory.accuracy)


def _clear(case: Case) -> Observed:
    """Without the direction of a layer that is zero but for rounding."""
    found = dict(case.at_time)
    if "phi" in found and not found["phi"][1] < 0.1:
        del found["phi"]
    return found


def starts_at_the_start(case: Case, make: Maker) -> Results:
    """At t = 0 every observable is what is measured of the weights that are given."""
    exact = {name: (value, np.zeros(())) for name, value in case.start.items()}
    yield from compare(make(case.problem).observables(0.0), exact, case.sizes, case.problem.name)


def has_order_one(case: Case, make: Maker) -> Results:
    """The error of descent falls with order 1 ± 0.15 over four halvings of the step."""
    if case.bent:
        yield LeftOut(BENT)
        return
    theory = make(case.problem)
    found = theory.observables(case.time)
    names = [n for n in ("a", "w", "v", "product", "gram_in", "gram_out") if n in found]
    seen = [case.problem.observe(run) for run in case.runs]
    size = max(float(case.sizes[n]) for n in names)
    errors = [np.sqrt(sum(float(np.sum((one[n] - found[n]) ** 2)) for n in names)) for one in seen]
    floor = max(NOISE, 100 * theory.accuracy)
    if max(errors) <= FLOOR * size + 1e-300:
        yield f"{case.problem.name}: nothing moves", max(errors) / (FLOOR * size + 1e-300)
        return
    for coarse, fine in itertools.pairwise(errors):
        if fine <= floor * size:
            yield LeftOut("the error of descent is at the floor of rounding")
            return
        yield case.problem.name, abs(float(np.log2(coarse / fine)) - 1) / ORDER_BAND


def tells_the_time(case: Case, make: Maker) -> Results:
    """The time to the loss that descent has at the time of comparison is that time."""
    theory, t = make(case.problem), case.time
    value, error = case.at_time["loss"]
    told = theory.time_to(float(value))
    if told is None:
        yield LeftOut("the time to a loss is not asked for")
        return
    before, after = (float(theory.observables(z * t)["loss"]) for z in (0.99, 1.01))
    fall = (before - after) / 0.02  # by log t
    noise = float(error) + FLOOR * float(case.sizes["loss"])
    if not fall > max(UNSEEN * float(case.start["loss"]), 1e3 * noise):
        yield LeftOut("the loss hardly falls: it tells no time")
        return
    yield case.problem.name, abs(told / t - 1) / (1e-7 + 4 * noise / fall)


def passes_zero(case: Case, make: Maker) -> Results:
    """Weights pass 0 when descent's do, in the same order; those that do not, do not."""
    found = make(case.problem).passes()
    for place, measured in case.passes.items():
        if place not in found:
            yield LeftOut("the time of a passage is not asked for")
            continue
        told, where = found[place], f"{case.problem.name}: {place[0]}[{place[1]}]"
        if measured is None:
            unseen = told is None or told > case.time * (1 - 1e-6)
            yield f"{where} does not pass 0", 0.0 if unseen else np.inf
        elif told is None:
            yield f"{where} passes 0", np.inf
        else:
            time, error = measured
            yield f"{where} passes 0", ratio(np.asarray(told), time, 4 * error, 1e3 * case.time)
    yield from _in_order(case, found)


def _in_order(case: Case, found: dict[tuple[str, int], float | None]) -> Results:
    seen = {place: float(z[0]) for place, z in case.passes.items() if z is not None}
    if len(seen) > 1:
        order = sorted(seen, key=seen.__getitem__)
        late = [np.inf if (t := found.get(place)) is None else t for place in order]
        yield f"{case.problem.name}: order of events", 0.0 if late == sorted(late) else np.inf
