"""What is asked of a tensor library beyond the names it shares with numpy.

One implementation each for torch and for jax (`of`); all other modules compute with the library's own
namespace `xp`, in functions that both have: so they differentiate, vectorise and compile them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from numeric.errors import InputError

if TYPE_CHECKING:
    from numeric.methods.tensors.host import Numbers

SERVED = ("torch", "jax.numpy")


class Library(Protocol):
    """A tensor library.

    Attributes:
        xp: its namespace.
    """

    xp: Any

    def placed(self, values: Mapping[str, Any], leading: Sequence[str]) -> dict[str, Any]:
        """Values as arrays of one floating type on one device, still connected to what they were.

        Args:
            values: by name: arrays of the library, or what becomes one.
            leading: names of those whose type and device decide, if they are arrays of the library.
        """

    def decided(self, condition: Any) -> bool | None:
        """Whether a condition holds; None where its value cannot be read, while a program is traced."""

    def row(self, array: Any, index: Any) -> Any:
        """One row of an array, its number given as an array without dimension."""

    def to_numpy(self, array: Any) -> Any:
        """The values as numpy holds them, in float64; None where they cannot be read."""

    def wide(self, array: Any) -> Any:
        """The same in float64."""

    def still(self, array: Any) -> Any:
        """The same without derivative."""

    def scalars(self, setting: str, given: Numbers) -> Any:
        """`host.scalars`."""

    def neurons(self, setting: str, given: Numbers, changes: bool) -> Any:
        """`host.neurons`."""


def of(xp: Any) -> Library:
    """The library of a namespace.

    Raises:
        InputError: for a namespace that is none of those served.
    """
    name = getattr(xp, "__name__", repr(xp))
    if name not in SERVED:
        raise InputError("xp", name, f"numpy, {' or '.join(SERVED)}")
    if name == "torch":
        from numeric.methods.tensors import of_torch

        return of_torch.LIBRARY
    from numeric.methods.tensors import of_jax

    return of_jax.LIBRARY
