"""Problems of a declared network, side by side: a leading axis runs over them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor

from symbolic.architecture.model import Model, Sizes
from verify.networks.graph import Forward, Named


@dataclass(frozen=True)
class Problems:
    """Problems side by side.

    Attributes:
        model, sizes: the declaration, a number for each size symbol.
        forward: the output at one input.
        weights: at the start, (problems, *shape) by layer.
        rates: (problems,) by layer.
        inputs: (problems, inputs, *shape) by name.
        frozen: untrained weights, the same in all problems.
        targets: (problems, inputs, outputs).
        units: of outputs and targets in the losses, (problems,).
        shares: of each loss of the class, (problems, losses).
    """

    model: Model
    sizes: Sizes
    forward: Forward
    weights: Named
    rates: Named
    inputs: Named
    frozen: Named
    targets: Tensor
    units: Tensor
    shares: Tensor

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.targets)

    def rows(self, places: Tensor) -> Problems:
        """Some of them, or some more than once."""

        def chosen(named: Named) -> dict[str, Tensor]:
            return {name: value[places] for name, value in named.items()}

        return replace(
            self,
            weights=chosen(self.weights),
            rates=chosen(self.rates),
            inputs=chosen(self.inputs),
            targets=self.targets[places],
            units=self.units[places],
            shares=self.shares[places],
        )

    def at(self, weights: Named) -> Problems:
        """The same with other weights."""
        return replace(self, weights=dict(weights))
