"""Tables of symbols, declared beside those who use them, and the one that all of them make.

No two symbols have one name, and no two entries one LaTeX: that is refused where it is declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sympy import Expr, IndexedBase, Symbol


@dataclass(frozen=True)
class Notation:
    """One entry of a table.

    Attributes:
        latex: how it is typeset.
        meaning: what it is, in words.
        symbol: the SymPy symbol or indexed base, whose name is the code identifier; None for what
            stands in written text alone.
        value: what is printed in its place, where its name is one of code: cosh(s) for cosh_s.
    """

    latex: str
    meaning: str
    symbol: Symbol | IndexedBase | None = None
    value: Expr | None = None


class Registry(Mapping[str, Notation]):
    """Symbols by identifier; and of each LaTeX, that of written text included, the meaning."""

    def __init__(self) -> None:
        self._entries: dict[str, Notation] = {}
        self._by_latex: dict[str, Notation] = {}

    def add(self, entry: Notation) -> None:
        """Add an entry.

        Raises:
            ValueError: where its name or its LaTeX is another one's.
        """
        if self._entries.get(str(entry.symbol), entry) != entry:
            raise ValueError(f"found two symbols {entry.symbol}; expected one")
        if self._by_latex.get(entry.latex, entry) != entry:
            raise ValueError(f"found two meanings of {entry.latex}; expected one")
        self._by_latex[entry.latex] = entry
        if entry.symbol is not None:
            self._entries[str(entry.symbol)] = entry

    def __getitem__(self, name: str) -> Notation:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def meaning(self, latex: str) -> str:
        """What stands behind LaTeX."""
        return self._by_latex[latex].meaning

    def meanings(self) -> dict[str, str]:
        """Every LaTeX that is known, and what it means."""
        return {latex: entry.meaning for latex, entry in self._by_latex.items()}


TABLE = Registry()  # of all tables that were imported


def scalar(identifier: str, latex: str, meaning: str, **sign: bool) -> Symbol:
    """Declare a symbol."""
    symbol = Symbol(identifier, **sign)
    TABLE.add(Notation(latex, meaning, symbol))
    return symbol


def indexed(identifier: str, latex: str, meaning: str) -> IndexedBase:
    """Declare real numbers with an index."""
    base = IndexedBase(identifier, real=True)
    TABLE.add(Notation(latex, meaning, base))
    return base


def square(identifier: str, latex: str, meaning: str, **sign: bool) -> Symbol:
    """Declare the square of what is typeset without it: its square root is no root in print."""
    symbol, root = Symbol(identifier, **sign), Symbol(latex, nonnegative=True)
    TABLE.add(Notation(f"{latex}^2", meaning, symbol, root**2))
    return symbol


def function(identifier: str, latex: str, meaning: str, value: Expr, **sign: bool) -> Symbol:
    """Declare a name of code for a function's value."""
    symbol = Symbol(identifier, **sign)
    TABLE.add(Notation(latex, meaning, symbol, value))
    return symbol


def written(entries: Mapping[str, str]) -> None:
    """Declare what no expression holds: LaTeX and meaning."""
    for latex, meaning in entries.items():
        TABLE.add(Notation(latex, meaning))
