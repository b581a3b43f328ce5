"""What is asked of a tensor library beyond the names it shares with numpy.

One implementation each for torch and for jax (`of`); all other modules compute with the library's own
namespace `xp`, in functions that both have: so they differentiate, vectorise and compile them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from numeric.errors import InputError

if TYPE_CHECKING:
    from numeric.methods.tensors.formulas import Given
    from numeric.methods.tensors.host import Numbers
    from numeric.methods.tensors.reading import TensorProblem

SERVED = ("torch", "jax.numpy")


class Curves(Protocol):
    """Curves of one flow, computed elsewhere than in the library."""

    def observe(
        self, name: str, t: Any, inputs: Given, formulas: Callable[[Given], Any]
    ) -> Any | None:
        """An observable of the generated module at times, connected to what it is made of.

        Args:
            name: of the observable.
            t: times.
            inputs: what it is made of; without a point, where the data are not learned.
            formulas: `Formulas` of inputs: derivatives that curves do not have are theirs.

        Returns:
            Its values; None where they are not vouched for.
        """


class Unchanged(Protocol):
    """Arrays that somebody may write to."""

    def require(self) -> None:
        """Refuse derivatives by arrays that are not what they were.

        Raises:
            InputError: where one is asked for.
        """


class Warped(Protocol):
    """A warped flow, solved elsewhere than in the library."""

    def observe(
        self, name: str, inputs: tuple[Any, ...], operators: Callable[[str, tuple[Any, ...]], Any]
    ) -> Any | None:
        """What is asked at times in a row, connected to what it is made of.

        Args:
            name: "scalars", "neurons" or "changes", as `host` has them.
            inputs: u0, W0, m, scales, targets, γ, η_u, η_w and t.
            operators: the same by operators of the library, of the name and inputs.

        Returns:
            Its values; None where they cannot be read.
        """


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

    def is_constant(self, *arrays: Any) -> bool:
        """Whether no derivative is asked of arrays, as far as that is known."""

    def copied(self, array: Any) -> Any:
        """A copy, connected to what it is of; the same where nobody can write to it."""

    def unchanged(self, problem: TensorProblem) -> Unchanged | None:
        """What watches the arrays of a flow; None where nobody can write to them, or none is seen."""

    def curves(self, problem: TensorProblem) -> Curves | None:
        """Curves of a linear network on the host, differentiable; None where they are not served."""

    def warped(self, problem: TensorProblem) -> Warped | None:
        """A warped flow on the host, differentiable; None where operators serve."""

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
