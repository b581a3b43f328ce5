"""Stage: from which width on the count is complete (see `symbolic.laws.widths`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Integer, Symbol, latex

from symbolic.declared.count import Count
from symbolic.laws.widths import Widths, proved_widths
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class EveryWidth(Record):
    """Sizes that count neurons, at which no law is missing from some number on.

    Attributes:
        proved: for each such size; the other sizes as they are.
    """

    count: Need[Count]
    proved: tuple[Widths, ...]

    def certify(self) -> Iterator[Certificate]:
        """The finitely many counts that the proof rests on, and that of this instance."""
        for one in self.proved:
            claim = f"no law is missing at every {one.symbol} >= {one.start}"
            yield Certificate(claim, self._agrees(one))

    def _agrees(self, one: Widths) -> Verdict:
        here = self.count.polynomial.fields.instance.sizes[one.symbol]
        if not all(count.complete for count in one.checks):
            return Undecided("a count that it rests on is not complete")
        if here >= one.start and not self.count.is_complete:
            return Undecided(f"the count at {one.symbol} = {here} is not complete")
        return Proved(one.proof)

    def explain(self) -> Iterator[Step]:
        """From which number on, and why."""
        rows = tuple(
            (rf"{latex(Symbol(one.symbol))}_{{\min}}", Integer(one.start)) for one in self.proved
        )
        yield Step("Every width", rows, " ".join(one.proof for one in self.proved))


def derive(count: Count) -> EveryWidth:
    """Try each size."""
    if count.wrong:
        raise DoesNotApply("; ".join(count.wrong))
    instance = count.polynomial.fields.instance
    found, reasons = list[Widths](), list[str]()
    for symbol in instance.model.symbols:
        one = proved_widths(instance.model, symbol, instance.sizes)
        found += [one] if isinstance(one, Widths) else []
        reasons += [one] if isinstance(one, str) else []
    if not found:
        raise DoesNotApply("; ".join(reasons) or "there is no size")
    return EveryWidth(count=count, proved=tuple(found))
