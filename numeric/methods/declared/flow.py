"""Gradient flow of a declared network, by a formula or integrated, with its laws watched.

weights = {"B": B0, "A": A0}
flow = DeclaredFlow(weights, X, Y, network="lora", frozen={"W": W0}, rates={"eta_A": 0.1, "eta_B": 0.2})
flow.loss([0, 1, 10]), flow.weights(1.0)["A"], flow.norm("B", 10.0), flow.laws(5.0), flow.predict(x, 5.0)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.errors import InputError, InternalCheckError
from numeric.methods.declared import problem as problems
from numeric.methods.declared.equations import Equations
from numeric.methods.declared.forms import form
from numeric.methods.declared.marched import Marched, fastest
from numeric.methods.declared.observables import Observables
from numeric.methods.declared.turned import Turned
from numeric.methods.ending import AT_REST, REACHED, STATIONARY, UNFINISHED

METHODS = ("explicit", "warp", "riccati", "march")
LEFT = 1e-6  # of the largest pull of a target at the start, where they are reached


class DeclaredFlow(Observables):
    """Gradient flow dθ/dt = −rate ∂L/∂θ of a network that was declared, at any sizes.

    L is the mean or the sum over data points of a loss of the output, summed over the entries of the
    output. The strongest method answers that the network and the problem allow, and `method` says which:

    * "explicit": there is a closed form, of all weights, or of all outputs at any inputs, where weights
      are integrated if they are asked for (`numeric.methods.declared.closed`, `.two_layer`), or outputs
      move with one product of three scalar weights or more alone: a scalar chain, whose time is a closed
      form of its state, at tens of milliseconds a time (`numeric.methods.declared.chained`);
    * "warp": the network is proved to be neurons of one activation, and data are on a line for it: they
      follow their own fields, and the time is one integral (`numeric.methods.declared.two_layer`);
    * "riccati": a linear flow was found behind it, inputs are white and the start is on an isotropic leaf
      of its law: outputs, losses, norms and kernels in closed form at any sizes, weights of one hidden
      unit, too; of more they are integrated if they are asked for (`numeric.methods.declared.lifted`);
    * "march": the raw equations are integrated (`numeric.methods.declared.marched`), in as few
      dimensions as the problem has: a layer that is wider than what it lies between, and inputs of more
      entries than there are points, are turned into fewer (`numeric.methods.declared.turned`), which
      changes no output, and weights are turned back where they are asked for. `why` says why.

    Matrix laws of the network, and laws of its instance where it has the sizes of one, are compared with
    their values at the start whenever weights are asked for.

    Accuracy of "explicit" and "warp" is that of their classes, near 1e-12, at any time. Of "march":

    As `error` says, measured; about 1e-10 of the typical weight for a while of ordinary
    training. Where an argument of a ReLU changes its sign a step ends and the way goes on beyond the bend
    or along it, as the limit of descent of small steps does; where it may go on in several ways later
    times are refused. Of two hundred small networks with ReLUs behind ReLUs that were drawn three were
    refused; where several bends are met at once there, descent is what to compare with.

    At t = ∞ it is where the weights come to rest, to about 1e-9 of them; where they come to none, as
    under cross-entropy that has no minimum, or slower than roundings let be seen, it is where they were
    at the latest time, and `limit_kind` is "not reached".

    Args:
        weights: initial ones, arrays by name.
        x: inputs by name, or those of the only one; with an axis of points in front, or of one point.
            None for the listed data of a network that is declared with such.
        y: targets, of the shape of the outputs; under "softmax" numbers of classes, or shares of them.
        network: its name, or its generated module (`symbolic.codegen.declared.compiled` makes one).
        rates: positive numbers by name, or one for all.
        frozen: untrained weights by name.
        loss: a name, e.g. "square" or "logistic", "softmax" for cross-entropy, or a module like theirs;
            None for "square", or "softmax" where the network is declared for it.
        reduction: of a data set, "mean" or "sum".
        reduced: whether what is integrated is so in fewer dimensions; None for where there are fewer.
        method: one of the four, if it shall not be chosen.

    Attributes:
        method: one of the four.
        problem: all that was given.
        turned: the same in fewer dimensions; `turned.sizes` says which.

    Raises:
        InputError: for names that are not there, shapes that disagree, values that are not finite, rates
            that are not positive, targets that the loss has no meaning for, a loss whose slope jumps,
            `reduced=True` where nothing can be, velocities beyond float64, and times that take more steps
            than are allowed.
        InternalCheckError: where a law that is proved does not hold.
    """

    def __init__(
        self,
        weights: Mapping[str, Any],
        x: Any,
        y: Any,
        *,
        network: str | ModuleType,
        rates: Any = 1.0,
        frozen: Mapping[str, Any] | None = None,
        loss: str | ModuleType | None = None,
        reduction: str = "mean",
        reduced: bool | None = None,
        method: str | None = None,
    ) -> None:
        self.problem = problems.read(
            weights, x, y, network=network, rates=rates, frozen=frozen, loss=loss, reduction=reduction
        )  # fmt: skip
        if method not in (None, *METHODS):
            raise InputError("method", repr(method), f"one of {', '.join(METHODS)}")
        self._form, self._open = form(self.problem, method) if method != "march" else (None, "")
        if method not in (None, "march") and self._form is None:
            raise InputError("method", repr(method), f"another one: {self._open}")
        self.method = "march" if self._form is None else self._form.method
        is_whole = self._form is not None and self._form.gives_weights
        self.turned = Turned(self.problem, is_wanted=reduced is not False and not is_whole)
        if reduced and not self.turned.steps and not is_whole:
            expected = "None or False: no size of this problem is more than its arrays need"
            raise InputError("reduced", True, expected)
        if not is_whole:
            _ = self._way  # refuses what float64 does not hold

    @cached_property
    def _equations(self) -> Equations:
        return Equations(self.turned.problem)

    @cached_property
    def _way(self) -> Marched:
        """The raw equations, integrated: where it is asked for."""
        return Marched(self.turned, self._equations, self.problem)

    def __repr__(self) -> str:
        layers = ", ".join(f"{z} {array.shape}" for z, array in self.problem.weights.items())
        return (
            f"<DeclaredFlow of {self.problem.module.NAME}: {layers}; {self.problem.points} points>"
        )

    @property
    def why(self) -> str:
        """Why no stronger method answers, and what is integrated."""
        if self._form is not None:
            integrated = "" if self._form.gives_weights else "; weights are integrated"
            return f"{self._form.kind}: {self._form.how}{integrated}"
        found = "the network is declared, and its raw equations are integrated"
        found += f" ({self._open})" if self._open else ""
        sizes = [f"{z} = {after} for {before}" for z, (before, after) in self.turned.sizes.items()]
        return f"{found}, with {', '.join(sizes)}" if sizes else found

    @property
    def t_c(self) -> float:
        """Time scale, of the fastest change at the start: 4 over twice its rate."""
        rate = fastest(self.problem)
        return 2 / rate if rate > 0 else math.inf

    def _weights(self, t: float, run: int = 0) -> Mapping[str, Floats]:
        """All weights at one time."""
        return self.turned.lifted(self._at(t, run)) if t > 0 else self.problem.weights

    def _at(self, t: float, run: int = 0) -> dict[str, Floats]:
        """Weights at one time in fewer dimensions, whose laws are as they were."""
        if run == 0 and self._form is not None and self._form.gives_weights:
            with np.errstate(all="ignore"):
                return self._checked(t, self._form.weights(t))
        return self._way.at(t, run)

    def _checked(self, t: float, weights: dict[str, Floats]) -> dict[str, Floats]:
        """Weights of a formula, whose laws are as they were."""
        if not all(np.all(np.isfinite(array)) for array in weights.values()):
            raise InternalCheckError(f"at t = {t:.6g} weights are not finite")
        drifted = self._whole.drifted(weights)
        if drifted is not None:
            raise InternalCheckError(f"at t = {t:.6g} {drifted}")
        return weights

    @property
    def limit_kind(self) -> str:
        """Where the flow ends, as far as it was followed: see `Trajectory.limit_kind`."""
        if self._form is not None and self._form.limit_kind is not None:
            return self._form.limit_kind
        moves = self._way.moves
        signals = [self._signal(t) for t in ((0.0, math.inf) if moves else (0.0,))]
        if not moves:
            return REACHED if not np.any(signals[0]) else AT_REST
        if self._form is None and not self._way.rest[1]:
            return UNFINISHED
        pulls = [float(np.abs(signal).max()) for signal in signals]
        return REACHED if pulls[1] <= LEFT * pulls[0] else STATIONARY

    def _signal(self, t: float) -> Floats:
        return self.problem.loss.slope(self._outputs(t), self.problem.targets)

    def _outputs(self, t: float) -> Floats:
        """At all points, shape (points, …)."""
        if self._form is not None:
            with np.errstate(all="ignore"):
                found = self._form.at_points(t)
            if found is not None:
                return found
        return self._equations.output(self._at(t))
