"""What can be asked of a declared flow: weights, outputs, losses, norms, laws, kernels, at any times."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric.data.arrays import Floats, float64
from numeric.errors import InputError
from numeric.methods.declared import problem as problems
from numeric.methods.declared.equations import Equations
from numeric.methods.declared.form import Form
from numeric.methods.declared.laws import Laws
from numeric.methods.declared.losses import CrossEntropy
from numeric.methods.declared.problem import DeclaredProblem
from numeric.methods.trajectory import length, times

OfWeights = Callable[[Mapping[str, Floats]], Any]


class Observables(ABC):
    """Functions of time, from what is known at one time.

    Attributes:
        problem: all that was given.
    """

    problem: DeclaredProblem
    _form: Form | None

    @abstractmethod
    def _weights(self, t: float, run: int = 0) -> Mapping[str, Floats]:
        """All weights at one time; `run` 1 for those of a coarser tolerance."""

    @abstractmethod
    def _at(self, t: float, run: int = 0) -> dict[str, Floats]:
        """The same in fewer dimensions."""

    @abstractmethod
    def _outputs(self, t: float) -> Floats:
        """At all points, shape (points, …)."""

    @property
    @abstractmethod
    def _equations(self) -> Equations:
        """In fewer dimensions."""

    @cached_property
    def _whole(self) -> Laws:
        return Laws(self.problem)

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

    def error(self, t: ArrayLike) -> Floats:
        """How far the weights may be off: the largest difference to a run of coarser tolerance.

        Of a closed form it is that to the raw equations, integrated: what these are off by, mostly.
        """

        def apart(time: float) -> float:
            one, two = self._weights(time), self._weights(time, 1)
            return max(float(np.abs(one[z] - two[z]).max(initial=0.0)) for z in one)

        return self._of_time(t, apart)

    def output(self, t: ArrayLike) -> Floats:
        """Outputs, shape t.shape + (points, …); of one point without its axis."""
        shape = self.problem.targets.shape
        return self._of_time(t, lambda time: self._plain(self._outputs(time)), self._shape(shape))

    def residual(self, t: ArrayLike) -> Floats:
        """Outputs less targets; under "softmax" the shares of classes less theirs, ∂L/∂f of a point."""

        def left(time: float) -> Floats:
            found = self._form.residual(time) if self._form is not None else None
            if found is None:
                outputs, y = self._outputs(time), self.problem.targets
                is_softmax = isinstance(self.problem.loss, CrossEntropy)
                found = self.problem.loss.slope(outputs, y) if is_softmax else outputs - y
            return self._plain(found)

        return self._of_time(t, left, self._shape(self.problem.targets.shape))

    def loss(self, t: ArrayLike) -> Floats:
        """The loss over the data by its reduction."""

        def total(time: float) -> float:
            known = self._form.loss(time) if self._form is not None else None
            if known is not None:
                return known
            terms = self.problem.loss.value(self._outputs(time), self.problem.targets)
            return float(self._equations.weight * terms.sum())

        return self._of_time(t, total)

    def norm(self, name: str, t: ArrayLike) -> Floats:
        """Frobenius norm of a layer."""
        self._initial(name)

        def size(time: float) -> float:
            with np.errstate(all="ignore"):
                known = self._form.norm(name, time) if self._form is not None else None
                return length(self._weights(time)[name]) if known is None else known

        return self._of_time(t, size)

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

        def moved(time: float) -> Floats:
            with np.errstate(all="ignore"):
                found = self._form.kernel(whole, time) if self._form is not None else None
                if found is None:
                    found = self._equations.kernel(self._at(time), whole)
            return self._plain(found)

        return self._of_time(t, moved, self._shape(shape))

    def predict(self, inputs: Any, t: ArrayLike) -> Floats:
        """Output at any inputs, as x is given: shape t.shape + that of the outputs."""
        module, problem = self.problem.module, self.problem
        x, is_set = problems.inputs(module, inputs, dict(problem.sizes))

        def outputs(weights: Mapping[str, Floats]) -> Floats:
            found = np.asarray(module.output(weights, x, **problem.given))
            return found if is_set or not module.POINTWISE else found[0]

        shape = outputs(problem.weights).shape
        form = self._form
        if form is not None and not form.gives_weights:
            return self._of_time(
                t, lambda time: form.output(time, x)[0 if not is_set else ...], shape
            )
        return self._of_all(t, outputs, shape)

    def _shape(self, whole: tuple[int, ...]) -> tuple[int, ...]:
        return whole if self.problem.is_set else whole[1:]

    def _plain(self, array: Floats) -> Floats:
        return array if self.problem.is_set else array[0]

    def _of_all(self, t: ArrayLike, function: OfWeights, shape: tuple[int, ...] = ()) -> Floats:
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
