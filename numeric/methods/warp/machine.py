"""A warped flow in machine code: Taylor series in warped time, and all times inverted in a loop.

It answers what is plain: a square about a target that is reached at a finite warped time, weights of
ordinary size in which nothing cancels, no neuron that passes the saddle closely. For everything else it
says so, and panels answer (`course`, `elapsed`).
"""

from __future__ import annotations

from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric.data.arrays import Floats
from numeric.data.point import DataPoint
from numeric.data.training import TrainingProblem
from numeric.methods.explicit.machine import twin
from numeric.methods.trajectory import times
from numeric.pickling import NamesModules

FEW, MANY = 64, 512  # steps and pieces for which there is room, at first and at the most
WIDE = 256  # neurons, from which on few steps are the most
WIDEST = 1 << 14  # neurons: panels of more take no longer, each is evaluated at fewer places
FURTHEST = 1e3  # preactivation beyond which float64 may lose σ, where it is not homogeneous
ORDINARY = 1e-60, 1e60  # hyperparameters
LONG = 4  # why a flow is not plain: more steps than there is room for


class Machine(NamesModules):
    """A plain flow.

    Attributes:
        sign: direction of motion of the output.
        output: f(0).
        residual: y − f(0).
        t_c: time scale, the residual falls like exp(−4 t/t_c) at the end.
    """

    def __init__(
        self, module: ModuleType, side: Floats, given: Floats, unit: float, bend: float | None
    ) -> None:
        self._module, self._side, self._given, self._unit = module, side, given, unit
        self._bend, self._events = bend, np.empty((0, 0))
        self._all: tuple[Floats, Floats] | None = None  # where some are dead

    @property
    def has_bend(self) -> bool:
        """Whether σ has a bend: then a step of the neurons may be several of the output."""
        return self._bend is not None

    @classmethod
    def of(cls, problem: TrainingProblem, point: DataPoint, unit: float) -> Machine | None:
        """The flow of a problem; None where it is not plain, or nothing is compiled.

        Args:
            problem: what is trained; its loss is a square.
            point: what the data amount to.
            unit: by which the loss is multiplied.
        """
        network, size = problem.network, problem.u0.size
        module = _series(network.module)
        bends = network.module.BENDS
        if module is None or (size > WIDEST and not bends):
            return None
        gamma, eta_u, eta_w = problem.rates
        rate, least, most = 2 * point.weight * unit, *ORDINARY
        scale = abs(gamma)
        if not (
            least < scale < most
            and least < eta_u < most
            and least < eta_w < most
            and least < point.norm_2 < most
            and least < rate < most
        ):
            return None
        with np.errstate(all="ignore"):
            h = problem.W0 @ point.vector
        if not network.ray_degree and not np.abs(h).max() < FURTHEST:
            return None
        given = np.array(network.parameters(gamma, eta_u, eta_w, point.norm_2), dtype=np.float64)
        found = cls(module, np.ones(size), given, unit, float(bends[0]) if bends else None)
        return found if found._solve(*found._that_move(problem.u0, h), point, rate) else None

    def _that_move(self, u: Floats, h: Floats) -> tuple[Floats, Floats]:
        """The neurons of many that are not dead: only these are followed."""
        if self._bend is None or u.size < WIDE:
            return u, h
        moves = np.empty(u.size, np.bool_)
        functions, slots = _addresses(self._module), self._module.SLOTS
        _code().moving(functions, slots, self._bend, self._given, u, h, moves)
        if moves.all():
            return u, h
        self._all, self._moving = (u, h), np.flatnonzero(moves)
        self._side = np.ones(self._moving.size)
        return u[self._moving], h[self._moving]

    def _solve(self, u: Floats, h: Floats, point: DataPoint, rate: float) -> bool:
        """Whether the flow is plain."""
        code, known = _code(), np.empty(_code().KNOWN)
        why = LONG
        for room in (FEW, MANY) if u.size < WIDE else (FEW,):
            rows = room if self._bend is None else room + u.size
            steps, pieces = np.empty((rows + 1, code.STEP)), np.empty((rows + room + 1, code.PIECE))
            states = np.empty((room + 1, 4, u.size))
            states[0, 0], states[0, 1], states[0, 2:] = u, h, 0.0
            of_network = _addresses(self._module), self._module.SLOTS
            flow = self._side, self._given, point.target, rate, known, steps, pieces, states
            if self._bend is None:
                why = code.solve(*of_network, *flow)
            else:
                self._events = np.empty((rows, code.EVENT))
                why = code.solve_bent(*of_network, self._bend, *flow, self._events)
            if why != LONG:
                break
        if why or self._hangs(known, steps, states[0]):
            return False
        self._known, self._steps, self._pieces, self._states = known, steps, pieces, states
        self._point = point
        self.sign, self.output = float(known[code.SIGN]), float(known[code.OUTPUT])
        self.residual, self.t_c = float(known[code.RESIDUAL]), 4 / (rate * float(known[code.DECAY]))
        return True

    def _hangs(self, known: Floats, steps: Floats, begun: Floats) -> bool:
        """Whether rounding decides which way a neuron leaves: panels say so, or that it is at rest."""
        code = _code()
        end = steps[int(known[code.STEPS]) - 1]
        way = known[code.SIGN] * (end[code.X] + end[code.WIDTH] * end[code.PACE])
        address, slots = _addresses(self._module)[0], self._module.SLOTS
        return bool(code.hangs(address, slots, begun[0], begun[1], self._side, self._given, way))

    def loss(self, t: ArrayLike) -> tuple[Floats, int]:
        """The loss at times, NaN where nothing is vouched for, and how often that is."""
        given, point = moments(t), self._point
        found = np.empty(given.shape)
        lost = _code().losses(
            self._known, self._steps, self._pieces, given.reshape(-1), point.floor, point.weight,
            self._unit, found.reshape(-1),
        )  # fmt: skip
        return found, lost

    def outputs(self, t: ArrayLike) -> tuple[Floats, int]:
        """f(m) at times, in the same way."""
        given = moments(t)
        found = np.empty(given.shape)
        lost = _code().outputs(
            self._known, self._steps, self._pieces, given.reshape(-1), self._point.target,
            found.reshape(-1),
        )  # fmt: skip
        return found, lost

    def located(self, t: ArrayLike) -> tuple[Floats, int]:
        """|y − f|, step and place on it at times, as rows; in the same way."""
        given = moments(t)
        found = np.empty((3, given.size))
        lost = _code().locate(self._known, self._steps, self._pieces, given.reshape(-1), found)
        return found.reshape((3, *given.shape)), lost

    def x(self, places: Floats) -> Floats:
        """|s| of places that are rows of what `located` gives."""
        step = places[1].astype(int)
        return np.asarray(
            self._steps[step, _code().X] + places[2] * self._steps[step, _code().PACE]
        )

    def neurons(self, places: Floats, is_change: bool) -> tuple[Floats, Floats]:
        """Weights of all neurons, or their changes, of shape (places, neurons)."""
        u, h = (np.empty((places.shape[1], self._side.size)) for _ in range(2))
        of_network = _addresses(self._module)[0], self._module.SLOTS
        flow, asked = (self._known, self._steps, self._states), (places, is_change, u, h)
        if self._bend is None:
            _code().weights(*of_network, self._side, self._given, *flow, *asked)
        else:
            sides = self._bend, self._side, self._given
            _code().bent_weights(*of_network, *sides, *flow, self._events, *asked)
        if self._all is not None:
            u, h = (
                self._with_dead(0 * z if is_change else z, found)
                for z, found in zip(self._all, (u, h), strict=True)
            )
        return u, h

    def _with_dead(self, begun: Floats, found: Floats) -> Floats:
        """Rows of all neurons, from those of the neurons that move."""
        whole = np.repeat(begun[None], len(found), axis=0)
        whole[:, self._moving] = found
        return whole

    def times(self, sizes: Floats) -> Floats:
        """Times at which |y − f| has fallen to sizes in a row; NaN where that is not known."""
        found = np.empty(sizes.size)
        _code().times_of(self._known, self._steps, self._pieces, np.array(sizes), found)
        return found


def moments(t: ArrayLike) -> Floats:
    """Times as an array that is compiled for; what is no time is for the caller to refuse."""
    if type(t) is float:
        return np.array(t)
    if type(t) is np.ndarray and t.dtype == np.float64:
        return t if t.flags.carray else np.array(t, order="C")
    return np.array(times(t), order="C")


@cache
def _code() -> Any:
    """What is compiled, and where numbers stand: loaded once, where it is needed."""
    from numeric.compiled.taylor import (
        bends,
        bent,
        bent_neurons,
        layout,
        moments,
        neurons,
        repelled,
        steps,
    )

    found = {name: getattr(layout, name) for name in dir(layout) if name.isupper()}
    for module in (moments, neurons, steps):
        found |= {name: z for name, z in vars(module).items() if isinstance(z, type(steps.solve))}
    found |= {
        "solve_bent": bent.solve,
        "bent_weights": bent_neurons.weights,
        "moving": bends.moving,
        "hangs": repelled.hangs,
    }
    return SimpleNamespace(**found)


@cache
def _series(module: ModuleType) -> Any:
    """A network's functions in machine code; None where there are none."""
    found = twin(module)  # of a network of several bends it has no series
    return found if hasattr(found, "series") else None


@cache
def _addresses(module: Any) -> Any:
    """Of a network's functions, in this process."""
    from numeric.compiled.taylor import calling

    law = getattr(module, "conserved", None)  # not of every activation is it elementary
    functions = module.series, module.output, module.kernel
    found = [calling.address(function) for function in functions]
    return np.array([*found, 0 if law is None else calling.address(law)])
