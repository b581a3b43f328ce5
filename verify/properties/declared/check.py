"""A declared network under descent that torch runs: what must hold of it, and what must be refuted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from sympy import Expr

from symbolic.architecture.fields import Field, fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Model, Sizes
from symbolic.declared import one_field
from symbolic.declared.separable_laws import SeparableLaws
from symbolic.derivation import derive
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, diagonal_laws, matrix_laws
from symbolic.laws.ansatz import polynomial_laws
from symbolic.laws.darboux import ProductLaw, product_laws
from symbolic.laws.lie_rank import lie_rank
from symbolic.laws.rank import independent
from symbolic.laws.rates import RatedLaw, laws_with_rates, not_absorbed
from symbolic.laws.ring import Ring
from symbolic.laws.symmetries import Symmetry, symmetries
from symbolic.proof.certificate import DoesNotApply
from verify.networks import shelf
from verify.oracle.declared.drawing import draw
from verify.oracle.declared.problem import Problems
from verify.properties.declared import altered, quantities
from verify.properties.declared.agreement import (
    agrees_with_hand,
    agrees_with_ring,
    moves_along_fields,
)
from verify.properties.declared.altered import Altered, Exact, Refuted
from verify.properties.declared.commutes import commute
from verify.properties.declared.drift import Step, has_exact_drift
from verify.properties.declared.maps import Map, flip, neurons, permutation, rotation, sign_flips
from verify.properties.declared.order import Runs, has_order_one
from verify.properties.declared.other_sizes import other_sizes
from verify.properties.declared.quantities import Quantity
from verify.properties.declared.report import Report
from verify.properties.outcome import LeftOut, Results, fold

PROBLEMS, OTHERS = 8, 2  # drawn; of sizes beside those of the instance
FEW = 2  # problems that altered symmetries are refuted by
Progress = Callable[[str], None]
LawAndAltered = tuple[Quantity, list[Altered]]


@dataclass(frozen=True)
class Claims:
    """What is said of an instance, and checked.

    Attributes:
        laws: polynomials in the weights, with their rates.
        products: of powers of polynomials in the weights over the roots of their rates.
        at_all_sizes: laws of matrices and of diagonals, at all rates.
        separable: laws of neurons by separation, in symbols of weights and rates.
        clocks: how many differences of clocks are said to be conserved.
        isometries: antisymmetric matrices of symmetries.
        flips: changes of signs that leave the outputs alone, bit i for weight i.
        permutations: of weights that leave the outputs alone, the place that each goes to; orders of
            hidden neurons are looked at whatever is said.
    """

    laws: Sequence[RatedLaw] = ()
    products: Sequence[ProductLaw] = ()
    at_all_sizes: Sequence[MatrixLaw | DiagonalLaw] = ()
    separable: Sequence[Expr] = ()
    clocks: int = 0
    isometries: Sequence[Symmetry] = ()
    flips: Sequence[int] = ()
    permutations: Sequence[Sequence[int]] = ()


def claims(instance: Instance, found: Sequence[Field]) -> Claims:
    """What is found of an instance; independent products where polynomials do not close the count."""
    D, model = instance.weights, instance.model
    plain = polynomial_laws(found, D)
    alone = independent(plain, (), D)
    rank = lie_rank(model, instance.sizes, D - alone, depth=3, seeds=1).value
    products: list[ProductLaw] = []
    for one in [] if alone + rank == D else product_laws(Ring(instance.names, found), plain):
        if independent(plain, [*products, one], D) > independent(plain, products, D):
            products.append(one)
    return Claims(
        laws_with_rates(found, instance.rates, D).laws,
        products,
        [*matrix_laws(model), *diagonal_laws(model)],
        *_separable(instance),
        symmetries(found, D).isometries,
        sign_flips(instance),
    )


def _separable(instance: Instance) -> tuple[Sequence[Expr], int]:
    """Laws of neurons, and differences of clocks, where there is one field."""
    try:
        one_field.derive(instance)
    except DoesNotApply:
        return (), 0
    found = derive(instance, wanted={SeparableLaws}).get(SeparableLaws)
    return (found.laws, found.independent[1]) if found else ((), 0)


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
    """One verification.

    Symmetries and products of weights over the roots of rates are looked at with equal rates where rates
    are not absorbed (see `symbolic.laws.rates`): these only set the unit of time.
    """

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
        self.exact = Exact(instance.names, found, instance.rates)
        kept = not_absorbed(found, instance.rates)
        self.kept = kept if len(kept) > 1 else ()
        progress("problems")
        self.problems = self._draw()
        self.equal = self._draw(equal_rates=True) if self.kept else self.problems
        progress("descent")
        self.step, self.runs = Step(self.problems), Runs(self.problems)
        self.altered = Refuted()

    def _draw(self, *, equal_rates: bool = False) -> Problems:
        return draw(
            self.model, self.instance.sizes, PROBLEMS, self.seed,
            instance=self.instance, equal_rates=equal_rates,
        )  # fmt: skip

    def report(self) -> Report:
        """All properties, one after another."""
        problems, names = self.problems, self.instance.names
        outcomes = [
            fold("agrees with hand", agrees_with_hand(problems)),
            fold("agrees with ring", agrees_with_ring(problems, self.instance)),
            fold("moves along fields", moves_along_fields(problems, self.fields, names)),
        ]
        self.progress("laws along descent")
        polynomials, products = self._polynomials(), self._products()
        outcomes.append(fold("exact drift", self._drifts(polynomials, products)))
        outcomes.append(fold("order one", self._orders(polynomials, products)))
        self.progress("other sizes")
        outcomes.append(fold("all sizes", self._all_sizes()))
        self.progress("symmetries")
        outcomes.append(fold("commutes", self._commutes()))
        return Report(
            self.model.name,
            dict(self.instance.sizes),
            shelf.is_by_hand(self.model),
            self.kept,
            outcomes,
            self.altered,
        )

    def _polynomials(self) -> list[LawAndAltered]:
        found = []
        for law in self.said.laws:
            one = quantities.of_polynomial(law, self.instance.names)
            found.append((one, list(self.exact.of_polynomial(law, one))))
        return found

    def _products(self) -> list[LawAndAltered]:
        found = []
        for law in self.said.products:
            one = quantities.of_product(law)
            changed = self.exact.of_product(law, one)
            # At equal rates nothing is left out with them.
            found.append((one, [z for z in changed if not (self.kept and z.of_rates)]))
        return found

    def _drifts(
        self, polynomials: Sequence[LawAndAltered], products: Sequence[LawAndAltered]
    ) -> Results:
        for one, changed in polynomials:
            if one.degrees is None:
                yield LeftOut("no law of degree 2: its drift has no closed form")
                continue
            yield one.name, has_exact_drift(self.step, one)
            self._refute(changed, partial(has_exact_drift, self.step))
        for _ in (*products, *self.said.separable):
            yield LeftOut("no law of degree 2: its drift has no closed form")

    def _orders(
        self, polynomials: Sequence[LawAndAltered], products: Sequence[LawAndAltered]
    ) -> Results:
        of_products = Runs(self.equal) if self.kept and products else self.runs
        for laws, runs in ((polynomials, self.runs), (products, of_products)):
            for one, changed in laws:
                yield one.name, has_order_one(runs, one)
                if one.degrees is None:
                    self._refute(changed, partial(has_order_one, runs))
        yield from self._separables()

    def _separables(self) -> Results:
        for law in self.said.separable:
            try:
                one = quantities.of_separable(law, self.instance.names)
            except NotImplementedError as reason:
                yield LeftOut(str(reason))
                continue
            yield one.name, has_order_one(self.runs, one)
            changed = [Altered(z, is_law=False) for z in quantities.alterations(one)]
            if len(set(self.instance.rates)) > 1:
                changed.append(Altered(one.without_rates(), is_law=False, of_rates=True))
            self._refute(changed, partial(has_order_one, self.runs))
        for _ in range(self.said.clocks):
            yield LeftOut("a difference of clocks is an integral along a curve")

    def _refute(self, changed: Sequence[Altered], violates: Callable[[Quantity], float]) -> None:
        for one in changed:
            if one.is_law:
                self.altered += Refuted(laws_again=1)
            else:
                refuted = not violates(one.quantity) <= 1
                self.altered = self.altered.add(one.quantity.name, refuted=refuted)

    def _all_sizes(self) -> Results:
        """Laws of matrices where sizes are others and rates different."""
        if not self.said.at_all_sizes:
            return
        for sizes in other_sizes(self.model, self.instance.sizes, OTHERS):
            drawn = draw(self.model, sizes, PROBLEMS, self.seed + 1, is_tame=False)
            taken = Step(drawn)
            where = ", ".join(f"{symbol} = {n}" for symbol, n in sizes.items())
            for law in self.said.at_all_sizes:
                one = quantities.of_matrices(law)
                yield f"{one.name} at {where}", has_exact_drift(taken, one)
                changed = list(altered.of_matrices(law, one, self.model))
                self._refute(changed, partial(has_exact_drift, taken))

    def _commutes(self) -> Results:
        names, D = self.instance.names, self.instance.weights
        maps = [flip(mask, names) for mask in self.said.flips]
        maps += neurons(self.model, self.instance.sizes)
        for k, places in enumerate(self.said.permutations):
            maps.append(permutation(places, f"permutation {k + 1}"))
        changed: list[tuple[Map, bool]] = []
        for k, symmetry in enumerate(self.said.isometries):
            maps.append(rotation(symmetry, D, f"rotation {k + 1}"))
            changed += altered.of_rotation(symmetry, f"rotation {k + 1}", self.exact.ring)
        for mask in self.said.flips:
            changed += altered.of_flip(mask, self.said.flips, names)
        self.altered += Refuted(laws_again=sum(is_one for _, is_one in changed))
        others = [one for one, is_one in changed if not is_one]
        few = self.equal.rows(torch.arange(FEW))
        for other, ratio in zip(others, commute(few, others), strict=True):
            self.altered = self.altered.add(other.name, refuted=not ratio <= 1)
        for one, ratio in zip(maps, commute(self.equal, maps), strict=True):
            yield one.name, ratio
