"""Numbers from the derived formulas: `from numeric import GradientFlow` is the object to use.

Names are loaded when they are asked for, so that `import numeric.generated.linear` costs numpy and no
more. Nothing here imports SymPy or `symbolic`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numeric.flow import GradientFlow

__all__ = ["GradientFlow"]
_PLACES = {
    "GradientFlow": "numeric.flow",
}


def __getattr__(name: str) -> Any:
    """A public name, from the module that holds it."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
