"""A declared network under descent that torch runs: what must hold of it, and what must be refuted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from symbolic.architecture.fields import Field, fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Model, Sizes
from symbolic.laws.all_sizes import MatrixLaw, matrix_laws
from symbolic.laws.ansatz import Law, polynomial_laws
from symbolic.laws.darboux import ProductLaw, product_laws
from symbolic.laws.lie_rank import lie_rank
from symbolic.laws.rank import independent
from symbolic.laws.ring import Ring
from symbolic.laws.symmetries import Symmetry, symmetries
from verify.networks import shelf
from verify.oracle.declared.drawing import draw
from verify.properties.declared import altered, quantities
from verify.properties.declared.agreement import (
    agrees_with_hand,
    agrees_with_ring,
    moves_along_fields,
)
from verify.properties.declared.altered import Altered, Refuted
from verify.properties.declared.commutes import commute
from verify.properties.declared.drift import Step, has_exact_drift, one_step
from verify.properties.declared.maps import Map, flip, neurons, rotation, sign_flips
from verify.properties.declared.order import Runs, has_order_one
from verify.properties.declared.other_sizes import other_sizes
from verify.properties.declared.quantities import Quantity
from verify.properties.declared.rates import not_homogeneous
from verify.properties.declared.report import Report
from verify.properties.outcome import LeftOut, Results, fold

PROBLEMS, OTHERS = 8, 2
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Claims:
    """What is said of an instance, and checked.

    Attributes:
        laws: polynomials in the weights, each over the root of its rate.
        products: of powers of polynomials.
        matrices: laws at all sizes and all rates.
        isometries: antisymmetric matrices of symmetries.
        flips: changes of signs that leave the outputs alone, bit i for weight i.
    """

    laws: Sequence[Law] = ()
    products: Sequence[ProductLaw] = ()
    matrices: Sequence[MatrixLaw] = ()
    isometries: Sequence[Symmetry] = ()
    flips: Sequence[int] = ()


def claims(instance: Instance, found: Sequence[Field]) -> Claims:
    """What is found of an instance; independent products where polynomials do not close the count."""
    D, model = instance.weights, instance.model
    laws = polynomial_laws(found, D)
    alone = independent(laws, (), D)
    rank = lie_rank(model, instance.sizes, D - alone, depth=3, seeds=1).value
    products: list[ProductLaw] = []
    for one in [] if alone + rank == D else product_laws(Ring(instance.names, found), laws):
        if independent(laws, [*products, one], D) > independent(laws, products, D):
            products.append(one)
    isometries = symmetries(found, D).isometries
    return Claims(laws, products, matrix_laws(model), isometries, sign_flips(instance))


def verify_model(
    model: Model,
    sizes: Sizes,
    seed: int = 0,
    progress: Progress = lambda words: None,
    said: Claims | None = None,
) -> Report:
    """Check what is said of a declared network at given sizes; all of it is derived unless given.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of all problems.
        progress: told what is done next.
        said: laws and symmetries of the instance.
    """
    progress("expansion")
    instance = Instance(model, sizes)
    found = fields(instance)
    if said is None:
        progress("laws")
        said = claims(instance, found)
    return _Check(instance, found, said, seed, progress).report()


class _Check:
    """One verification."""

    def __init__(
        self,
        instance: Instance,
        found: Sequence[Field],
        said: Claims,
        seed: int,
        progress: Progress,
    ) -> None:
        self.instance, self.fields, self.said = instance, found, said
        self.model, self.progress, self.seed = instance.model, progress, seed
        self.ring = Ring(instance.names, found)
        self.unequal = not_homogeneous(found, instance.rates)
        self.rates = ("1",) * instance.weights if self.unequal else instance.rates
        progress("problems")
        self.problems = draw(
            self.model, instance.sizes, PROBLEMS, seed,
            instance=instance, equal_rates=bool(self.unequal),
        )  # fmt: skip
        progress("descent")
        self.step, self.runs = one_step(self.problems), Runs(self.problems)
        self.altered = Refuted()

    def report(self) -> Report:
        outcomes = [
            fold("agrees with hand", agrees_with_hand(self.problems)),
            fold("agrees with ring", agrees_with_ring(self.problems, self.instance)),
            fold(
                "moves along fields",
                moves_along_fields(self.problems, self.fields, self.instance.names),
            ),
        ]
        self.progress("laws along descent")
        of_laws = list(self._laws())
        outcomes.append(fold("exact drift", self._drifts([one for one, _ in of_laws])))
        outcomes.append(fold("order one", self._orders([one for one, _ in of_laws])))
        self.progress("altered laws")
        for _, changed in of_laws:
            self._refute(self.step, self.runs, changed)
        self.progress("other sizes")
        outcomes.append(fold("all sizes", self._all_sizes()))
        self.progress("symmetries")
        outcomes.append(fold("commutes", self._commutes()))
        return Report(
            self.model.name,
            dict(self.instance.sizes),
            shelf.is_by_hand(self.model),
            tuple(self.unequal),
            self._only_at_equal_rates([one for one, _ in of_laws]),
            outcomes,
            self.altered,
        )

    def _laws(self) -> Iterator[tuple[Quantity, Iterator[Altered]]]:
        for law in self.said.laws:
            one = quantities.of_polynomial(law, self.instance.names)
            yield one, altered.of_polynomial(law, one, self.ring, self.rates)
        for product in self.said.products:
            one = quantities.of_product(product, self.instance.names)
            yield one, altered.of_product(product, one, self.ring, self.rates)

    def _drifts(self, laws: Sequence[Quantity]) -> Results:
        for one in laws:
            if one.degrees is None:
                yield LeftOut("no law of degree 2: its drift has no closed form")
            else:
                yield one.name, has_exact_drift(self.step, one)

    def _orders(self, laws: Sequence[Quantity]) -> Results:
        for one in laws:
            yield one.name, has_order_one(self.runs, one)

    def _only_at_equal_rates(self, laws: Sequence[Quantity]) -> list[str]:
        """Laws that do not hold of weights over the roots of different rates."""
        if not self.unequal:
            return []
        drawn = draw(
            self.model, self.instance.sizes, PROBLEMS, self.seed + 2, instance=self.instance
        )
        step, runs = one_step(drawn), Runs(drawn)
        return [
            one.name
            for one in laws
            if not (has_order_one(runs, one) if one.degrees is None else has_exact_drift(step, one))
            <= 1
        ]

    def _refute(self, step: Step, runs: Runs | None, changed: Iterator[Altered]) -> None:
        for one in changed:
            quantity = one.quantity
            if one.is_law:
                self.altered += Refuted(laws_again=1)
                continue
            refuted = quantity.degrees is not None and not has_exact_drift(step, quantity) <= 1
            if not refuted and runs is not None:
                refuted = not has_order_one(runs, quantity) <= 1
            self.altered = self.altered.add(quantity.name, refuted=refuted)

    def _all_sizes(self) -> Results:
        """Matrix laws where sizes are others and rates different, whatever the polynomial laws need."""
        if not self.said.matrices:
            return
        for sizes in other_sizes(self.model, self.instance.sizes, OTHERS):
            problems = draw(self.model, sizes, PROBLEMS, self.seed + 1, is_tame=False)
            step = one_step(problems)
            for law in self.said.matrices:
                one = quantities.of_matrices(law)
                where = ", ".join(f"{symbol} = {n}" for symbol, n in sizes.items())
                yield f"{one.name} at {where}", has_exact_drift(step, one)
                self._refute(step, None, altered.of_matrices(law, one, self.model))

    def _commutes(self) -> Results:
        names, D = self.instance.names, self.instance.weights
        maps = [flip(mask, names) for mask in self.said.flips]
        maps += neurons(self.model, self.instance.sizes)
        changed: list[tuple[Map, bool]] = []
        for k, symmetry in enumerate(self.said.isometries):
            maps.append(rotation(symmetry, D, f"rotation {k + 1}"))
            changed += altered.of_rotation(symmetry, f"rotation {k + 1}", self.ring)
        for mask in self.said.flips:
            changed += altered.of_flip(mask, self.said.flips, names)
        self.altered += Refuted(laws_again=sum(is_one for _, is_one in changed))
        others = [one for one, is_one in changed if not is_one]
        for other, ratio in zip(others, commute(self.problems, others), strict=True):
            self.altered = self.altered.add(other.name, refuted=not ratio <= 1)
        for one, ratio in zip(maps, commute(self.problems, maps), strict=True):
            yield one.name, ratio
