"""From which starts a class of the flow holds, and how far it is solved from there.

A class may hold from any start; on the leaf of a law, where that is a multiple of the identity at the
start; or on aligned modes, where all weights off the diagonals of layers are 0, and stay it.
"""

from __future__ import annotations

from typing import Any

from symbolic.declared.recognised import Solvable
from symbolic.laws.recognition import NONE
from symbolic.reduced.matrix_riccati import MatrixRiccati
from symbolic.reduced.recognised import Recognised

ANY = "any start"
LEAF = (
    "starts at which the law Qᵀ J Q is a multiple of 1, with Q the weights over the roots of rates"
)


def starts(found: Solvable) -> list[dict[str, Any]]:
    """Each block's class with the starts that it is for: `from`, `class`, `solved`, and what is assumed.

    Args:
        found: the class of the flow.
    """
    listed = [_said(block, _starts(block)) for block in found.recognition.blocks]
    if found.aligned is not None:
        zero = ", ".join(weight.name for weight in found.aligned.zero)
        words = f"aligned modes, where {zero} are 0"
        for block in found.aligned.recognition.blocks:
            listed.append(_said(block, words) | {"assumed": found.aligned.assumed})
    return [one for one in listed if not one["class"].startswith(NONE)]


def _starts(block: Recognised) -> str:
    solution = block.solution
    on_leaf = isinstance(solution, MatrixRiccati) and solution.law is not None
    return LEAF if on_leaf else ANY


def _said(block: Recognised, words: str) -> dict[str, Any]:
    solved = "in time" if block.solution is not None else None
    if solved is None and block.in_warp is not None:
        solved = "in warped time"
    weights = [weight.name for weight in block.weights]
    return {
        "from": words,
        "class": block.kind,
        "weights": weights,
        "solved": solved,
        "assumed": None,
    }
