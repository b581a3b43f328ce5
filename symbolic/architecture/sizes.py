"""Dimensions: whole linear expressions in size symbols, such as n, 2*k or n-k+1.

A size is read from text by its own grammar; nothing is evaluated as Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TERM = re.compile(r"([+-]?)\s*(?:(\d+)\s*\*?\s*)?([A-Za-z]\w*)?\s*")


class SizeError(ValueError):
    """A size is not one; the message says what is wrong and what would be right."""


@dataclass(frozen=True)
class Size:
    """A dimension: constant + Σ coefficient · symbol.

    Attributes:
        terms: coefficients by symbol, sorted, none zero.
        constant: what is added.
    """

    terms: tuple[tuple[str, int], ...] = ()
    constant: int = 0

    @classmethod
    def of(cls, written: str | int | Size) -> Size:
        """A size as it is declared: a symbol, a whole number, or a sum such as "n-k+1".

        Raises:
            SizeError: for anything else.
        """
        if isinstance(written, Size):
            return written
        if isinstance(written, int) and not isinstance(written, bool):
            if written < 1:
                raise SizeError(f"a size is at least 1, not {written}")
            return cls((), written)
        if not isinstance(written, str):
            raise SizeError(f"a size is a symbol or a whole number, not {written!r}")
        return cls._read(written)

    @classmethod
    def _read(cls, text: str) -> Size:
        place, found = 0, cls()
        stripped = text.strip()
        while place < len(stripped):
            match = TERM.match(stripped, place)
            sign, number, symbol = match.groups() if match else ("", None, None)
            if not (number or symbol) or (place and not sign):
                raise SizeError(f'a size reads like "n", 3 or "n-k+1", not {text!r}')
            factor = int(number or 1) * (-1 if sign == "-" else 1)
            found += cls(((symbol, factor),)) if symbol else cls((), factor)
            place = match.end() if match else place
        if not stripped:
            raise SizeError("a size is empty")
        return found

    def __add__(self, other: Size) -> Size:
        return self._sum(other, 1)

    def __sub__(self, other: Size) -> Size:
        return self._sum(other, -1)

    def _sum(self, other: Size, factor: int) -> Size:
        found = dict(self.terms)
        for symbol, coefficient in other.terms:
            found[symbol] = found.get(symbol, 0) + factor * coefficient
        kept = tuple(sorted((symbol, c) for symbol, c in found.items() if c))
        return Size(kept, self.constant + factor * other.constant)

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols in it."""
        return frozenset(symbol for symbol, _ in self.terms)

    def at(self, sizes: Mapping[str, int]) -> int:
        """Its value.

        Raises:
            SizeError: where a symbol has no value, or the size would be less than 1.
        """
        if missing := sorted(self.symbols - sizes.keys()):
            raise SizeError(f"no value for the size {missing[0]}")
        value = self.constant + sum(c * sizes[symbol] for symbol, c in self.terms)
        if value < 1:
            given = ", ".join(f"{symbol} = {sizes[symbol]}" for symbol in sorted(self.symbols))
            raise SizeError(f"{self} is {value} at {given}: a size is at least 1")
        return value

    def __str__(self) -> str:
        parts = [f"{'' if abs(c) == 1 else abs(c)}{symbol}" for symbol, c in self.terms]
        signs = [c for _, c in self.terms]
        if self.constant or not parts:
            parts.append(str(abs(self.constant)))
            signs.append(self.constant)
        order = sorted(range(len(parts)), key=lambda k: signs[k] < 0)  # a positive one leads
        text = "".join(("-" if signs[k] < 0 else "+") + parts[k] for k in order)
        return text.removeprefix("+")


Shape = tuple[Size, ...]
ONE = Size((), 1)


def shape_of(written: Iterable[str | int | Size]) -> Shape:
    """A shape as it is declared."""
    return tuple(Size.of(size) for size in written)


def written(shape: Shape) -> str:
    """A shape in words: (), (n), (n, m)."""
    return f"({', '.join(map(str, shape))})"
