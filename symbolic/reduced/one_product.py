"""Networks whose outputs move with one product of powers of scalar weights alone, at all sizes.

    f_n(x) = g_n(x) + h_n(x) M,     M = ∏_i θ_i^(p_i),

read off the words of a declaration: every word in which a layer stands has the same layers as often as
any other, and beside them inputs and frozen weights. Under a square, whatever the data are, L is a
constant and c/2 (M − y)², c = k Σ h² and y = k Σ h (t − g)/c, with targets t and k the weight of a point.

A power is so many equal factors: θ moves by −η p θ^(p−1) (M/θ^p) ∂L/∂M, which is how each of p factors
that start at θ moves at the rate p η, and these stay equal. So M is the product of a scalar chain
(`symbolic.reduced.chain`) of Σ p_i factors.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from symbolic.architecture.contractions import Contraction
from symbolic.architecture.model import Model
from symbolic.architecture.words import Words
from symbolic.proof.certificate import DoesNotApply
from symbolic.reduced.given import SQUARES

LEAST = 3  # degree; of degree 1 outputs are affine, and of degree 2 there is the linear lift
OPAQUE = "?"  # how letters begin that are no layer, input or frozen weight: the signal is one


@dataclass(frozen=True)
class OneProduct:
    """M.

    Attributes:
        powers: of each layer in it, whole numbers above 0.
    """

    powers: tuple[tuple[str, int], ...]

    @property
    def depth(self) -> int:
        """How many factors the chain has."""
        return sum(p for _, p in self.powers)


def one_product(model: Model) -> OneProduct:
    """Read M off the words of a model.

    Args:
        model: the declaration.

    Raises:
        DoesNotApply: for a loss that is no square, outputs that are no polynomials or move with several
            products, weights that are no scalars, and a product that is not of degree 3 or more.
    """
    if model.loss not in SQUARES:
        raise DoesNotApply(f"the loss is {model.loss}, no square")
    words = Words(model)
    if words.cut:
        raise DoesNotApply("outputs are no polynomials in words")
    found = {_trained(word, model) for word, c in words.closed.items() if c} - {frozenset()}
    if not found:
        raise DoesNotApply("outputs never move")
    powers = dict(next(iter(found)))
    if arrays := [name for names in found for name, _ in names if model.layers[name].shape]:
        raise DoesNotApply(f"{min(arrays)} is no scalar")
    if len(found) > 1:
        raise DoesNotApply(f"outputs move with {len(found)} products of weights, not one")
    one = OneProduct(tuple((name, powers[name]) for name in model.layers if name in powers))
    if one.depth < LEAST:
        raise DoesNotApply(
            f"its product is of degree {one.depth}: a chain has {LEAST} factors or more"
        )
    return one


def _trained(word: Contraction, model: Model) -> frozenset[tuple[str, int]]:
    """The layers of a word, and how often each stands in it."""
    names = [letter.name for letter, _ in word.factors]
    opaque = [name for name in names if name.startswith(OPAQUE)]
    if len(opaque) > 1:  # a gate, or a power that is no whole one
        raise DoesNotApply("outputs are no polynomials in words")
    return frozenset(Counter(name for name in names if name in model.layers).items())
