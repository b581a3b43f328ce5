"""What is said of a declared network at given sizes, as JSON.

`solved` says whether every block is solved in time from any start, or from any on the leaf of a law that
`recognised` names. `solutions` lists every class that was found, block by block, with the starts that it
is for: any, those on the leaf of a law, or aligned modes, where other weights are 0. `chain` is null
where outputs do not move with one product of scalar weights alone. `regions` is null where no gate is
shut or open by weights, or they were not told apart (`does_not_apply` has the reason).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symbolic.declared.chain import ScalarChain
from symbolic.declared.gate_regions import Regions
from symbolic.declared.left import Left
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.recognised import Solvable
from symbolic.declared.starts import starts
from symbolic.declared.symmetries import Why
from symbolic.declared.two_layer import TwoLayer
from symbolic.declared.widths import EveryWidth
from symbolic.declared.written import LATEX

if TYPE_CHECKING:
    from symbolic.declared.summary import Summary


def as_json(one: Summary) -> dict[str, Any]:
    """For `json.dumps`.

    Args:
        one: what is said of a network at given sizes.
    """
    count, left = one.count, one.records.get(Left)
    why: Why | None = one.records.get(Why)
    solvable, widths = one.records.get(Solvable), one.records.get(EveryWidth)
    two_layer: TwoLayer | None = one.records.get(TwoLayer)
    return {
        "sizes": dict(one.instance.sizes),
        "weights": one.instance.weights,
        "independent": one.independent,
        "lie_rank": one.lie_rank,
        "complete": bool(count and count.is_complete),
        "gap": count.gap if count and not count.wrong else None,
        "left": left.at_least if left and left.is_exact else None,
        "left_between": [left.at_least, left.at_most] if left else None,
        "symmetries": {
            kind: len(why.symmetries.of_kind(kind)) for kind in ("law", "reduction", "neither")
        }
        if why
        else {},
        "signs": why.signs if why else [],
        "permutations": [one.words for one in why.symmetries.permutations] if why else [],
        "regions": _regions(one.records.get(Regions)),
        "drawn": one.drawn,
        "assumed": list(count.assumed) if count and not count.wrong else [],
        "recognised": one.recognised,
        "solved": bool(solvable and solvable.is_solved),
        "solutions": starts(solvable) if solvable else [],
        "how_far": solvable.how_far if solvable else None,
        "chain": _chain(one.records.get(ScalarChain)),
        "activation": two_layer.network.name if two_layer and two_layer.has_name else None,
        "every_width": {one.symbol: one.start for one in widths.proved} if widths else {},
        "laws": one.laws(LATEX),
        "said": list(one.records[PolynomialLaws].said) if PolynomialLaws in one.records else [],
        "kinds": one.kinds,
        "not_decided": {kind.__name__: reason for kind, reason in one.undecided.items()},
        "does_not_apply": {
            kind.__name__: reason
            for kind, reason in one.reasons.items()
            if kind not in one.undecided
        },
    }


def _chain(found: ScalarChain | None) -> dict[str, Any] | None:
    """The product that outputs move with: powers of weights, and rates of the factors that they are."""
    if found is None:
        return None
    return {
        "powers": dict(found.product.powers),
        "depth": found.product.depth,
        "rates": {
            name: str(one)
            for (name, _), one in zip(found.product.powers, found.factors, strict=True)
        },
        "closed_from": found.starts,
    }


def _regions(found: Regions | None) -> dict[str, Any] | None:
    """What holds in regions of the weights: of all together, and of those that lack fields."""
    if found is None:
        return None
    return {
        "drawn": len(found.drawn),
        "with_all_fields": len(found.whole),
        "lie_rank": found.across,
        "complete": found.is_complete_across,
        "others": [
            {
                "weights": {
                    name: list(map(str, values)) for name, values in one.region.weights.items()
                },
                "patterns": len(one.cells),
                "independent": one.independent,
                "lie_rank": one.rank,
                "number": one.number,
                "more_laws": found.more(one, LATEX),
            }
            for one in found.others
        ],
    }
