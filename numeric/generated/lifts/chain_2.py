"""scalar chain of depth 2: the linear lift behind its flow under half a square, at all sizes.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120).

The rows of Q are blocks, the layers with the axis of their hidden units last. On inputs of second
moments m 1, with B the best linear map less what is not trained,

    dQ/dt = F Q - Q Q^T S Q + G Q (Q^T J Q),     output = (sum of PRODUCT[i, j] Q_i Q_j^T) x.

F has blocks of B and its transpose; S, G and J are numbers on the diagonal, block by block. Q^T J Q is
conserved; on Q^T J Q = lambda 1 the flow is dQ/dt = (F + lambda G) Q - Q Q^T S Q. Rates are a mapping by
name. Numbers of any kind stay what they are, fractions exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAME = "chain_2"
ROWS = (
    ("a", "", "eta"),
    ("b", "", "eta"),
)  # layer, its axes (r: of the rows, h: of the hidden units), its rate
PRODUCT = {
    (0, 1): 1,
}  # of the output, by blocks
LAW = True  # whether a law is needed: J and G


def force(moment: Any, rates: Mapping[str, Any]) -> dict[tuple[int, int], tuple[Any, Any]]:
    """F: in block (i, j) so many times B, and so many times its transpose.

    Args:
        moment: m.
        rates: of the layers.
    """
    eta_1 = rates["eta"]
    return {
        (0, 1): (moment * eta_1, 0),
        (1, 0): (0, moment * eta_1),
    }


def brake(moment: Any, rates: Mapping[str, Any]) -> tuple[Any, ...]:
    """S, a number a block.

    Args:
        moment: m.
        rates: of the layers.
    """
    eta_1 = rates["eta"]
    return (
        moment * eta_1 / 2,
        moment * eta_1 / 2,
    )


def lifted(moment: Any, rates: Mapping[str, Any]) -> tuple[Any, ...]:
    """G, a number a block.

    Args:
        moment: m.
        rates: of the layers.
    """
    eta_1 = rates["eta"]
    return (
        moment * eta_1 / 2,
        moment * (-eta_1) / 2,
    )


def law(rates: Mapping[str, Any]) -> tuple[Any, ...]:
    """J, a number a block; nothing where no law is needed.

    Args:
        rates: of the layers.
    """
    return (
        1,
        -1,
    )
