"""Parts of what was found, by number or by name.

Where one is missing, or there is one too many, no number takes the place of each, of which nothing is
proved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import sympy
from sympy import Expr

Name = TypeVar("Name")


def exactly(number: int, found: Sequence[Expr]) -> tuple[Expr, ...]:
    """So many parts, in order."""
    return tuple(found) if len(found) == number else (sympy.nan,) * number


def named(found: Mapping[Name, Expr], *names: Name) -> dict[Name, Expr]:
    """The parts of these names."""
    return dict(found) if set(found) == set(names) else dict.fromkeys(names, sympy.nan)
