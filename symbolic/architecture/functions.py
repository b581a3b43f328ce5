"""`F` of a declaration: what is more than arithmetic.

|z|, the leaky ReLU and the maximum are made of ReLUs, whose gates of z and −z are one;
softmax(z) = eᶻ / Σ eᶻ along the last axis; layer_norm(z) = (z − mean) / √(mean (z − mean)²) along the
last axis, without a small constant; weight_norm(v, g) = g v/‖v‖; conv1d(w, x) is the valid correlation.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from symbolic.architecture.sizes import ONE, Shape, Size, shape_of, written
from symbolic.architecture.tensor import Tensor, leaf, number, refuse

ACTIVATIONS = frozenset(
    ("relu", "exp", "sqrt", "tanh", "erf", "gelu", "sigmoid", "softplus", "swish", "sin", "cos")
)  # fmt: skip

LEAK = Fraction(1, 100)  # as in the network with that name


class Functions:
    """What an output is given as its third argument.

    Attributes:
        frozen_shapes: of the untrained weights that were asked for, by name.
    """

    def __init__(self) -> None:
        self.frozen_shapes: dict[str, Shape] = {}

    def identity(self, size: str | int) -> Tensor:
        """The identity matrix."""
        n = Size.of(size)
        return Tensor("eye", (), (n, n))

    def frozen(self, name: str, *shape: str | int) -> Tensor:
        """Untrained weights, arbitrary but fixed.

        Raises:
            ShapeError: where the name is none, or was used for another shape.
        """
        if not (isinstance(name, str) and name.isidentifier() and name.isascii()):
            raise refuse(f'frozen weights have a name, F.frozen("W", "m", "n"), not {name!r}')
        asked = shape_of(shape)
        if self.frozen_shapes.setdefault(name, asked) != asked:
            raise refuse(f"frozen {name} is {written(self.frozen_shapes[name])} elsewhere")
        return leaf("frozen", name, asked)

    def __getattr__(self, name: str) -> Callable[[Tensor], Tensor]:
        """An activation by its name, elementwise.

        Raises:
            AttributeError: for a name that no activation has; the message lists all functions.
        """
        if name not in ACTIVATIONS:
            others = (one for one in vars(type(self)) if not one.startswith("_"))
            raise AttributeError(
                f"F has no {name!r}: activations are {', '.join(sorted(ACTIVATIONS))}; "
                f"other functions are {', '.join(sorted(others))}"
            )

        def applied(tensor: Tensor) -> Tensor:
            _needs_tensors(name, tensor)
            return Tensor("apply", (tensor,), tensor.shape, name)

        return applied

    def abs(self, z: Tensor) -> Tensor:
        """|z| = relu(z) + relu(−z), elementwise."""
        _needs_tensors("abs", z)
        return self.relu(z) + self.relu(-z)

    def leaky_relu(self, z: Tensor, slope: Any = LEAK) -> Tensor:
        """Z where it is positive, else slope z: relu(z) − slope relu(−z), elementwise."""
        _needs_tensors("leaky_relu", z)
        return self.relu(z) - slope * self.relu(-z)

    def maximum(self, a: Tensor, b: Tensor) -> Tensor:
        """The larger one, entry by entry: b + relu(a − b)."""
        _needs_tensors("maximum", a, b)
        return b + self.relu(a - b)

    def softmax(self, z: Tensor) -> Tensor:
        """eᶻ over its sum along the last axis."""
        _needs_axis("softmax", z)
        e = self.exp(z)
        return e * _along(e.sum_last() ** -1, z)

    def layer_norm(self, z: Tensor) -> Tensor:
        """Z without its mean, over its root mean square, along the last axis."""
        _needs_axis("layer_norm", z)
        share = number(1, ((z.shape[-1], -1),))
        centred = z - _along(share * z.sum_last(), z)
        spread = self.sqrt(share * (centred * centred).sum_last())
        return centred * _along(spread**-1, z)

    def weight_norm(self, v: Tensor, g: Tensor) -> Tensor:
        """G v/‖v‖, along the last axis; g is a scalar, or one number for each row."""
        _needs_tensors("weight_norm", g)
        _needs_axis("weight_norm", v)
        if g.shape not in ((), v.shape[:-1]):
            raise refuse(
                f"weight_norm of {written(v.shape)} has a gain {written(v.shape[:-1])}, "
                f"not {written(g.shape)}"
            )
        return v * _along(g * self.sqrt((v * v).sum_last()) ** -1, v)

    def conv1d(self, w: Tensor, x: Tensor) -> Tensor:
        """Σ_j w_j x_(i+j), i = 1 … n − k + 1.

        Filters (k,), (c, k) or (c, channels, k) of signals (n,), (n,) or (channels, n).
        """
        _needs_tensors("conv1d", w, x)
        channels = len(w.shape) == 3
        fits = 1 <= len(w.shape) <= 3 and len(x.shape) == (2 if channels else 1)
        if not fits or (channels and w.shape[1] != x.shape[0]):
            raise refuse(
                f"conv1d: filters {written(w.shape)} and a signal {written(x.shape)} do not fit"
            )
        length = x.shape[-1] - w.shape[-1] + ONE
        return Tensor("correlate", (w, x), (*w.shape[:1][: len(w.shape) - 1], length))


def _needs_tensors(name: str, *given: Any) -> None:
    for one in given:
        if not isinstance(one, Tensor):
            raise refuse(f"{name} is of tensors, not of {type(one).__name__}")


def _needs_axis(name: str, z: Tensor) -> None:
    _needs_tensors(name, z)
    if not z.shape:
        raise refuse(f"{name} of a scalar")


def _along(factor: Tensor, z: Tensor) -> Tensor:
    """Numbers for rows, for each entry of the rows; a scalar as it is."""
    return factor.repeat(z.shape[-1]) if factor.shape else factor
