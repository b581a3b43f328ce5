"""What is trained, as tensors: the counterpart of `numeric.data.training`.

Shapes are checked always. Values are checked where they can be read; while `vmap`, `compile` or `jit`
trace a program they cannot, and there what would be refused makes every answer NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from numeric import catalogue
from numeric.catalogue import Network
from numeric.data import training
from numeric.data.training import REDUCTIONS, Training, TrainingProblem
from numeric.errors import InputError
from numeric.methods.tensors.library import Library

RATES = ("gamma", "eta_u", "eta_w")
ALLOWED: dict[str, Callable[[Any], Any]] = {  # targets that a loss has a meaning for
    "-1 or 1": lambda y: (y == 1) | (y == -1),
    "from 0 to 1": lambda y: (y >= 0) & (y <= 1),
}
# Loaded beforehand: `torch.compile` does not look into an import by name.
NETWORKS = {name: catalogue.load(name) for name in catalogue.names()}
LOSSES = {name: catalogue.load_loss(name) for name in catalogue.losses()}


@dataclass(frozen=True, kw_only=True)
class TensorProblem(Training):
    """Gradient flow of one network on its data, in tensors of one type on one device.

    Attributes:
        library: the tensor library.
        network: evaluators of the network.
        u0, W0: initial weights, shapes (d,), (d, d0).
        X, targets: inputs (n, d0) and targets (n,); one row for a point.
        is_set: whether a data set was given, or a point.
        loss: module of the loss ℓ.
        reduction: L is the "mean" or the "sum" of ℓ over the data.
        gamma, eta_u, eta_w: output scale and learning rates, without dimension.
        line_tolerance: how far off one line data may be that are taken to lie on it.
        seen: the same as numpy holds it, in float64; None where values cannot be read.
    """

    library: Library
    network: Network
    u0: Any
    W0: Any
    X: Any
    targets: Any
    is_set: bool
    loss: ModuleType
    reduction: str
    gamma: Any
    eta_u: Any
    eta_w: Any
    line_tolerance: float
    seen: TrainingProblem | None

    @property
    def xp(self) -> Any:
        """The library's namespace."""
        return self.library.xp


def read(
    library: Library,
    u0: Any,
    W0: Any,
    x: Any,
    y: Any,
    *,
    network: str | Network,
    loss: str | ModuleType,
    reduction: str,
    gamma: Any,
    eta_u: Any,
    eta_w: Any,
    line_tolerance: float,
) -> TensorProblem:
    """What `numeric.GradientFlow` is given, as tensors, checked.

    Raises:
        InputError: on shapes that disagree, names that do not exist, and values that are refused.
    """
    if reduction not in REDUCTIONS:
        raise InputError("reduction", repr(reduction), "'mean' or 'sum'")
    given = {"u0": u0, "W0": W0, "x": x, "y": y, "gamma": gamma, "eta_u": eta_u, "eta_w": eta_w}
    try:
        made = library.placed(given, ("u0", "W0"))
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError("weights, data and rates", str(error), "numbers in arrays") from None
    u, W = _weights(made["u0"], made["W0"])
    X, targets, is_set = _data(made["x"], made["y"], W.shape[1])
    rates = {name: _scalar(name, made[name]) for name in RATES}
    module = _loss(loss) if isinstance(loss, str) else loss
    checked = {"u0": u, "W0": W, "x": X, "y": targets, **rates}
    options: dict[str, Any] = {
        "network": _network(network) if isinstance(network, str) else network,
        "loss": module, "reduction": reduction, "line_tolerance": line_tolerance,
    }  # fmt: skip
    seen = _seen(library, checked, is_set, options)
    if not isinstance(seen, TrainingProblem):
        rates["gamma"] = _guarded(library, checked, module)
        if seen is not None:
            raise seen
    return TensorProblem(
        library=library,
        u0=u,
        W0=W,
        X=X,
        targets=targets,
        is_set=is_set,
        seen=seen,
        **options,
        **rates,
    )


def _seen(
    library: Library, given: dict[str, Any], is_set: bool, options: dict[str, Any]
) -> TrainingProblem | InputError | None:
    """The problem as numpy holds it, or why it is refused; None where a value cannot be read."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        found = library.to_numpy(value)
        if found is None:
            return None
        values[name] = found
    if not is_set:
        values["x"], values["y"] = values["x"][0], values["y"][0]
    values |= {name: float(values[name]) for name in RATES}
    try:
        return training.read(**values, **options)
    except InputError as error:
        return error


def _network(name: str) -> Network:
    return NETWORKS[name] if name in NETWORKS else NETWORKS.setdefault(name, catalogue.load(name))


def _loss(name: str) -> ModuleType:
    return LOSSES[name] if name in LOSSES else catalogue.load_loss(name)


def _weights(u: Any, W: Any) -> tuple[Any, Any]:
    if u.ndim == 2 and 1 in u.shape:
        u = u.reshape(-1)
    if u.ndim != 1 or not u.shape[0]:
        raise InputError("u0", f"shape {tuple(u.shape)}", "(d,), (1, d) or (d, 1)")
    if W.ndim != 2 or W.shape[0] != u.shape[0] or not W.shape[1]:
        expected = f"({u.shape[0]}, d0), one row per entry of u0"
        raise InputError("W0", f"shape {tuple(W.shape)}", expected)
    return u, W


def _data(x: Any, y: Any, inputs: int) -> tuple[Any, Any, bool]:
    """Inputs as rows, targets (n,), and whether they are a set, as `numeric.data.shapes.data` has it."""
    size = int(np.prod(y.shape))
    if y.ndim == 0 or (size == 1 and x.ndim == 1):
        if tuple(x.shape) not in ((inputs,), (1, inputs)):
            raise InputError("x", f"shape {tuple(x.shape)}", f"({inputs},), as W0 has columns")
        return x.reshape(1, inputs), y.reshape(1), False
    if x.ndim == 1 and inputs == 1:
        x = x[:, None]
    if y.ndim > 2 or (y.ndim == 2 and y.shape[1] != 1) or tuple(x.shape) != (size, inputs):
        found = f"shapes {tuple(x.shape)} and {tuple(y.shape)}"
        raise InputError("X, y", found, f"(n, {inputs}) and (n,) or (n, 1)")
    return x, y.reshape(-1), True


def _scalar(name: str, value: Any) -> Any:
    if value.ndim and tuple(value.shape) != (1,):
        raise InputError(name, f"shape {tuple(value.shape)}", "a number")
    return value.reshape(())


def _guarded(library: Library, given: dict[str, Any], module: ModuleType) -> Any:
    """γ, where all values are usable; else they are refused, or, where nothing can be read, NaN."""
    xp, gamma = library.xp, given["gamma"]
    conditions = [
        (name, xp.isfinite(z), "a value that is not finite", "finite numbers")
        for name, z in given.items()
    ]
    for name in RATES[1:]:
        conditions.append((name, given[name] > 0, "no positive number", "a positive learning rate"))
    y, name = given["y"], module.__name__.rpartition(".")[2]
    if module.TARGETS in ALLOWED:
        expected = f"targets {module.TARGETS} of the loss {name}"
        conditions.append(("y", ALLOWED[module.TARGETS](y), "another target", expected))
    for name, each, found, expected in conditions:
        condition = xp.all(each)
        decided = library.decided(condition)
        if decided is False:
            raise InputError(name, found, expected)
        if decided is None:
            gamma = xp.where(condition, gamma, xp.nan)
    return gamma
