"""Gradients of residual, output and loss of a plain flow, in machine code: none of its panels are made.

What answers at times feel of the output on the way is found on the steps that the flow was solved by
(`numeric.compiled.taylor.weighing`), and goes back through the neurons' series to their starts
(`costates`). Where it does not vouch for a gradient there is none here, and `pull` finds it on panels.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.methods.warp.adjoint.gradients import Cotangents, Gradients
from numeric.methods.warp.floats import WarpedFlow


def answers(flow: WarpedFlow, t: Floats) -> Floats | None:
    """Residual f − f*, output and loss at times in a row; None where they are not vouched for."""
    machine = flow._machine
    if machine is None:
        return None
    found, point = np.empty((3, t.size)), flow.point
    lost = _code().answers(
        machine._known, machine._steps, machine._pieces, t, point.target, point.floor, point.weight,
        flow._unit, found,
    )  # fmt: skip
    return None if lost else found


def pull(
    flow: WarpedFlow, scales: Floats, targets: Floats, t: Floats, given: Cotangents
) -> Gradients | None:
    """Cotangents of what was given, from those of answers at times; None where nothing vouches for them.

    Args:
        flow: solved.
        scales: of the data, as the loss over them has it.
        targets: the same.
        t: times in a row.
        given: cotangents; those of weights are not served.
    """
    machine = flow._machine
    curvature = None if machine is None or given.u is not None else _curvature(machine._module)
    if machine is None or curvature is None or machine.has_bend:  # its steps are not the neurons'
        return None
    code, rows = _code(), np.stack((given.residual, given.output, given.loss))
    weights = np.empty((len(machine._steps), code.TERMS))
    numbers, by_t = np.empty(code.NUMBERS), np.empty(t.size)
    data = np.array((flow.point.weight, flow._unit))
    if code.weigh(
        machine._known, machine._steps, machine._pieces, t, data, rows, weights, numbers, by_t
    ):
        return None
    by_u, by_h = (np.empty(machine._side.size) for _ in range(2))
    by_rates = np.empty(2)
    address, slots = _addresses(machine._module)
    if not code.pull(
        *address, slots, machine._side, machine._given, machine._known, machine._steps,
        machine._states, weights, by_u, by_h, by_rates,
    ):  # fmt: skip
        return None
    found = _gathered(flow, code, (by_u, by_h, by_rates), numbers, (scales, targets), by_t)
    return found if all(np.isfinite(z).all() for z in found) else None


def _gathered(
    flow: WarpedFlow,
    code: Any,
    neurons: tuple[Floats, Floats, Floats],
    numbers: Floats,
    data: tuple[Floats, Floats],
    by_t: Floats,
) -> Gradients:
    """Velocities are γ η_u and γ η_w ρ² times what has no rates, and the output γ times such."""
    by_u, by_h, by_rates = neurons
    of_u, of_h = by_rates.tolist()
    gamma, eta_u, eta_w, rho_2 = flow._rates
    return Gradients(
        by_u,
        by_h,
        of_h / rho_2,
        *_of_data(flow, code, numbers, *data),
        (float(numbers[code.SCALE]) + of_u + of_h) / gamma,
        of_u / eta_u,
        of_h / eta_w,
        by_t,
    )


def _of_data(
    flow: WarpedFlow, code: Any, numbers: Floats, scales: Floats, targets: Floats
) -> tuple[Floats, Floats]:
    """Of scales c and targets: M = ⟨c²⟩, y M = ⟨c y⟩, and floor = ⟨r²⟩, r = y − c y*, least in y*."""
    point, share = flow.point, 1 / scales.size
    rest, by_y = targets - scales * point.target, float(numbers[code.TARGET]) / point.weight
    by_rest = 2 * float(numbers[code.FLOOR]) * rest
    by_scale = 2 * float(numbers[code.WEIGHT]) * scales - by_rest * point.target
    by_scale += by_y * (rest - scales * point.target)
    return share * by_scale, share * (by_rest + by_y * scales)


@cache
def _code() -> Any:
    """What is compiled, and where numbers stand: loaded once, where it is needed."""
    from numeric.compiled.taylor import costates, layout, moments, weighing

    names = ("TARGET", "WEIGHT", "FLOOR", "SCALE", "NUMBERS")
    return SimpleNamespace(
        answers=moments.answers,
        weigh=weighing.weigh,
        pull=costates.pull,
        TERMS=layout.TERMS,
        **{name: getattr(weighing, name) for name in names},
    )


@cache
def _curvature(module: Any) -> ModuleType | None:
    """A network's second derivatives in machine code; None where there are none."""
    name = f"{module.__name__}_curvature"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


@cache
def _addresses(module: Any) -> tuple[tuple[int, int], int]:
    """Of series and curvature in this process, and the scratch that they take."""
    from numeric.compiled.taylor import calling

    curvature: Any = _curvature(module)
    found = calling.address(module.series), calling.address(curvature.curvature)
    return found, max(module.SLOTS, curvature.SLOTS)
