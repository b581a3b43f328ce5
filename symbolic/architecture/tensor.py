"""The graph of a declared network: nodes that know their shapes, sizes left open.

An output is a function of weights and inputs, called once with nodes; what it returns is the graph. So
the exact ring, the words, the jets and torch all read the same output (`symbolic.architecture.walk`).
Composed functions (softmax, normalisations) are written in these operations:

| operation | meaning | shape |
|---|---|---|
| leaf | a weight, an input, frozen weights | as declared |
| number | a rational constant, times sizes to whole powers | () |
| eye | the identity matrix | (n, n) |
| matmul | a @ b, numpy's rules for up to three axes | |
| transpose | the last two axes exchanged | |
| add, multiply | of equal shapes, or of one with a scalar | |
| power | a ** n, elementwise, n a whole number, negative for 1/a | |
| sum | over the last axis | one axis fewer |
| repeat | along a new last axis | one axis more |
| correlate | Σ_j filter_j signal_(i+j), channels summed | |
| apply | an activation by name, elementwise | |
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from symbolic.architecture.sizes import Shape, Size, written

OWN = str(Path(__file__).resolve().parent)


class ShapeError(ValueError):
    """Shapes do not fit; the message names the place in the declaration."""


def _place() -> str:
    """The line outside this folder that was running: where a declaration does what does not fit."""
    frame = sys._getframe(1)  # noqa: SLF001 - the way to a caller's line that is documented
    while frame.f_back and str(Path(frame.f_code.co_filename).resolve()).startswith(OWN):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}, line {frame.f_lineno}"


def refuse(problem: str) -> ShapeError:
    """An error that names the place."""
    return ShapeError(f"{_place()}: {problem}")


@dataclass(frozen=True, eq=False)
class Tensor:
    """A node: an operation, what it is of, and its shape. Two nodes are equal if they are one.

    Attributes:
        operation: its name, of the table above.
        of: nodes that it is computed from.
        shape: its sizes; at most three.
        detail: what else there is to know: a leaf's kind and name, a power, an activation's name, or of
            a number the fraction and the powers of sizes.
    """

    __array_ufunc__ = None  # numpy's arrays leave operations with nodes to the nodes

    operation: str
    of: tuple[Tensor, ...]
    shape: Shape
    detail: Any = None

    def __matmul__(self, other: Tensor) -> Tensor:
        other = as_tensor(other)
        shape = _product_shape(self, other)
        return Tensor("matmul", (self, other), shape)

    def __rmatmul__(self, other: Any) -> Tensor:
        return as_tensor(other) @ self

    @property
    def T(self) -> Tensor:
        """The transpose; of a vector, itself."""
        if len(self.shape) < 2:
            return self
        *first, rows, columns = self.shape
        return Tensor("transpose", (self,), (*first, columns, rows))

    def __add__(self, other: Any) -> Tensor:
        other = as_tensor(other)
        if is_zero(self) or is_zero(other):
            kept, zero = (other, self) if is_zero(self) else (self, other)
            if not zero.shape or zero.shape == kept.shape:
                return kept
        return _elementwise("add", self, other)

    def __radd__(self, other: Any) -> Tensor:
        return as_tensor(other) + self

    def __neg__(self) -> Tensor:
        return number(-1) * self

    def __sub__(self, other: Any) -> Tensor:
        return self + (-as_tensor(other))

    def __rsub__(self, other: Any) -> Tensor:
        return as_tensor(other) - self

    def __mul__(self, other: Any) -> Tensor:
        return _elementwise("multiply", self, as_tensor(other))

    def __rmul__(self, other: Any) -> Tensor:
        return as_tensor(other) * self

    def __truediv__(self, other: Any) -> Tensor:
        if not isinstance(other, Tensor):
            return self * as_tensor(1 / _fraction(other))
        return self * other**-1

    def __rtruediv__(self, other: Any) -> Tensor:
        return as_tensor(other) * self**-1

    def __pow__(self, exponent: int) -> Tensor:
        if not isinstance(exponent, int) or isinstance(exponent, bool):
            raise refuse(f"a power is a whole number, not {exponent!r}")
        if exponent == 1:
            return self
        return Tensor("power", (self,), self.shape, exponent)

    def sum(self) -> Tensor:
        """Over all entries."""
        total = self
        while total.shape:
            total = Tensor("sum", (total,), total.shape[:-1])
        return total

    def sum_last(self) -> Tensor:
        """Over the last axis."""
        return Tensor("sum", (self,), self.shape[:-1])

    def repeat(self, size: Size) -> Tensor:
        """Along a new last axis."""
        return Tensor("repeat", (self,), (*self.shape, size))

    def __bool__(self) -> bool:
        raise refuse("an output does not depend on a comparison of its tensors")

    def __iter__(self) -> Any:
        raise refuse(f"a tensor of shape {written(self.shape)} has open sizes: no loop over it")

    def __getitem__(self, index: Any) -> Tensor:
        raise refuse("no entries of tensors: declare the parts as layers or inputs of their own")

    def __repr__(self) -> str:
        name = f" {self.detail}" if self.detail is not None else ""
        return f"<{self.operation}{name} {written(self.shape)}>"


def leaf(kind: str, name: str, shape: Shape) -> Tensor:
    """A weight, an input or frozen weights."""
    return Tensor("leaf", (), shape, (kind, name))


def number(value: int | Fraction, powers: tuple[tuple[Size, int], ...] = ()) -> Tensor:
    """A rational constant, times sizes to whole powers."""
    return Tensor("number", (), (), (Fraction(value), powers))


def is_zero(tensor: Tensor) -> bool:
    """Whether a node is the number 0."""
    return tensor.operation == "number" and tensor.detail[0] == 0


def as_tensor(value: Any) -> Tensor:
    """A node, or a number as one.

    Raises:
        ShapeError: for what is neither.
    """
    return value if isinstance(value, Tensor) else number(_fraction(value))


def _fraction(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Fraction | float):
        raise refuse(f"expected a tensor or a number, not {type(value).__name__}")
    return Fraction(value)


def _elementwise(operation: str, one: Tensor, other: Tensor) -> Tensor:
    if one.shape and other.shape and one.shape != other.shape:
        sign = {"add": "+", "multiply": "*"}[operation]
        raise refuse(f"{written(one.shape)} {sign} {written(other.shape)} do not fit")
    return Tensor(operation, (one, other), one.shape or other.shape)


def _product_shape(one: Tensor, other: Tensor) -> Shape:
    """Of a @ b: the last axis of a against the first of a vector, the last but one of anything else."""
    if not one.shape or not other.shape:
        raise refuse("@ is of vectors and matrices; a scalar is multiplied by *")
    if len(other.shape) == 3 or (len(one.shape) == 3 and len(other.shape) != 1):
        raise refuse("a tensor with three axes is applied to a vector: T @ x")
    inner, met = one.shape[-1], other.shape[0]
    if inner != met:
        raise refuse(
            f"{written(one.shape)} @ {written(other.shape)} do not fit: {inner} is not {met}"
        )
    return (*one.shape[:-1], *other.shape[1:])


Output = Callable[[Any, Any, Any], Tensor]
