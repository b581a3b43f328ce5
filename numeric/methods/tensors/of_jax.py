"""What `library` asks of jax. Its float64 is off unless `jax_enable_x64` is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
from jax import numpy as jnp

from numeric.methods.tensors import jax_operators
from numeric.methods.tensors.host import Numbers
from numeric.methods.tensors.library import Curves

if TYPE_CHECKING:
    from numeric.methods.tensors.reading import TensorProblem


class JaxLibrary:
    """jax, on any device."""

    xp: Any = jnp

    def placed(self, values: Mapping[str, Any], leading: Sequence[str]) -> dict[str, Any]:
        """Values as arrays of one floating type (see `Library`); jax places them itself."""
        first = [values[name] for name in leading if isinstance(values[name], jax.Array)]
        given = first or [z for z in values.values() if isinstance(z, jax.Array)]
        floating = [z.dtype for z in given if jnp.issubdtype(z.dtype, jnp.floating)]
        dtype = jnp.result_type(*floating) if floating else jnp.result_type(float)
        return {name: jnp.asarray(value, dtype=dtype) for name, value in values.items()}

    def decided(self, condition: Any) -> bool | None:
        """Whether a condition holds; None while jax traces."""
        return None if isinstance(condition, jax.core.Tracer) else bool(condition)

    def row(self, array: Any, index: Any) -> Any:
        """One row of an array."""
        return array[index]

    def to_numpy(self, array: Any) -> Any:
        """The values on the host; None while jax traces."""
        return None if isinstance(array, jax.core.Tracer) else np.asarray(array, dtype=np.float64)

    def wide(self, array: Any) -> Any:
        """The same in float64, if jax has it."""
        return jnp.asarray(array, dtype=jnp.result_type(float))

    def still(self, array: Any) -> Any:
        """The same without derivative."""
        return jax.lax.stop_gradient(array)

    def is_constant(self, *arrays: Any) -> bool:
        """It is not known of an array of jax."""
        return False

    def copied(self, array: Any) -> Any:
        """The array: none can be written to."""
        return array

    def unchanged(self, problem: TensorProblem) -> None:
        """Nothing: no array can be written to."""

    def curves(self, problem: TensorProblem) -> Curves | None:
        """None: jax traces what it differentiates, and compiles operations well."""
        return None

    def warped(self, problem: TensorProblem) -> None:
        """None: operators serve."""

    def scalars(self, setting: str, given: Numbers) -> Any:
        """`host.scalars`."""
        return jax_operators.scalars(setting, given)

    def neurons(self, setting: str, given: Numbers, changes: bool) -> Any:
        """`host.neurons`."""
        return jax_operators.neurons(setting, changes, given)


LIBRARY = JaxLibrary()
