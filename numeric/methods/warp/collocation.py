"""A stretch of a trajectory as polynomials: collocation at the Radau points, neuron by neuron.

On a panel [0, w] the solution of θ′ = c v(θ), with a pace c that is given along it, is the polynomial
that starts at θ(0) and obeys the equation at the Radau points (right end included). With 24 of them
smooth solutions are right to rounding; the scheme is L-stable, so a neuron that relaxes quickly to a
slow course costs no more than the slow course. The points are found by fixed-point iteration, and by
Newton's method where that does not contract. Neurons do not know of one another: all are one array,
each converges by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev, legendre
from numpy.typing import NDArray

from numeric.methods.warp.panels import GAUSS, GAUSS_WEIGHTS, Interpolation

Floats = NDArray[np.float64]
Some = slice | NDArray[np.intp]
Field = Callable[[Floats, Some], Floats]  # velocities of states (…, 2, neurons) of some neurons
Sweep = Callable[[Floats, Floats, Floats, Some], Floats]  # states from states, start and table

POINTS, FEW = 24, 10
MANY = 256  # neurons, from which on fewer points are tried first
ROUGHLY = 12  # iterations at fewer points, at most
PICARD, NEWTON = 40, 12  # iterations at most
UNCHECKED = 3  # iterations before it is asked whether they have settled
PATIENCE = 4  # iterations after which a change must be half of what it was
CHUNK = 1 << 11  # neurons at a time: their states at all points fit the cache
STIFF = 512  # neurons that Newton's method may take
SETTLED = 2e-15  # change of an iteration, relative to the coordinate's size on the panel
NEWTON_SETTLED = 1e-13  # before its last step, which squares it
GROWN = 16.0  # times its start, up to which a coordinate's digits are counted from its largest
SHARP = 2e-15  # of the last coefficients: what is left out is smaller still
DIFFERENCE, TINY = 1e-6, 1e-200  # for the slopes of Newton's method, which need not be sharp


def _radau(number: int) -> Floats:
    """The right Radau points on [0, 1]: zeros of P_{s−1} − P_s, increasing, the last one 1."""
    series = np.zeros(number + 1)
    series[-2:] = 1.0, -1.0
    roots = np.sort(legendre.legroots(series).real)
    slope = legendre.legder(series)
    for _ in range(3):
        roots -= legendre.legval(roots, series) / legendre.legval(roots, slope)
    roots[-1] = 1.0
    return np.asarray((roots + 1) / 2)


def _averages(points: Floats) -> Floats:
    """B with ∫_0^{c_j} g = c_j Σ_k B_jk g(c_k): an average of g keeps its digits for any c_j."""
    number = len(points)
    to_series = np.linalg.inv(chebyshev.chebvander(2 * points - 1, number - 1))
    places = points[:, None] * (1 + GAUSS) / 2
    return np.asarray(
        np.einsum("g,jgn->jn", GAUSS_WEIGHTS / 2, chebyshev.chebvander(2 * places - 1, number - 1))
        @ to_series
    )


def _barycentric(nodes: Floats) -> Floats:
    """1/Π_k (x_j − x_k), in units of the first."""
    gaps = np.subtract.outer(nodes, nodes).astype(np.longdouble)
    np.fill_diagonal(gaps, 0.25)  # the capacity of [0, 1]: products stay of ordinary size
    weights = 1 / np.prod(4 * gaps, axis=1)
    return np.asarray(weights / weights[0], dtype=float)


def _derivative(points: Floats) -> Floats:
    """Makes the slopes at the points of the polynomial through values there."""
    weights = _barycentric(points)
    found = (weights / weights[:, None]) / (np.subtract.outer(points, points) + np.eye(len(points)))
    np.fill_diagonal(found, 0.0)
    np.fill_diagonal(found, -found.sum(axis=1))
    return found


RADAU, RADAU_FEW = _radau(POINTS), _radau(FEW)
_A, _A_FEW = (points[:, None] * _averages(points) for points in (RADAU, RADAU_FEW))
_RULES = {len(table): (table, _derivative(z)) for table, z in ((_A, RADAU), (_A_FEW, RADAU_FEW))}
_TO_SERIES = np.linalg.inv(chebyshev.chebvander(2 * np.append(0.0, RADAU) - 1, POINTS))
_AT_RADAU = Interpolation(RADAU, _barycentric(RADAU))
_TO_FEW = _AT_RADAU.rows(RADAU_FEW).astype(float)
_FROM_FEW = RADAU[:, None] * Interpolation(RADAU_FEW, _barycentric(RADAU_FEW)).rows(RADAU)
_FROM_FEW = _FROM_FEW.astype(float)
_AT_START = _AT_RADAU.rows(np.zeros(1)).astype(float)


def _summed(table: Any, values: Floats) -> Floats:
    """Σ_k table_jk values_k, over the first index of both."""
    found: Floats = table @ values.reshape(len(values), -1)
    return found.reshape(-1, *values.shape[1:])


def solve(
    field: Field,
    start: Floats,
    pace: Floats | float,
    least: Floats,
    guess: Floats | None = None,
    sweep: Sweep | None = None,
) -> Floats | None:
    """States at 0 and at the Radau points of a panel, shape (1 + POINTS, 2, neurons).

    Args:
        field: velocities; elementwise in neurons.
        start: shape (2, neurons).
        pace: width of the panel times c, at the Radau points or the same at all.
        least: sizes of coordinates below which digits are counted from there, shape (neurons,).
        guess: states at the Radau points from which the iteration begins, in place of the start.
        sweep: an iteration with the same fixed point as start + table · velocities, if there is one that
            takes less; of states (POINTS, 2, neurons), their start, the table, and which neurons.

    Returns:
        None where no iteration converges: the panel is too wide.
    """
    found = np.empty((1 + POINTS, *start.shape))
    found[0] = start
    table = _A * pace

    def plain(states: Floats, begun: Floats, table: Floats, which: Some) -> Floats:
        return begun + _summed(table, field(states, which))

    with np.errstate(all="ignore"):
        for first in range(0, start.shape[-1], CHUNK):
            part = slice(first, min(first + CHUNK, start.shape[-1]))
            if part.stop - part.start >= MANY:
                begun, unchecked = _coarse(sweep or plain, start[:, part], pace, part), 0
            else:
                begun = np.repeat(start[None, :, part], POINTS, axis=0)
                begun, unchecked = begun if guess is None else guess[..., part], UNCHECKED
            given = begun, start[:, part], table, least[part], part, unchecked
            states = _solve(field, sweep or plain, *given)
            if states is None or not np.all(np.isfinite(states)):
                return None
            found[1:, :, part] = states
    return found


def newton(velocity: Floats, left: Floats) -> Floats:
    """What Newton's method adds to a sweep of one equation z′ = v(z), at the points of a panel.

    With r = z₀ + ∫v(z) − z the step is δ = r + ∫ v′(z) δ. A solution's own velocity obeys the equation
    without r, so that δ = r + v ∫ (v˙/v²) r, with v˙ the slope of v along the panel: no derivative of v
    is needed. Only where it is small beside what it is added to is it of use.

    Args:
        velocity: v at the points.
        left: r.
    """
    integrals, slope = _RULES[len(velocity)]
    return np.asarray(velocity * (integrals @ (slope @ velocity / velocity**2 * left)))


def slopes(states: Floats) -> Floats:
    """(θ(p) − θ(0))/p at the Radau points p of the panel, from what `solve` found.

    θ itself would have the digits of its largest value on the panel, and none where it starts at 0.
    """
    changed = states[1:] - states[0]
    return np.asarray(changed / RADAU.reshape(-1, *(1,) * (changed.ndim - 1)))


def roughness(states: Floats, least: Floats) -> float:
    """The last coefficients in units of what rounding allows them: 1 where polynomials have converged."""
    tail = np.abs(_summed(_TO_SERIES[-2:], states)).max(axis=0)
    with np.errstate(all="ignore"):
        found = tail / (SHARP * _sizes(states[0], states, least))
    return float(np.max(found, where=tail > 0, initial=0.0))


def defect(states: Floats, velocity: Floats, noise: Floats | float, least: Floats) -> float:
    """By what polynomials miss their equation at the start, at the most, of the sizes of coordinates.

    No Radau point is there: it is where a course that settles before the first of them shows, which is
    smooth at all of them.

    Args:
        states: of `solve`.
        velocity: at the start, times the width of the panel and c there.
        noise: of the velocity.
        least: as for `solve`.
    """
    off = np.abs(_summed(_AT_START, slopes(states))[0] - velocity) - noise
    with np.errstate(all="ignore"):
        found = off / _sizes(states[0], states, least)
    return float(np.max(found, where=off > 0, initial=0.0))


def _sizes(start: Floats, states: Floats, least: Floats) -> Floats:
    """What digits of a coordinate are counted from: where it grows, what it is early on.

    Where it grows linearly from next to nothing, that is its slope: the change is what is computed.
    """
    largest, size = np.abs(states).max(axis=0), np.abs(start)
    slope = np.abs(states[-POINTS] - start) / RADAU[0]
    early = np.maximum(GROWN * size, slope)
    return np.asarray(np.maximum(np.where(size > 0, np.minimum(largest, early), largest), least))


def evaluate(slopes: Floats, start: Floats, places: Floats) -> Floats:
    """States at places in [0, 1] of a panel that begins at `start`, shape (places, 2, neurons)."""
    # A product of matrices rounds otherwise than one with a vector: a place alone is asked for twice.
    two = np.repeat(places, 2) if places.size == 1 else places
    basis, total = _AT_RADAU.basis(two)
    return (start + _summed(basis * (two / total)[:, None], slopes))[: places.size]


def evaluate_each(slopes: Floats, start: Floats, places: Floats) -> Floats:
    """States of each neuron at a place of its own, shape (2, neurons)."""
    basis, total = _AT_RADAU.basis(places)
    return np.asarray(start + places / total * np.einsum("np,pcn->cn", basis, slopes))


def _coarse(sweep: Sweep, start: Floats, pace: Floats | float, which: slice) -> Floats:
    """States at the Radau points, by collocation at fewer of them: a guess, which often is right."""
    at_few = pace if np.ndim(pace) == 0 else _TO_FEW @ pace
    table = _A_FEW * at_few
    states = np.repeat(start[None], FEW, axis=0)
    for count in range(ROUGHLY):
        before, states = states, sweep(states, start, table, which)
        if count < UNCHECKED:
            continue
        change = np.abs(states - before).max(axis=0)
        if not np.any(change > SETTLED * np.abs(states).max(axis=0)):
            break
    slopes = (states - start) / RADAU_FEW[:, None, None]
    return start + _summed(_FROM_FEW, slopes)


def _solve(
    field: Field,
    sweep: Sweep,
    states: Floats,
    start: Floats,
    table: Floats,
    least: Floats,
    which: slice,
    unchecked: int,
) -> Floats | None:
    """Fixed-point iteration; Newton's method for neurons that it does not settle."""
    for _ in range(unchecked):
        states = sweep(states, start, table, which)
    open_ = np.arange(start.shape[-1])  # neurons that are not settled
    before = np.full(open_.size, np.inf)
    for count in range(unchecked, PICARD):
        is_all = open_.size == start.shape[-1]
        now, begun = (states, start) if is_all else (states[..., open_], start[:, open_])
        following = sweep(now, begun, table, which if is_all else open_ + which.start)
        change = np.abs(following - now).max(axis=0)
        size = _sizes(begun, following, least if is_all else least[open_])
        left = np.where(change <= SETTLED * size, 0.0, change / size).max(axis=0)
        if is_all:
            states = following
        else:
            states[..., open_] = following
        if not left.any():
            return states
        if count % PATIENCE == PATIENCE - 1:
            if not np.all((left < 0.5 * before) | (left == 0)):  # or not a number
                break
            moving = left > 0
            open_, left = open_[moving], left[moving]
            before = left
    slow = open_[~(left == 0)]
    if slow.size > STIFF or not np.all(np.isfinite(left)):
        return None
    newton = _by_newton(field, start[:, slow], table, least[slow], slow + which.start)
    if newton is not None:
        states[..., slow] = newton
    return states if newton is not None else None


def _by_newton(
    field: Field, start: Floats, table: Floats, least: Floats, which: NDArray[np.intp]
) -> Floats | None:
    """Newton's method from the start, two coordinates at all points each."""
    states, number = np.repeat(start[None], POINTS, axis=0), start.shape[-1]
    before = np.inf
    for count in range(NEWTON):
        jacobian = _jacobian(field, states, which)
        rest = start + _summed(table, field(states, which)) - states
        matrix = -np.einsum("jk,kabn->njakb", table, jacobian)
        matrix = matrix.reshape(number, 2 * POINTS, 2 * POINTS) + np.eye(2 * POINTS)
        if not (np.all(np.isfinite(matrix)) and np.all(np.isfinite(rest))):
            return None
        try:
            step = np.linalg.solve(matrix, rest.transpose(2, 0, 1).reshape(number, -1, 1))
        except np.linalg.LinAlgError:
            return None
        step = step.reshape(number, POINTS, 2).transpose(1, 2, 0)
        states = states + step
        left = float(np.max(np.abs(step).max(axis=0) / _sizes(start, states, least)))
        if left <= NEWTON_SETTLED:
            return states
        if count >= PATIENCE and not left < 0.5 * before:
            return None
        before = left
    return None


def _jacobian(field: Field, states: Floats, which: NDArray[np.intp]) -> Floats:
    """∂v_a/∂θ_b by differences, shape (points, a, b, neurons)."""
    columns = []
    for b in (0, 1):
        shift = np.zeros_like(states)
        shift[:, b] = DIFFERENCE * (np.abs(states[:, b]) + TINY)
        ahead, behind = field(states + shift, which), field(states - shift, which)
        columns.append((ahead - behind) / (2 * shift[:, None, b]))
    return np.stack(columns, axis=2)
