"""Q itself of a Riccati flow with many hidden units: in closed form where they do not turn, else marched.

QQᵀ = Zᵀ Z says Q = Zᵀ U with some U that has orthonormal rows. Where each mode of the start belongs to
one hidden unit, after they are turned once, the units are flows of their own, and U is that turn: so it
is of one unit, of a start of rank one (as one input and one output have), and of aligned starts. Else U
depends on the path. Then Q is integrated, and U is what QQᵀ does not say of it: the orthogonal factor of
the polar decomposition of Z Q.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.errors import InputError
from numeric.methods.riccati.constants import Constants

RELATIVE, ABSOLUTE = 3e-14, 1e-15  # tolerances; absolute in the least hidden unit of the start
STEPS = 100_000


def is_decoupled(constants: Constants) -> bool:
    """Whether every mode that the start has belongs to one hidden unit, after one turn of them."""
    return all(sum(1 for z in row if z) <= 1 for row in constants.parts)


def end(constants: Constants, root: Any) -> list[list[Any]]:
    """The limit of Q of hidden units that do not turn, r × h: ± √f b of growing pivots.

    Args:
        constants: in the numbers' kind.
        root: their square root.
    """
    c = constants
    none = 0 * c.exponents[0]
    found = [[none for _ in c.turn] for _ in c.vectors]
    for j, i in enumerate(c.pivots[: c.growing]):
        side = root(c.exponents[i]) * (1 if c.parts[i][j] > 0 else -1)
        for row, b in zip(found, c.vectors, strict=True):
            for n, turn in enumerate(c.turn):
                row[n] = row[n] + side * b[i] * turn[j]
    return found


def marched(F: Floats, S: Floats, constants: Constants, factors: Floats, times: Floats) -> Floats:
    """Q at times, (n, r, h): QQᵀ is the closed one, the turn of the hidden units is integrated.

    Args:
        F: of the flow.
        S: of the flow.
        constants: in float64.
        factors: Z at the times, (n, k, r).
        times: t ≥ 0, in any order.

    Raises:
        InputError: where the times take more than `STEPS` steps.
    """
    turn = np.array(constants.turn, dtype=np.float64)
    start = np.array(constants.begin) * np.exp(np.array(constants.logs))
    found = np.empty((len(times), *start.shape))
    for k, Q in zip(*_integrated(F, S, start, times), strict=True):
        found[k] = Q
    U, _, V = np.linalg.svd(factors @ found, full_matrices=False)
    return np.asarray(np.swapaxes(factors, -1, -2) @ (U @ V) @ turn.T)


def _integrated(
    F: Floats, S: Floats, start: Floats, times: Floats
) -> tuple[list[int], list[Floats]]:
    """Places of times, and Q there."""
    from scipy.integrate import DOP853  # slow to load

    def velocity(_: float, q: Any) -> Any:
        Q = q.reshape(start.shape)
        return (F @ Q - Q @ (Q.T @ (S @ Q))).ravel()

    order = [int(k) for k in np.argsort(times, kind="stable")]
    early = [k for k in order if times[k] <= 0]
    waiting = [k for k in order if times[k] > 0]
    places, found = list(early), [start for _ in early]
    if not waiting:
        return places, found
    least = float(np.linalg.norm(start, axis=0).min())
    solver = DOP853(
        velocity,
        0.0,
        start.ravel(),
        float(times[waiting[-1]]),
        rtol=RELATIVE,
        atol=ABSOLUTE * least,
    )
    for _ in range(STEPS):
        solver.step()
        if solver.status == "failed":
            break
        here = solver.dense_output()
        while waiting and times[waiting[0]] <= solver.t:
            k = waiting.pop(0)
            places.append(k)
            at_end = times[k] == solver.t
            found.append((solver.y if at_end else here(times[k])).reshape(start.shape))
        if not waiting:
            return places, found
    last = float(times[waiting[-1]])
    found_ = f"hidden units that turn for more than {STEPS} steps until t = {last:g}"
    raise InputError("--weights", found_, f"times up to {solver.t:.3g}")
