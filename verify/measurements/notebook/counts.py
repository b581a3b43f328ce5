"""Laws of a declared network at all sizes, the rank of its Lie algebra, and how long that took."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from symbolic.architecture.gates import has_gates
from symbolic.architecture.model import Model
from symbolic.architecture.regions import Seen, regions
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, diagonal_laws, matrix_laws
from symbolic.laws.ansatz import Law
from symbolic.laws.entries import entries
from symbolic.laws.lie_rank import lie_rank
from symbolic.laws.rank import independent
from symbolic.laws.rates import at
from verify.measurements.notebook.networks import NUMBER, PRINTED, notebook_networks

Finder = Callable[[Model], list[Law]]
REGIONS = 16


@dataclass(frozen=True)
class Counted:
    """A network.

    Attributes:
        model: the declaration.
        weights, laws, rank: the numbers; laws are independent ones. None where time did not allow them.
        seconds: of processor time.
    """

    model: Model
    weights: int
    laws: int | None
    rank: int | None
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether laws and rank add up to the weights."""
        return self.gap == 0

    @property
    def gap(self) -> int | None:
        """Weights that neither accounts for."""
        if self.laws is None or self.rank is None:
            return None
        return self.weights - self.laws - self.rank

    def __str__(self) -> str:
        said = "complete" if self.complete else f"undecided: gap {_known(self.gap)}"
        return (
            f"{self.model.title:58} {self.weights:4} weights {_known(self.laws):>3} laws "
            f"{_known(self.rank):>4} rank  {said}  {self.seconds:6.2f} s"
        )


def _known(number: int | None) -> str:
    return "?" if number is None else str(number)


def at_all_sizes(model: Model) -> list[Law]:
    """Laws of matrices, diagonals and norms, entry by entry, at unit rates."""
    ones = {layer.rate: 1 for layer in model.layers.values()}
    laws: list[MatrixLaw | DiagonalLaw] = [*matrix_laws(model), *diagonal_laws(model)]
    return [at(one, ones) for law in laws for one in entries(law, model, model.sizes[0])]


def counted(model: Model, finder: Finder = at_all_sizes) -> Counted:
    """Laws, their number, and the rank, of the first sizes.

    Args:
        model: the declaration.
        finder: of its laws.
    """
    start, sizes = time.process_time(), model.sizes[0]
    D = model.number_of_weights(sizes)
    laws = independent(finder(model), (), D)
    # Fields of several regions of gates together: what they all conserve is conserved across gates.
    met = [Seen(model, sizes, one) for one in islice(regions(model, sizes), REGIONS)]
    rank = lie_rank(model, sizes, D - laws, seen=met if has_gates(model) else ()).value
    return Counted(model, D, laws, rank, time.process_time() - start)


def lines(models: Sequence[Model] | None = None, finder: Finder = at_all_sizes) -> Iterator[str]:
    """A line for each network as it is counted, and the totals.

    Args:
        models: those of the notebook, if none are given.
        finder: of their laws.
    """
    done = list[Counted]()
    for model in notebook_networks() if models is None else models:
        done.append(counted(model, finder))
        yield str(done[-1])
    yield from totals(done)


def totals(done: Sequence[Counted]) -> Iterator[str]:
    """Of each kind how many are complete, and in which time beside the notebook's own."""
    for kind, printed in PRINTED.items():
        own = of_kind(done, kind)
        if own:
            yield (
                f"{kind}: {sum(one.complete for one in own)} of {len(own)} complete in "
                f"{sum(one.seconds for one in own):.1f} s of processor time on one core; "
                f"of all {NUMBER} the notebook prints {clock(printed)}"
            )
    yield f"memory at most {memory():.0f} MiB"


def of_kind(done: Sequence[Counted], kind: str) -> list[Counted]:
    """Those of a key of `PRINTED`."""
    return [one for one in done if one.model.name.startswith(kind)]


def memory() -> float:
    """MiB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def clock(seconds: int) -> str:
    """Hours, minutes and seconds, as the bars of the notebook print them."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
