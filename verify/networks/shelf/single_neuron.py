"""f = a w·x."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor


def forward(
    w: Mapping[str, Tensor], x: Mapping[str, Tensor], frozen: Mapping[str, Tensor]
) -> Tensor:
    """The output at one input."""
    return w["a"] * w["w"].dot(x["x"])
