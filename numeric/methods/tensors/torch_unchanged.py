"""Whether tensors are still what a flow was made of: values are of copies, slopes would be of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from numeric.errors import InputError
from numeric.methods.tensors.torch_plain import to_numpy

if TYPE_CHECKING:
    from numeric.data.training import TrainingProblem
    from numeric.methods.tensors.reading import TensorProblem


class Unchanged:
    """The tensors of a flow, as they were when it was made.

    Args:
        problem: the tensors.
        seen: copies of the weights.
    """

    def __init__(self, problem: TensorProblem, seen: TrainingProblem) -> None:
        one = problem
        self.tensors = one.u0, one.W0, one.X, one.targets, one.gamma, one.eta_u, one.eta_w
        self._versions = self._counted()
        others = (np.array(z.detach().numpy()) for z in self.tensors[2:])
        self._values = seen.u0, seen.W0, *others

    def _counted(self) -> tuple[int, ...]:
        """How often each tensor has been written to, as far as torch counts."""
        return tuple(0 if z.is_inference() else z._version for z in self.tensors)  # noqa: SLF001

    def require(self) -> None:
        """Refuse derivatives by tensors that are not what they were.

        Torch counts what it writes, but neither what is written through `data` nor what numpy writes to
        memory that it shares: so values are compared, too, but within transforms, which hide them.

        Raises:
            InputError: where a derivative is asked for, after a tensor was written to.
        """
        if not torch.is_grad_enabled() or not any(z.requires_grad for z in self.tensors):
            return
        same = self._counted() == self._versions and all(
            now is None or np.array_equal(value, now)
            for value, now in zip(self._values, map(to_numpy, self.tensors), strict=True)
        )
        if not same:
            raise InputError(
                "u0, W0, x, y, gamma, eta_u, eta_w",
                "a tensor that was changed in place since",
                "a new flow of it, for derivatives",
            )
