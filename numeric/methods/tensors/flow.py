"""Which method answers for tensors: the counterpart of `numeric.flow.solve`."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from numeric.errors import InputError
from numeric.methods.tensors import library, reading
from numeric.methods.tensors.explicit import TensorExplicitFlow
from numeric.methods.tensors.trajectory import TensorTrajectory
from numeric.methods.tensors.warp import TensorWarpedFlow

METHODS: dict[str, type[TensorExplicitFlow] | type[TensorWarpedFlow]] = {
    "explicit": TensorExplicitFlow,
    "warp": TensorWarpedFlow,
}


def solve(xp: ModuleType, method: str | None, *given: Any, **options: Any) -> TensorTrajectory:
    """The flow of tensors by the method that answers: data on no line are not served.

    Args:
        xp: namespace of a tensor library, `torch` or `jax.numpy`.
        method: one of `METHODS`, if it shall not be chosen.
        given: u0, W0, x and y.
        options: what else `numeric.GradientFlow` is given.

    Raises:
        InputError: for input that is refused, and for a method that does not apply.
    """
    if method not in (None, *METHODS):
        raise InputError("method", repr(method), f"one of {', '.join(METHODS)} for tensors")
    problem = reading.read(library.of(xp), *given, **options)
    has_state = "state" in problem.network.module.CAPABILITIES
    is_explicit = has_state and problem.loss.FACTOR is not None
    if method == "explicit" and not is_explicit:
        found = f"{problem.network.name} with the loss {problem.loss_name}"
        raise InputError("method", found, "the linear network and a square, for 'explicit'")
    chosen = method or ("explicit" if is_explicit else "warp")
    return METHODS[chosen](problem)
