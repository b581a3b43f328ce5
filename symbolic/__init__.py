"""The mathematics: from a loss to proved formulas. SymPy and python-flint only.

Start reading at `symbolic.derivation`, which runs the stages in order. Your own network is declared with

    from symbolic import Layer, Model
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symbolic.architecture.model import Layer, Model

__all__ = ["Layer", "Model"]


def __getattr__(name: str) -> Any:
    """Public names, loaded where they are used first."""
    if name not in __all__:
        raise AttributeError(f"symbolic has no {name!r}: there are {', '.join(__all__)}")
    from symbolic.architecture import model

    return getattr(model, name)
