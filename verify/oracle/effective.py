"""What a data set is worth, by definition: a point for squares, a loss of one output for any other.

Along a line a e the output at an input is a^β times that at the unit vector e, so that the loss over the
set is one number's: of the output at e, or, for equal inputs and for one input, of the output there.
"""

from __future__ import annotations

import numpy as np
import torch

from verify import losses
from verify.networks import degree, power
from verify.oracle.problem import Floats, Problem

FURTHEST = 1e300  # output beyond which there is no minimum
AT_A_TIME = 65
FADED = 1e-12  # of the slope at the start
NEXT_TO_IT = 2.0**-38  # of places and targets: above their spacing, below what a slope fades in


def direction(problem: Problem) -> Floats:
    """Unit vector along the data; zero for data at the origin.

    Along a line its sign is such that the first nonzero component is positive; where only one side of the
    line can be reduced to a point, it points to that side, and where there is but one input, to that.
    """
    rows = [row for row in problem.X if row.any()]
    if not rows:
        return np.zeros(problem.X.shape[1])
    e = rows[0] / np.linalg.norm(rows[0])
    return (
        e
        if len(problem.X) == 1 or not power(problem.network)
        else e * np.sign(e[np.flatnonzero(e)[0]])
    )


def effective_point(problem: Problem) -> tuple[Floats, float]:
    """The point (x, y) that the data are worth under a square, as in Proposition 1, by its definition.

    For σ of degree β, with data a e: M = mean a^2β, x = M^(1/2β) e, y = mean a^β ỹ / √M.

    Raises:
        ValueError: for data that are not worth a point: of a σ without a degree other than one
            input, of a σ that is homogeneous for c > 0 only other than a ray.
    """
    beta = degree(problem.network)
    if beta is None:
        if np.ptp(problem.X, axis=0).any():
            raise ValueError(f"{problem.name}: {problem.network} needs all data at one input")
        return problem.X[0], float(np.mean(problem.targets))
    e = direction(problem)
    a = problem.X @ e
    if power(problem.network) is None and (a < 0).any():
        raise ValueError(f"{problem.name}: {problem.network} needs all data on one ray")
    root_mean = np.sqrt(np.mean(a ** (2 * beta)))
    target = np.mean(a**beta * problem.targets) / root_mean if root_mean > 0 else 0.0
    return root_mean ** (1 / beta) * e, float(target)


def place(problem: Problem) -> Floats:
    """The input at which the output is measured."""
    if losses.is_square(problem.loss):
        return effective_point(problem)[0]
    if len(problem.X) == 1 or degree(problem.network) is None:
        return problem.X[0]
    return direction(problem)


def minimum(problem: Problem, output: float) -> float:
    """The output at `place` with the least loss, ahead of `output` on the way down; ±∞ where it is there.

    Under a square it is the target, else it is bisected by the sign of the slope, which autograd has.
    """
    if losses.is_square(problem.loss):
        return effective_point(problem)[1]
    first = float(_slopes(problem, np.array([output]))[0])
    sign = -float(np.sign(first))
    if sign == 0:
        return output
    with np.errstate(over="ignore"):
        steps = max(1.0, abs(output)) * 4.0 ** np.arange(500)
        steps = steps[np.abs(output + sign * steps) < FURTHEST]
    near, far = output, sign * np.inf
    for step in steps.reshape(-1, 1):
        if sign * _slopes(problem, output + sign * step)[0] >= 0:
            far = float(output + sign * step[0])
            break
        near = float(output + sign * step[0])
    if not np.isfinite(far):
        return far
    found = _bisected(problem, sign, near, far)
    return float(sign * np.inf) if _has_faded(problem, first, output, found) else found


def _has_faded(problem: Problem, first: float, output: float, found: float) -> bool:
    """Whether there is no slope in floats from a place on because it fades away beyond.

    One that jumps to 0 does not fade before; one that is led to 0 where a valley is flat doubles with the
    distance, next to the place, where one that fades does not change.
    """
    before, beyond = _slopes(problem, np.array([np.nextafter(found, output), 2 * found - output]))
    powers = _powers(problem)
    goals = np.abs(problem.targets[powers != 0] / powers[powers != 0])
    apart = np.copysign(NEXT_TO_IT * max(abs(found), goals.max()), output - found)
    near, far = np.abs(_slopes(problem, found + apart * np.array([1.0, 2.0])))
    return bool(beyond == 0 and abs(before) < FADED * abs(first) and not far > 1.5 * near)


def _bisected(problem: Problem, sign: float, near: float, far: float) -> float:
    """Where the slope ceases to lead on, many places at a time, as near as floats are."""
    while True:
        places = np.unique(near + (far - near) * np.linspace(0, 1, AT_A_TIME))[:: int(sign)]
        inner = places[(places != near) & (places != far)]
        if not inner.size:
            return far
        leads = sign * _slopes(problem, inner) < 0
        beyond = int(np.argmin(leads)) if not leads.all() else inner.size
        near, far = ([near, *inner, far][beyond + k] for k in (0, 1))


def _slopes(problem: Problem, outputs: Floats) -> Floats:
    """Of the loss over the data, by the output at `place`, at several outputs there."""
    powers = _powers(problem)
    places, targets = np.outer(outputs, powers), np.tile(problem.targets, (len(outputs), 1))
    slopes = losses.derivatives(problem.loss, torch.tensor(places), torch.tensor(targets))[0]
    with np.errstate(all="ignore"):
        return np.asarray(slopes.numpy() @ powers)


def _powers(problem: Problem) -> Floats:
    """a^β of every input: by what its output is more than that at `place`."""
    if len(problem.X) == 1:
        return np.ones(1)
    return np.asarray((problem.X @ direction(problem)) ** (degree(problem.network) or 0))
