"""Descent extrapolated to step zero: observables one by one, each with an estimate of its error."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from verify.oracle import descent, measure
from verify.oracle.problem import Floats, Problem, batch

STEPS_ADD_UP = 1e-14  # roundings of a thousand steps, relative
Observed = dict[str, tuple[Floats, Floats]]
Extrapolation = Callable[[Sequence[Floats]], tuple[Floats, Floats]]


def extrapolated(
    problems: Sequence[Problem],
    times: NDArray[np.float64],
    steps: int,
    levels: int,
    extrapolate: Extrapolation,
) -> tuple[list[Observed], list[list[tuple[Floats, Floats]]]]:
    """Observables at the given times, Richardson-extrapolated one by one."""
    tensors, total = batch(problems), torch.tensor(times)
    runs: list[list[tuple[Floats, Floats]]] = [[] for _ in problems]
    for u, W in descent.halvings(tensors, total, steps, levels):
        for index, problem in enumerate(problems):
            runs[index].append(own(problem, u[index], W[index]))
    observed = []
    for problem, here in zip(problems, runs, strict=True):
        rows = [measure.observe(problem, u, W) for u, W in here]
        # Where long steps diverge the least loss may be at infinity: then there is no residual.
        known = [name for name in rows[0] if all(name in row for row in rows)]
        found = {name: extrapolate([row[name] for row in rows]) for name in known}
        found |= _without_kinks(problem, found)
        observed.append(_no_accident(found, rows, weights_error(found["u"], found["W"])))
    return observed, runs


def weights_error(u: tuple[Floats, Floats], W: tuple[Floats, Floats]) -> float:
    """Error of extrapolated weights, relative to their size."""
    size = max(float(np.abs(z).max()) for z, _ in (u, W))
    return max(float(error.max()) for _, error in (u, W)) / size if size else 0.0


def _without_kinks(problem: Problem, found: Observed) -> Observed:
    """Norms, distances and alignment, of the extrapolated weights.

    Where a layer passes close to zero they have a kink, and follow no power series in the step.
    """
    (u, error_u), (W, error_W) = found["u"], found["W"]
    by_u, by_W = float(np.linalg.norm(error_u)), float(np.linalg.norm(error_W))
    values = measure.observe(problem, u, W)
    with np.errstate(all="ignore"):
        turned = np.asarray(by_u / values["norm_u"] + by_W / values["norm_omega"])
    errors = {
        "norm_u": by_u, "norm_omega": by_W, "norm_W": by_W, "alignment": turned,
        "distance_u": by_u + STEPS_ADD_UP * float(values["norm_u"]),
        "distance_W": by_W + STEPS_ADD_UP * float(values["norm_W"]),
    }  # fmt: skip
    return {
        name: (values[name], np.asarray(error)) for name, error in errors.items() if name in values
    }


def _no_accident(found: Observed, rows: Sequence[dict[str, Floats]], relative: float) -> Observed:
    """No observable is known better than the weights: where its error is smaller, that is by accident.

    An error is a difference of two extrapolations, and the difference of one number may vanish.
    """
    # A change of the kernel is measured as a difference of kernels.
    offsets = {"kernel_change": 1.0}
    found_better = {}
    for name, (value, error) in found.items():
        offset = offsets.get(name, 0.0)
        size = offset + float(np.max([np.abs(row[name]) for row in rows]))
        floor = relative * size + STEPS_ADD_UP * offset
        found_better[name] = value, np.maximum(error, floor)
    return found_better


def own(problem: Problem, u: torch.Tensor, W: torch.Tensor) -> tuple[Floats, Floats]:
    """The weights of a problem without the padding of its batch."""
    d, d0 = problem.W0.shape
    return u[:d].numpy(), W[:d, :d0].numpy()


def richardson(values: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Limit of values at halved steps, and its error."""
    limit, error = descent.richardson([torch.tensor(np.asarray(value)) for value in values])
    return limit.numpy(), error.numpy()


def cautious(values: Sequence[Floats]) -> tuple[Floats, Floats]:
    """The same with the error of the extrapolation that lacks the finest run, if that is larger.

    Where steps are long, as on the way to the end, a difference may be small by accident.
    """
    limit, error = richardson(values)
    return limit, np.maximum(error, np.abs(limit - richardson(values[:-1])[0]))
