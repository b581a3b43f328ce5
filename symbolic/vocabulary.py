"""All symbols under one name, as in `n.alpha`, and the table of all of them."""

from __future__ import annotations

from typing import Any

import symbolic.notation.letters  # noqa: F401 - declares what stands in written text alone
from symbolic.explicit import notation as explicit
from symbolic.limits import notation as limits
from symbolic.notation import symbols as core
from symbolic.notation.table import TABLE
from symbolic.warp import notation as warp

__all__ = ["TABLE"]


def __getattr__(name: str) -> Any:
    """A symbol of any table, by its name in Python."""
    for table in (core, warp, explicit, limits):
        if name in vars(table):
            return vars(table)[name]
    raise AttributeError(f"no table has the symbol {name}")
