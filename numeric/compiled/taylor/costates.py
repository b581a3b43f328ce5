"""From weights of the output's coefficients back to where all neurons began, step by step.

On a step a change of a neuron's start obeys y′ = A y, A of second derivatives of its output along its
way; with coefficients A_k and y_k, (k + 1) y_{k+1} = Σ A_l y_{k−l}. What is felt of y is linear in its
coefficients, and goes through these sums backward: to the start of the step, then to the step before.
On the way, what is felt of (k + 1) y_{k+1} is felt of the velocities, and so of their rates.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, sum_of_first
from numeric.compiled.scalars import call
from numeric.compiled.taylor import calling, layout
from numeric.compiled.taylor.layout import BLOCK, TERMS
from numeric.compiled.taylor.polynomials import ORDER

SHARP = 1e-13  # of the largest, the last coefficients of second derivatives at the end of a step
KEPT = 1e-11  # of the terms of what is kept, by how much it may be off


@call
def groups_of(size):
    """How many vectors hold so many neurons."""
    return (size + LANES - 1) // LANES


@call
def filled(values, first, size, out):
    """Neurons of a block, and the first again where a vector has more."""
    for i in range(out.size):
        out[i] = values[first + (i if i < size else 0)]


@call
def is_sharp(table, width):
    """Whether the last coefficients of all columns are nothing at the end of the step."""
    for i in range(table.shape[1]):
        power, largest, last, last_but_one = 1.0, 0.0, 0.0, 0.0
        for k in range(TERMS):
            last_but_one, last = last, abs(table[k, i]) * power
            largest = max(largest, last)
            power *= width
        if not max(last_but_one, last) <= SHARP * largest:
            return False
    return True


@call
def by_velocity(table, groups, factor):
    """Coefficients of a derivative of the output, from those of the weight that follows it."""
    for k in range(ORDER):
        for g in range(groups):
            row = k * groups + g
            store(table, row, load(table, row + groups) * (factor * (k + 1)))


@call
def back(weights, width, number, to_u, to_h, U, H, UH, HH, costates, by_rates):
    """Costates of neurons at the start of a step, from those at its end.

    Args:
        weights: of coefficients of the output.
        width: of the step.
        number: of neurons; vectors may hold more.
        to_u: velocities over derivatives of the output, per z.
        to_h: the same of h.
        U: coefficients of the derivative by u.
        H: of that by h.
        UH: of second derivatives.
        HH: the other.
        costates: of u and of h, two rows; in and out.
        by_rates: cotangents of the velocities' rates by their logarithms, are added to.
    """
    groups = groups_of(number)
    below_u, below_h = np.empty((ORDER + 2) * LANES), np.empty((ORDER + 2) * LANES)
    for g in range(groups):
        end_u, end_h = load(costates, g), load(costates, groups + g)
        power = 1.0
        for k in range(TERMS):
            store(below_u, k, end_u * power)
            store(below_h, k, end_h * power)
            power *= width
        felt_u, felt_h = lanes(0.0), lanes(0.0)
        for k in range(ORDER, -1, -1):
            u_by_output, h_by_output = load(below_u, k), load(below_h, k)
            for n in range(k, ORDER):
                weight = lanes(weights[n])
                row = (n - k) * groups + g
                u_by_output = add_product(u_by_output, weight, load(U, row))
                h_by_output = add_product(h_by_output, weight, load(H, row))
            u_by_h, h_by_u, h_by_h = lanes(0.0), lanes(0.0), lanes(0.0)
            for n in range(k + 1, TERMS):
                row = (n - k - 1) * groups + g
                uh, of_h = load(UH, row), load(below_h, n)
                u_by_h = add_product(u_by_h, uh, of_h)
                h_by_u = add_product(h_by_u, uh, load(below_u, n))
                h_by_h = add_product(h_by_h, load(HH, row), of_h)
            by_u = u_by_output + u_by_h * to_h
            by_h = h_by_output + h_by_u * to_u + h_by_h * to_h
            if k > 0:  # what follows asks for coefficient k over k
                by_u, by_h = by_u * (1.0 / k), by_h * (1.0 / k)
                row = (k - 1) * groups + g
                felt_u = add_product(felt_u, by_u, load(U, row))
                felt_h = add_product(felt_h, by_h, load(H, row))
            store(below_u, k, by_u)
            store(below_h, k, by_h)
        store(costates, g, load(below_u, 0))
        store(costates, groups + g, load(below_h, 0))
        count = min(LANES, number - g * LANES)
        by_rates[0] += sum_of_first(felt_u, count) * to_u
        by_rates[1] += sum_of_first(felt_h, count) * to_h


@kernel
def pull(
    series, curvature, slots, side, given, known, steps, states, weights, by_u, by_h, by_rates
):
    """Cotangents of the neurons' starts, and of the rates of their velocities.

    Args:
        series: address of the network's series.
        curvature: of second derivatives.
        slots: what these take of scratch.
        side: of a bend, on which neurons are.
        given: hyperparameters.
        known: of a solved flow.
        steps: of it.
        states: of it.
        weights: of coefficients of the output, a row for each step.
        by_u: is written.
        by_h: is written.
        by_rates: is written, of the rates of u and of h by their logarithms.

    Returns:
        Whether this is sharp, and along its way each change is what it was.
    """
    count, size, sign = int(known[layout.STEPS]), by_u.size, known[layout.SIGN]
    part, sides = np.empty(TERMS), np.ones(BLOCK)
    work = np.empty((slots, TERMS, 1))
    by_rates[:] = 0.0
    along, spread = np.zeros(count + 1), np.zeros(count + 1)
    for first in range(0, size, BLOCK):
        number = min(BLOCK, size - first)
        groups = groups_of(number)
        wide = groups * LANES
        u, h, costates = np.empty(wide), np.empty(wide), np.zeros(2 * wide)
        U, H = np.empty(TERMS * wide), np.empty(TERMS * wide)
        UH, HH = np.empty(TERMS * wide), np.empty(TERMS * wide)
        filled(side, first, number, sides[:wide])
        for j in range(count - 1, -1, -1):
            filled(states[j, 0], first, number, u)
            filled(states[j, 1], first, number, h)
            pace, width = sign * steps[j, layout.PACE], steps[j, layout.WIDTH]
            to_u, to_h = pace * given[1], pace * given[2] * given[3]
            of_u, of_h = U.reshape((TERMS, wide)), H.reshape((TERMS, wide))
            of_uh, of_hh = UH.reshape((TERMS, wide)), HH.reshape((TERMS, wide))
            calling.series(series, u, h, sides[:wide], given, pace, ORDER, of_u, of_h, part, work)
            calling.curvature(curvature, given, ORDER, of_u, of_h, of_uh, of_hh, work)
            if not (is_sharp(of_uh, width) and is_sharp(of_hh, width)):
                return False
            by_velocity(U, groups, 1 / to_u)
            by_velocity(H, groups, 1 / to_h)
            back(weights[j], width, number, to_u, to_h, U, H, UH, HH, costates, by_rates)
            for i in range(number):
                moved_u = costates[i] * of_u[0, i] * to_u
                moved_h = costates[wide + i] * of_h[0, i] * to_h
                along[j] += (moved_u + moved_h) / abs(pace)
                spread[j] += (abs(moved_u) + abs(moved_h)) / abs(pace)
        for i in range(number):
            by_u[first + i], by_h[first + i] = costates[i], costates[wide + i]
    return keeps(count, sign, steps, weights, along, spread)


@call
def keeps(count, sign, steps, weights, along, spread):
    """Whether a change along the way is felt as a later place of all that follows."""
    for j in range(count):
        gained, size = 0.0, 0.0
        c, pace = steps[j, layout.OF_STEP :], steps[j, layout.PACE]
        for k in range(ORDER):
            term = weights[j, k] * (k + 1) * c[k + 1] / pace
            gained += sign * term
            size += abs(term)
        off = abs(along[j] - along[j + 1] - gained)
        if not off <= KEPT * (spread[j] + spread[j + 1] + size):
            return False
    return True
