"""The user's object: initial weights and data in, trajectories and observables at any time out.

flow = GradientFlow(u0, W0, x, y, network="tanh", loss="logistic", gamma=1.0, eta_u=0.1, eta_w=0.1)
flow.method, flow.loss([0, 1, 10]), flow.alignment(np.inf), flow.W(1.0), flow.predict(X, 5.0)

flow = GradientFlow(weights={"B": B0, "A": A0}, frozen={"W": W0}, x=X, y=Y, network="lora", rates=0.1)
flow.loss([0, 1, 10]), flow.weights(1.0)["A"], flow.laws(5.0)
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, Self, cast

import numpy as np
from numpy.typing import ArrayLike

from numeric.catalogue import Network
from numeric.data import line, many, training
from numeric.data.training import TrainingProblem
from numeric.errors import InputError
from numeric.methods.declared.flow import DeclaredFlow
from numeric.methods.explicit.floats import ExplicitFlow
from numeric.methods.many.flows import GradientFlows
from numeric.methods.march.floats import MarchedFlow
from numeric.methods.trajectory import Trajectory
from numeric.methods.warp.floats import WarpedFlow

METHODS: dict[str, type[ExplicitFlow] | type[WarpedFlow] | type[MarchedFlow]] = {
    kind.method: kind for kind in (ExplicitFlow, WarpedFlow, MarchedFlow)
}


class GradientFlow(Trajectory):
    """Gradient flow dθ/dt = −η_θ ∂L/∂θ of a two-layer network f(x) = γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ xⱼ).

    L is the mean or the sum of a convex loss ℓ(f(x), y) over the data. The strongest method answers that
    the network, the loss and the data allow, and `method` says which:

    * "explicit": s(t) is a formula (the linear network under a square, data on a line);
    * "warp": neurons follow their own fields in warped time, t(s) is a quadrature (every network and
      loss, data on a line or ray; equal inputs where σ is not homogeneous);
    * "march": the raw equations are integrated (all other data); `why` says why.

    All observables are methods of the object whatever the method; see `numeric.methods.trajectory`, and
    for their accuracy the class of each method.

    With `weights` instead of u0 and W0 the network is a declared one, with layers of any names: the
    object is then a `numeric.methods.declared.flow.DeclaredFlow`, which takes `rates`, `frozen`, x, y,
    `loss`, `reduction` and `reduced` as it says there.

    A W0 of three dimensions holds many networks, (B, d, d0): the object is then
    `numeric.methods.many.flows.GradientFlows`, whose observables have a leading axis of networks, and of
    which `flows[i]` is the flow of one.

    Args:
        u0: initial second layer, shape (d,); a row (1, d) or column is taken, too. Of many: (B, d).
        W0: initial first layer, shape (d, d0). Of many networks side by side: (B, d, d0).
        x: one input, shape (d0,), or a data set, shape (n, d0). Many networks have them in common, or
            their own: (B, d0), or (B, n, d0).
        y: its target, or the targets of the set, shape (n,) or (n, 1). Of many: a number or (n,) in
            common, or (B,), or (B, n), of their own.
        network: its name, e.g. "linear", "tanh", "power5", or evaluators of one's own.
        loss: its name, e.g. "square", "half_square", "logistic", "huber", or a module like theirs; None
            for "square", or for what a declared network is declared for.
        reduction: of a data set, "mean" or "sum".
        gamma: output scale γ; of many networks a number or (B,), as the next two.
        eta_u: learning rate of u, positive.
        eta_w: learning rate of W, positive.
        line_tolerance: how far off one line a data set may be, relative to its size, that is taken to lie
            on it. Data rounded to float32 may be off by that rounding, too; `point.deviation` tells how
            far they are.
        method: one of the three, if it shall not be chosen; of a declared network, too, or "riccati".
        copy: whether the weights are copied, so that they may be changed later. With False contiguous
            float64 arrays are held as they are, and must not change while the flow lives; an array that
            is mapped from a file read-only never is copied. A flow of wide layers takes about one read
            of them then, and no memory of its own. Many networks and tensors are copied.
        weights: initial weights of a declared network, arrays by name.
        rates: its learning rates by name, or one for all.
        frozen: its untrained weights by name.
        reduced: whether it is integrated in fewer dimensions; None for where there are fewer.
        xp: `torch` or `jax.numpy`, for a flow of that library's tensors, on their device and in their
            type, which is differentiated by weights, data, γ, rates and t
            (`numeric.methods.tensors.trajectory`); data on no line are not served. None for numpy, into
            which tensors are turned else.

    Raises:
        InputError: on shapes that disagree, values that are not finite, rates that are not positive,
            unknown names, targets that the loss has no meaning for, and a method that does not apply.
        InternalCheckError: for an answer that violates what is proved of it.
    """

    def __new__(
        cls,
        u0: ArrayLike | None = None,
        W0: ArrayLike | None = None,
        x: Any = None,
        y: Any = None,
        *,
        network: str | Network | ModuleType = "linear",
        loss: str | ModuleType | None = None,
        reduction: str = "mean",
        gamma: ArrayLike = 1.0,
        eta_u: ArrayLike = 1.0,
        eta_w: ArrayLike = 1.0,
        line_tolerance: float = line.LINE_TOLERANCE,
        method: str | None = None,
        xp: Any = None,
        widths: ArrayLike | None = None,
        shared: bool | None = None,
        copy: bool = True,
        weights: Mapping[str, Any] | None = None,
        rates: Any = None,
        frozen: Mapping[str, Any] | None = None,
        reduced: bool | None = None,
    ) -> Self:
        """The flow, by the method that answers."""
        two_layers: dict[str, Any] = {
            "u0": u0, "W0": W0, "xp": xp, "widths": widths, "shared": shared,
        }  # fmt: skip
        if weights is not None:
            for name, value in (("gamma", gamma), ("eta_u", eta_u), ("eta_w", eta_w)):
                two_layers[name] = None if np.ndim(value) == 0 and value == 1.0 else value
            _require_none(two_layers, "a network of u0 and W0")
            if not isinstance(network, str | ModuleType):
                raise InputError("network", repr(network)[:60], "a name or a generated module")
            return cast(
                Self,
                DeclaredFlow(
                    weights, x, y, network=network, loss=loss, reduction=reduction, frozen=frozen,
                    rates=1.0 if rates is None else rates, reduced=reduced, method=method,
                ),
            )  # fmt: skip
        declared = {"rates": rates, "frozen": frozen, "reduced": reduced}
        _require_none(declared, "weights=… of a declared network")
        missing = [name for name, z in (("u0", u0), ("W0", W0), ("x", x), ("y", y)) if z is None]
        if u0 is None or W0 is None or missing:
            raise TypeError(f"GradientFlow lacks {', '.join(missing)}, or weights=…")
        given: dict[str, Any] = {
            "network": network,
            "loss": "square" if loss is None else loss,
            "reduction": reduction,
            "gamma": gamma,
            "eta_u": eta_u,
            "eta_w": eta_w,
            "line_tolerance": line_tolerance,
        }
        is_numpy = xp is None or xp is np
        if not copy and (not is_numpy or many.are_many(W0)):
            raise InputError("copy", False, "True, for many networks and for tensors")
        if many.are_many(W0):
            return cast(Self, _side_by_side(xp, method, u0, W0, x, y, widths, shared, given))
        if widths is not None or shared is not None:
            name = "shared" if widths is None else "widths"
            raise InputError(name, "a value", "none: it is for W0 of shape (B, d, d0)")
        if not is_numpy:
            from numeric.methods.tensors.flow import solve as solve_tensors

            return cast(Self, solve_tensors(xp, method, u0, W0, x, y, **given))
        return cast(Self, solve(training.read(u0, W0, x, y, copy=copy, **given), method))


def _require_none(given: Mapping[str, Any], what: str) -> None:
    """Refuse arguments that are for other networks."""
    for name, value in given.items():
        if value is not None:
            raise InputError(name, "a value", f"none: it is for {what}")


def _side_by_side(
    xp: Any,
    method: str | None,
    u0: ArrayLike,
    W0: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    widths: ArrayLike | None,
    shared: bool | None,
    given: dict[str, Any],
) -> GradientFlows:
    """The flows of many networks."""
    if xp is not None and xp is not np:
        expected = "torch.func.vmap or jax.vmap over flows of one network, W0 of shape (d, d0)"
        raise InputError("W0", "many networks of tensors", expected)
    _require_method(method)
    problems = many.read(u0, W0, x, y, widths=widths, shared=shared, **given)
    return GradientFlows(problems, method, METHODS, solve)


# Not those of tensors: of what is an instance, torch.compile calls __init__ once more.
for kind in METHODS.values():
    GradientFlow.register(kind)
GradientFlow.register(GradientFlows)
GradientFlow.register(DeclaredFlow)


def solve(problem: TrainingProblem, method: str | None = None) -> Trajectory:
    """The flow of a problem by the strongest method that applies, or by the one that is named.

    Raises:
        InputError: for a method that does not exist or does not apply.
    """
    _require_method(method)
    reasons: list[str] = []
    for name, kind in METHODS.items():
        if method not in (None, name):
            continue
        lacks = kind.lacks(problem)
        if lacks is None:
            try:
                flow = kind(problem)
            except line.OffLineError as error:
                if method is not None:
                    raise
                lacks = str(error)
            else:
                flow.why = "; ".join(reasons)
                return flow
        reasons.append(f"not {name}: {lacks}")
    raise InputError("method", repr(method), f"another one: {'; '.join(reasons)}")


def _require_method(method: str | None) -> None:
    if method is not None and method not in METHODS:
        raise InputError("method", repr(method), f"one of {', '.join(METHODS)}")
