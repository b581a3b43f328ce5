"""Gradient flow of a declared network, by a closed form or integrated, with its laws watched.

weights = {"B": B0, "A": A0}
flow = DeclaredFlow(weights, X, Y, network="lora", frozen={"W": W0}, rates={"eta_A": 0.1, "eta_B": 0.2})
flow.loss([0, 1, 10]), flow.weights(1.0)["A"], flow.norm("B", 10.0), flow.laws(5.0), flow.predict(x, 5.0)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric.data.arrays import Floats, float64
from numeric.errors import InputError, InternalCheckError
from numeric.methods.declared import problem as problems
from numeric.methods.declared.bends import Bends
from numeric.methods.declared.closed import closed
from numeric.methods.declared.equations import Equations
from numeric.methods.declared.laws import Laws
from numeric.methods.declared.losses import CrossEntropy
from numeric.methods.declared.turned import Turned
from numeric.methods.ending import AT_REST, REACHED, STATIONARY, UNFINISHED
from numeric.methods.march.integration import Integration
from numeric.methods.march.rest import followed
from numeric.methods.trajectory import length, times
from numeric.pickling import Lock

METHODS = ("explicit", "march")
EACH = 1000  # steps from one time to its double, after which the way to the limit is not followed further
RELATIVE = 1e-11  # tolerance of the integrator, of each weight or of the typical one
TIGHTER = 1e-13  # the same, where a law has drifted
COARSER = 100  # times that, of the second run
LEFT = 1e-6  # of the largest pull of a target at the start, where they are reached


class DeclaredFlow:
    """Gradient flow dθ/dt = −rate ∂L/∂θ of a network that was declared, at any sizes.

    L is the mean or the sum over data points of a loss of the output, summed over the entries of the
    output. Where the module has a closed form for the sizes, the loss, the data and the start of a
    problem (`numeric.methods.declared.closed`), `method` is "explicit": it gives all weights, or all
    outputs at any inputs, and weights are integrated where they are asked for. Else it is "march", and
    `why` says why: the raw equations are integrated, as those of `numeric.methods.march.floats` are, in
    as few dimensions as the problem has: a layer that is wider than what it lies between, and inputs of
    more entries than there are points, are turned into fewer (`numeric.methods.declared.turned`), which
    changes no output, and weights are turned back where they are asked for. Matrix laws of the network,
    and laws of its instance where it has the sizes of one, are compared with their values at the start
    whenever weights are asked for: where one has drifted by more than errors of 1e-8 of the weights do,
    the way is gone again with a finer tolerance.

    Accuracy: as `error` says, measured; about 1e-10 of the typical weight for a while of ordinary
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
        method: "explicit" or "march", if it shall not be chosen.

    Attributes:
        method: "explicit" or "march".
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
            weights,
            x,
            y,
            network=network,
            rates=rates,
            frozen=frozen,
            loss=loss,
            reduction=reduction,
        )
        if method not in (None, *METHODS):
            raise InputError("method", repr(method), f"one of {', '.join(METHODS)}")
        self._closed, self._open = closed(self.problem) if method != "march" else (None, "")
        if method == "explicit" and self._closed is None:
            raise InputError("method", "'explicit'", f"another one: {self._open}")
        self.method = "march" if self._closed is None else "explicit"
        is_whole = self._closed is not None and self._closed.gives_weights
        self.turned = Turned(self.problem, is_wanted=reduced is not False and not is_whole)
        if reduced and not self.turned.steps and not is_whole:
            expected = "None or False: no size of this problem is more than its arrays need"
            raise InputError("reduced", True, expected)
        small = self.turned.problem
        self._equations, self._laws = Equations(small), Laws(small)
        self._lock = Lock()
        self._start = self._equations.joined(small.weights)
        moved = self._equations.velocity(self._start, self._equations.start(self._start))
        if not np.all(np.isfinite(moved)):
            expected = "weights whose velocities float64 can hold"
            raise InputError("the start", "velocities beyond float64", expected)
        self._moves, self._is_tight = bool(np.any(moved)), False
        self._runs = self._integrations(RELATIVE)

    def _integrations(self, relative: float) -> list[Integration]:
        typical = length(self._start) / math.sqrt(self._start.size)
        return [
            Integration(self._equations, self._start, relative * k, relative * k * typical, Bends)
            for k in (1, COARSER)
        ]

    def __repr__(self) -> str:
        layers = ", ".join(f"{z} {array.shape}" for z, array in self.problem.weights.items())
        return (
            f"<DeclaredFlow of {self.problem.module.NAME}: {layers}; {self.problem.points} points>"
        )

    @property
    def why(self) -> str:
        """Why no stronger method answers, and what is integrated."""
        if self._closed is not None:
            integrated = "" if self._closed.gives_weights else "; weights are integrated"
            return f"{self._closed.kind}: a closed form{integrated}"
        found = "the network is declared, and its raw equations are integrated"
        found += f" (not explicit: {self._open})" if self._open else ""
        sizes = [f"{z} = {after} for {before}" for z, (before, after) in self.turned.sizes.items()]
        return f"{found}, with {', '.join(sizes)}" if sizes else found

    @property
    def t_c(self) -> float:
        """Time scale, of the fastest change at the start: 4 over twice its rate."""
        return 2 / self._rate if self._rate > 0 else math.inf

    @cached_property
    def _rate(self) -> float:
        whole = Equations(self.problem)
        start = whole.joined(self.problem.weights)
        return whole.rate(start, whole.start(start))

    # ------------------------------------------------------------ weights

    def weights(self, t: ArrayLike) -> dict[str, Floats]:
        """All weights by name, shapes t.shape + that of the layer."""
        found = times(t)
        out = {
            name: np.empty((*found.shape, *array.shape))
            for name, array in self.problem.weights.items()
        }
        for index in np.ndindex(found.shape):
            for name, array in self._weights(float(found[index])).items():
                out[name][index] = array
        return out

    def weight(self, name: str, t: ArrayLike) -> Floats:
        """The weights of a layer, shape t.shape + its own."""
        shape = self._initial(name).shape
        return self._of_all(t, lambda weights: weights[name], shape)

    def _initial(self, name: str) -> Floats:
        if name not in self.problem.weights:
            raise InputError("name", repr(name), f"one of {', '.join(self.problem.weights)}")
        return self.problem.weights[name]

    def _weights(self, t: float, run: int = 0) -> Mapping[str, Floats]:
        """All weights at one time."""
        return self.turned.lifted(self._at(t, run)) if t > 0 else self.problem.weights

    def _at(self, t: float, run: int = 0) -> dict[str, Floats]:
        """Weights at one time in fewer dimensions, whose laws are as they were."""
        with self._lock, np.errstate(all="ignore"):
            if run == 0 and self._closed is not None and self._closed.gives_weights:
                return self._checked(t, self._closed.weights(t))
            while True:
                weights = self._equations.split(self._theta(t, run))
                drifted = self._laws.drifted(weights) if run == 0 else None
                if drifted is None:
                    return weights
                if self._is_tight:
                    raise InternalCheckError(f"at t = {t:.6g} {drifted}")
                self._is_tight, self._runs = True, self._integrations(TIGHTER)
                vars(self).pop("_rest", None)

    def _checked(self, t: float, weights: dict[str, Floats]) -> dict[str, Floats]:
        """Weights of a closed form, whose laws are as they were."""
        if not all(np.all(np.isfinite(array)) for array in weights.values()):
            raise InternalCheckError(f"at t = {t:.6g} weights are not finite")
        drifted = self._whole.drifted(weights)
        if drifted is not None:
            raise InternalCheckError(f"at t = {t:.6g} {drifted}")
        return weights

    @cached_property
    def _whole(self) -> Laws:
        return Laws(self.problem)

    def _theta(self, t: float, run: int) -> Floats:
        if not self._moves:
            return self._start.copy()
        return self._runs[run].at(self._rest[0] if math.isinf(t) else t)

    @cached_property
    def _rest(self) -> tuple[float, bool]:
        """When the weights have come to rest, and whether they have: else the latest time reached."""
        with self._lock, np.errstate(all="ignore"):
            return followed(self._runs[0], self._rate, each=EACH)

    @property
    def limit_kind(self) -> str:
        """Where the flow ends, as far as it was followed: see `Trajectory.limit_kind`."""
        signals = [self._signal(t) for t in ((0.0, math.inf) if self._moves else (0.0,))]
        if not self._moves:
            return REACHED if not np.any(signals[0]) else AT_REST
        if self._closed is None and not self._rest[1]:
            return UNFINISHED
        pulls = [float(np.abs(signal).max()) for signal in signals]
        return REACHED if pulls[1] <= LEFT * pulls[0] else STATIONARY

    def _signal(self, t: float) -> Floats:
        return self.problem.loss.slope(self._outputs(t), self.problem.targets)

    def _outputs(self, t: float) -> Floats:
        """At all points, shape (points, …)."""
        if self._closed is not None and not self._closed.gives_weights:
            with np.errstate(all="ignore"):
                return self._closed.output(t, self.problem.inputs)
        return self._equations.output(self._at(t))

    def error(self, t: ArrayLike) -> Floats:
        """How far the weights may be off: the largest difference to a run of coarser tolerance.

        Of a closed form it is that to the raw equations, integrated: what these are off by, mostly.
        """

        def apart(time: float) -> float:
            one, two = self._weights(time), self._weights(time, 1)
            return max(float(np.abs(one[z] - two[z]).max(initial=0.0)) for z in one)

        return self._of_time(t, apart)

    # ------------------------------------------------------------ observables

    def output(self, t: ArrayLike) -> Floats:
        """Outputs, shape t.shape + (points, …); of one point without its axis."""
        shape = self.problem.targets.shape
        return self._of_time(t, lambda time: self._plain(self._outputs(time)), self._shape(shape))

    def residual(self, t: ArrayLike) -> Floats:
        """Outputs less targets; under "softmax" the shares of classes less theirs, ∂L/∂f of a point."""

        def left(time: float) -> Floats:
            outputs, y = self._outputs(time), self.problem.targets
            is_softmax = isinstance(self.problem.loss, CrossEntropy)
            found = self.problem.loss.slope(outputs, y) if is_softmax else outputs - y
            return self._plain(found)

        return self._of_time(t, left, self._shape(self.problem.targets.shape))

    def loss(self, t: ArrayLike) -> Floats:
        """The loss over the data by its reduction."""

        def total(time: float) -> float:
            terms = self.problem.loss.value(self._outputs(time), self.problem.targets)
            return float(self._equations.weight * terms.sum())

        return self._of_time(t, total)

    def norm(self, name: str, t: ArrayLike) -> Floats:
        """Frobenius norm of a layer."""
        self._initial(name)
        return self._of_all(t, lambda weights: length(weights[name]))

    def distance(self, name: str, t: ArrayLike) -> Floats:
        """Of a layer from its start."""
        start = self._initial(name)
        return self._of_all(t, lambda weights: length(weights[name] - start))

    def laws(self, t: ArrayLike) -> dict[str, Floats]:
        """What is conserved, by formula; arrays of shape t.shape + that of the law."""
        whole = self._whole
        return {
            law.formula: self._of_all(t, law.value, law.value(self.problem.weights).shape)
            for law in whole.all
        }

    def kernel(self, signal: ArrayLike, t: ArrayLike) -> Floats:
        """The tangent kernel (with the rates in it) times a signal of the shape of the outputs."""
        given = np.asarray(signal, dtype=float)
        shape = self.problem.targets.shape
        if given.shape != self._shape(shape):
            raise InputError("signal", f"shape {given.shape}", f"{self._shape(shape)}")
        whole = given.reshape(shape)
        return self._each(
            t, lambda w: self._plain(self._equations.kernel(w, whole)), self._shape(shape)
        )

    def predict(self, inputs: Any, t: ArrayLike) -> Floats:
        """Output at any inputs, as x is given: shape t.shape + that of the outputs."""
        module, problem = self.problem.module, self.problem
        x, is_set = problems.inputs(module, inputs, dict(problem.sizes))

        def outputs(weights: Mapping[str, Floats]) -> Floats:
            found = np.asarray(module.output(weights, x, **problem.given))
            return found if is_set or not module.POINTWISE else found[0]

        shape = outputs(problem.weights).shape
        form = self._closed
        if form is not None and not form.gives_weights:
            return self._of_time(
                t, lambda time: form.output(time, x)[0 if not is_set else ...], shape
            )
        return self._of_all(t, outputs, shape)

    def _shape(self, whole: tuple[int, ...]) -> tuple[int, ...]:
        return whole if self.problem.is_set else whole[1:]

    def _plain(self, array: Floats) -> Floats:
        return array if self.problem.is_set else array[0]

    def _each(
        self,
        t: ArrayLike,
        function: Callable[[Mapping[str, Floats]], Any],
        shape: tuple[int, ...] = (),
    ) -> Floats:
        """A function of what the outputs follow from: weights in fewer dimensions."""

        def at(time: float) -> Any:
            with np.errstate(all="ignore"):
                return function(self._at(time))

        return self._of_time(t, at, shape)

    def _of_all(
        self,
        t: ArrayLike,
        function: Callable[[Mapping[str, Floats]], Any],
        shape: tuple[int, ...] = (),
    ) -> Floats:
        """A function of all weights."""

        def at(time: float) -> Any:
            with np.errstate(all="ignore"):
                return function(self._weights(time))

        return self._of_time(t, at, shape)

    def _of_time(
        self, t: ArrayLike, function: Callable[[float], Any], shape: tuple[int, ...] = ()
    ) -> Floats:
        found = times(t)
        out = np.empty((*found.shape, *shape))
        for index in np.ndindex(found.shape):
            out[index] = function(float(found[index]))
        return float64(out)
