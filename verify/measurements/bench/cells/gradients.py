"""(d) The gradient of a loss curve in all weights and rates."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from numeric import GradientFlow
from verify.measurements.bench.equal_error import error
from verify.measurements.bench.peers import diffrax, equations, is_installed
from verify.measurements.bench.problems import Drawn, Floats, draw, times_of
from verify.measurements.bench.record import Goal, Row
from verify.measurements.bench.setting import Cell, Found, Setting
from verify.measurements.bench.timing import interleaved

NETWORKS, FULL, QUICK, TIMES = ("linear", "cubic", "tanh", "relu"), (1000,), (100,), 50
VALUE, BACKPROPAGATED = "its own value", "backpropagation through diffrax"
OVER_VALUE, OVER_DIFFRAX = 4.0, 1 / 20
RTOL, STEPS = 1e-8, 4096  # of diffrax
NUDGE = 1e-9  # of all weights, from call to call
Gradient = tuple[Any, ...]


def measure(setting: Setting) -> Found:
    """A row for each network and peer."""
    for d in setting.sizes(FULL, QUICK):
        for network in NETWORKS:
            setting.say(f"d: {network}, d = {d}")
            drawn = draw(network, d, setting.seed)
            yield from _network(drawn, times_of(drawn, TIMES), setting)


def _network(drawn: Drawn, times: Floats, setting: Setting) -> Found:
    given = "sum of the losses, in u0, W0 and rates", drawn.network, drawn.u0.size, TIMES
    goals = {VALUE: Goal("ratio", OVER_VALUE), BACKPROPAGATED: Goal("ratio", OVER_DIFFRAX)}
    lacks = lacking(drawn)
    if lacks:
        yield from (Row("d", *given, peer, goal, note=lacks) for peer, goal in goals.items())
        return
    learned = _learned(drawn)
    calls: dict[str, Callable[[], Any]] = {
        "ours": lambda: gradient(next(learned), times), VALUE: lambda: value(next(learned), times),
    }  # fmt: skip
    if setting.peers and is_installed(diffrax.PACKAGE):
        calls[BACKPROPAGATED] = through_diffrax(drawn, times)
    seconds = interleaved(calls, setting.turns)
    for peer in (z for z in goals if z in calls):
        note = ""
        if peer == BACKPROPAGATED:
            both = gradient(drawn, times), calls[peer]()
            one, other = (np.concatenate([np.ravel(z) for z in found]) for found in both)
            note = f"the gradients differ by {error(other, one):.0e} of the largest component"
        yield Row(
            "d", *given, peer, goals[peer], note=note,
            setting=f"rtol {RTOL:.0e}" if peer == BACKPROPAGATED else "",
        ).timed(seconds["ours"], seconds[peer])  # fmt: skip


def _learned(drawn: Drawn) -> Iterator[Drawn]:
    """Networks as learning meets them, each another one: what is kept of one serves no other."""
    for step in itertools.count(1):
        scale = 1 + step * NUDGE
        yield replace(drawn, u0=scale * drawn.u0, w0=scale * drawn.w0)


def lacking(drawn: Drawn) -> str:
    """Why there is no gradient; empty where there is."""
    try:
        value(drawn, np.ones(1))
    except TypeError as error:
        if "xp" not in str(error):
            raise
        return "not there yet: GradientFlow takes no tensors"
    return ""


def _loss(drawn: Drawn, times: Floats, leaves: list[torch.Tensor]) -> torch.Tensor:
    u0, w0, gamma, eta_u, eta_w = leaves
    kind: Any = GradientFlow
    flow = kind(
        u0, w0[:, None], torch.tensor([drawn.x], dtype=torch.float64), drawn.y, network=drawn.network,
        gamma=gamma, eta_u=eta_u, eta_w=eta_w, xp=torch,
    )  # fmt: skip
    total: torch.Tensor = flow.loss(torch.from_numpy(times)).sum()
    return total


def _leaves(drawn: Drawn, learns: bool) -> list[torch.Tensor]:
    given = drawn.u0, drawn.w0, *drawn.rates
    return [torch.tensor(z, dtype=torch.float64, requires_grad=learns) for z in given]


def value(drawn: Drawn, times: Floats) -> float:
    """Ours, without a gradient."""
    with torch.no_grad():
        return float(_loss(drawn, times, _leaves(drawn, learns=False)))


def gradient(drawn: Drawn, times: Floats) -> Gradient:
    """Ours, in u0, w0, γ, η_u and η_w."""
    leaves = _leaves(drawn, learns=True)
    return torch.autograd.grad(_loss(drawn, times, leaves), leaves)


def through_diffrax(drawn: Drawn, times: Floats) -> Callable[[], Gradient]:
    """The same by checkpointed backpropagation through its steps; compiled once."""
    jax, xp = importlib.import_module("jax"), diffrax.library()
    jnp = jax.numpy

    def total(u0: Any, w0: Any, gamma: Any, eta_u: Any, eta_w: Any) -> Any:
        moved = Drawn(drawn.network, u0, w0, drawn.x, drawn.y, gamma, eta_u, eta_w)
        field, output = equations.velocity(moved, xp), equations.output(moved, xp)
        outputs = diffrax.solution(field, output, jnp.asarray(times), RTOL, STEPS)
        return ((outputs(jnp.concatenate([u0, w0])) - drawn.y) ** 2).sum()

    given = [jnp.asarray(z) for z in (drawn.u0, drawn.w0, *drawn.rates)]
    compiled = jax.jit(jax.grad(total, argnums=tuple(range(len(given)))))

    def run() -> Gradient:
        return tuple(np.asarray(z) for z in compiled(*given))

    run()
    return run


CELL = Cell(
    "d", "gradient of a loss curve in all weights and rates",
    "Tensors in, tensors out, the sum of the losses at 50 times, weights that change from call to call. "
    "Beside it its own value without a gradient, and backpropagation through diffrax at a tolerance of "
    f"{RTOL:.0e}, compiled beforehand.",
    measure,
    "where σ has a bend the gradient goes through panels in Python, not through machine code. Of smooth "
    "networks diffrax was timed at a tolerance, and it is by its own compilation that it comes within "
    "ten times of ours; torch's bookkeeping is a third of our gradient.",
)  # fmt: skip
