"""Stage: the linear lift behind the flow under half a square, and the data that allow it.

See `symbolic.lift`: the rows of Q that are frozen, laws, lift P with the conditions on second moments,
and lift T where one coefficient moves all weights. Nothing here knows which network it is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy
from flint import fmpq
from sympy import Add, Eq, Expr, ImmutableMatrix, Symbol, latex

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Model
from symbolic.laws.absorbed import number
from symbolic.laws.blocks import independent_blocks
from symbolic.laws.reduction import Potential
from symbolic.lift.at_all_sizes import LiftAtAllSizes, lift_at_all_sizes
from symbolic.lift.frame import written
from symbolic.lift.lifted import Lifted, certificates, lifted
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.reduced.given import given

WRITTEN = 6  # conditions; ten inputs have 54


@dataclass(frozen=True, kw_only=True)
class Lift(Record):
    """The lifts of a network under half a square, block by block.

    Attributes:
        potentials: coefficients c_k of the outputs.
        blocks: of weights that do not feel one another on white data.
        at_all_sizes: lift P in words, for any numbers of inputs, hidden units and outputs, where these
            say it.
    """

    instance: Need[Instance]
    potentials: tuple[Potential, ...]
    blocks: tuple[Lifted, ...]
    at_all_sizes: LiftAtAllSizes | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of each block: "P" for lift P at white data, "T" for lift T, both, or neither."""
        return tuple(
            "P" * (one.projective is not None and one.projective.white is not None)
            + "T" * (one.clock is not None)
            for one in self.blocks
        )

    @property
    def conditions(self) -> tuple[tuple[Expr, ...], ...]:
        """Of each block: what has to vanish, in second moments h of what multiplies its outputs."""
        return tuple(
            tuple(map(_form, one.projective.conditions)) if one.projective is not None else ()
            for one in self.blocks
        )

    def certify(self) -> Iterator[Certificate]:
        """Polynomial identities."""
        yield from certificates(self.instance, self.potentials, self.blocks)
        if self.at_all_sizes is not None:
            yield from self.at_all_sizes.certificates()

    def explain(self) -> Iterator[Step]:
        """At all sizes, then block by block."""
        if self.at_all_sizes is not None:
            yield Step("Lift at all sizes", tuple(_words_rows(self.at_all_sizes)), IN_WORDS)
        several = len(self.blocks) > 1
        for k, one in enumerate(self.blocks, 1):
            if one.frame is not None:
                name = f"Lift, block {k}" if several else "Lift"
                yield Step(name, tuple(_rows(one)), _words(one, self.conditions[k - 1]))


def derive(instance: Instance) -> Lift:
    """Look for the lifts of every block.

    Raises:
        DoesNotApply: where no block has any, with what each of them lacks.
    """
    whole = given(instance)
    blocks = tuple(
        lifted(whole.potentials, whole.rates, block)
        for block in independent_blocks(whole.potentials)
    )
    if not any(one.is_lifted for one in blocks):
        reasons = dict.fromkeys(
            one.reason or "no second moments of the data allow it" for one in blocks
        )
        raise DoesNotApply(f"no linear lift: {'; '.join(reasons) or 'no weight moves'}")
    return Lift(
        instance=instance,
        potentials=whole.potentials,
        blocks=blocks,
        at_all_sizes=_at_all_sizes(instance.model),
    )


def few(conditions: Sequence[str]) -> str:
    """A list of them, of which the first ones are written out."""
    if len(conditions) <= WRITTEN:
        return ", ".join(conditions)
    return f"{', '.join(conditions[: WRITTEN - 1])}, and {len(conditions) - WRITTEN + 1} more like these"


def _at_all_sizes(model: Model) -> LiftAtAllSizes | None:
    try:
        return lift_at_all_sizes(model)
    except DoesNotApply:
        return None


def _form(condition: Mapping[tuple[int, int], fmpq]) -> Expr:
    """A combination of moments: h_12, and h_1,12 where numbers have two digits."""

    def moment(m: int, n: int) -> Symbol:
        between = "," if max(m, n) >= 9 else ""
        return Symbol(f"h_{m + 1}{between}{n + 1}", real=True)

    return Add(*(number(c) * moment(m, n) for (m, n), c in condition.items()))


def _rows(one: Lifted) -> Iterator[tuple[str, Expr | str]]:
    """Q, what acts on it, laws, and the lift on white data."""
    assert one.frame is not None
    gram = one.frame.gram
    yield (
        "Q",
        ImmutableMatrix(
            [[one.rates.absorbed[column[a]] for column in gram.columns] for a in range(gram.size)]
        ),
    )
    yield r"\rho,\ \sigma", rf"{latex(one.rho)},\ {latex(one.rates.speed)}"
    if one.frame.frozen:
        yield r"R = (K^{\top} K)^{-1} K^{\top} Q,\quad K", written(one.frame.columns)
    for k, J in enumerate(one.frame.laws, 1):
        yield f"J_{{{k}}}", written(J)
    for k, A in zip(one.block.potentials, one.frame.actions, strict=True):
        yield f"A_{{{k + 1}}}", written(A)
    if one.projective is not None and (white := one.projective.white) is not None:
        yield "S", written(white.S)
        for j in one.laws:
            yield f"G_{{{j + 1}}}", written(white.G[j])
    if one.clock is not None and one.clock.square is not None:
        yield r"\kappa^2", number(one.clock.square)


IN_WORDS = (
    r"Whatever the numbers of inputs, hidden units and outputs: words in the blocks of $Q$, and $B$, "
    r"expanded on both sides. Inputs have second moments $m 1$, $B$ is the best linear map less what is "
    r"not trained."
)


def _words_rows(lift: LiftAtAllSizes) -> Iterator[tuple[str, Expr | str]]:
    """Rows of Q, F by blocks, and the numbers of S, G and J."""
    blocks = lift.words.blocks
    for i, block in enumerate(blocks, 1):
        turned = r"^{\top}" if block.axes.startswith("h") else ""
        yield f"Q_{i}", f"{latex(Symbol(block.layer))}{turned}"
    B = Symbol("B", commutative=False)
    T = Symbol("B^{\\top}", commutative=False)
    for (i, j), (plain, turned_too) in lift.force.items():
        yield f"F_{{{i + 1}{j + 1}}}", Symbol("m") * (plain * B + turned_too * T)
    for name, values in (("S", lift.S), ("G", lift.G), ("J", lift.J)):
        factor = sympy.Integer(1) if name == "J" else Symbol("m")
        for i, value in enumerate(values, 1):
            if any(values):
                yield rf"{name}_{i}", factor * value


def _words(one: Lifted, conditions: tuple[Expr, ...]) -> str:
    """What the lift says, and of which data."""
    said = []
    if one.projective is not None and one.projective.white is not None:
        leaf = ", ".join(rf"$R^{{\top}} J_{{{j + 1}}} R = \lambda_{{{j + 1}}} 1$" for j in one.laws)
        law = "".join(rf" + \rho^2 \lambda_{{{j + 1}}} G_{{{j + 1}}}" for j in one.laws)
        where = f" on {leaf}" if leaf and one.frame and one.frame.units > 1 else ""
        said.append(
            rf"$\dot R = F R - \sigma\rho^2 R R^{{\top}} S R$, "
            rf"$F = \sigma(\rho \sum_k b_k A_k{law})${where}: "
            r"$R R^{\top} = N C^{-1} N^{\top}$ of a linear flow $\dot N = F N$, "
            r"$\dot C = 2 \sigma \rho^2 N^{\top} S N$."
        )
    if conditions:
        these = [f"${latex(Eq(one, 0, evaluate=False))}$" for one in conditions]
        said.append(f"Of the second moments $h$ of the data it needs {few(these)}.")
    if one.clock is not None:
        said.append(r"$\dot R = s A R$ with one clock, from any start, under any loss.")
    return " ".join(said)
