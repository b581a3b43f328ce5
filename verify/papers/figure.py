"""A figure of a paper, drawn anew: a module in the `figures` folder of the paper's package.

Figures are found, not listed: one more is one module more, whose name is the figure's, whose
docstring says what it shows, and which has `make(setting, track) -> Drawn`.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

T = TypeVar("T")
Row = dict[str, str | float]
HERE = Path(__file__).parent


class Track(Protocol):
    """What counts how many of some things are done, while they are iterated."""

    def __call__(self, things: Iterable[T], total: int) -> Iterable[T]:
        """The same things."""
        ...


def untracked(things: Iterable[T], total: int) -> Iterable[T]:
    """The same things, where nobody watches."""
    return things


@dataclass(frozen=True)
class Setting:
    """What may be chosen of a figure: the width and the seed of what it draws at random."""

    width: int = 10_000
    seed: int = 0


@dataclass(frozen=True)
class Drawn:
    """A figure, before it is written.

    Attributes:
        pictures: by name of file, what gives the bytes of a picture for ".png" or ".pdf".
        curves: of each curve that has points of descent what it is, in words, and as "deviation" the
            largest distance of such a point from theory.
    """

    pictures: Mapping[str, Callable[[str], bytes]]
    curves: Sequence[Row] = ()


@dataclass(frozen=True)
class Figure:
    """Where a figure is.

    Attributes:
        paper: name of its package.
        name: of its module.
    """

    paper: str
    name: str

    @property
    def says(self) -> str:
        """The first line of its docstring, which is read without running anything."""
        text = (HERE / self.paper / "figures" / f"{self.name}.py").read_text(encoding="utf-8")
        return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]

    def make(self, setting: Setting, track: Track = untracked) -> Drawn:
        """Theory, descent, and what draws them."""
        module = importlib.import_module(f"{__package__}.{self.paper}.figures.{self.name}")
        made: Drawn = module.make(setting, track)
        return made


def figures() -> Iterator[Figure]:
    """All there are, by paper and name."""
    for path in sorted(HERE.glob("*/figures/*.py")):
        if path.stem != "__init__":
            yield Figure(path.parts[-3], path.stem)
