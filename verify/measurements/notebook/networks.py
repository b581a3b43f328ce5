"""The networks of a public notebook that counts conservation laws, as declarations.

Marcotte, Gribonval & Peyré 2023 (arXiv 2307.00144), main.ipynb of github.com/sibyllema/Conservation_laws:
50 linear and 50 ReLU networks, of which it drew the depth (2 to 4 matrices) and the sizes (2 to 5, and 2
to 9) with NumPy's seed 0, and half of the ReLU networks with biases in the hidden layers. Sizes are from
the input to the output.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symbolic.architecture.model import Layer, Model

LINEAR: Sequence[tuple[int, ...]] = (
    (5, 3, 2), (5, 3, 4, 2), (2, 2, 2, 4, 3), (5, 5, 4, 2, 3), (3, 3, 2, 3), (5, 2, 5),
    (4, 5, 5, 2), (5, 2, 3, 5, 3), (5, 2, 3, 3, 3), (5, 4, 2), (5, 4, 5, 2, 4), (2, 2, 3),
    (4, 2, 2, 3), (3, 4, 4), (3, 3, 5), (3, 5, 4, 5), (4, 5, 2, 4, 5), (2, 3, 4, 2), (4, 2, 5),
    (5, 2, 2), (2, 4, 5), (5, 4, 5), (3, 3, 2, 3), (3, 5, 2, 5), (4, 2, 3, 4), (4, 2, 3),
    (4, 3, 2, 5, 3), (5, 2, 4, 4), (5, 5, 5, 4, 3), (4, 5, 4, 5, 5), (4, 5, 2, 3, 4),
    (3, 4, 3, 2, 4), (5, 2, 5, 4, 5), (2, 4, 2), (5, 4, 4, 5, 2), (2, 3, 4), (3, 4, 5),
    (4, 5, 3, 2, 2), (5, 5, 2), (4, 2, 2, 5, 2), (4, 2, 2, 5), (5, 2, 4, 3), (3, 5, 2, 2),
    (3, 3, 4), (2, 2, 3, 4), (3, 5, 3, 2), (2, 5, 5), (4, 3, 5, 3), (2, 5, 3), (2, 4, 5, 5, 4),
)  # fmt: skip
RELU: Sequence[tuple[int, ...]] = (
    (9, 7, 2), (5, 2, 5), (4, 5, 2), (5, 5, 8, 9), (9, 5, 8, 4, 5), (6, 3, 4, 6),
    (6, 9, 9, 6, 5), (3, 5, 2, 9), (5, 5, 4, 8, 5), (5, 2, 5, 4, 5), (2, 8, 5, 8, 4), (5, 9, 2),
    (6, 5, 6), (7, 8, 3, 2), (9, 3, 4), (6, 8, 5, 8, 8), (5, 2, 6), (9, 7, 5, 8), (5, 5, 9, 3),
    (9, 9, 7, 7), (5, 4, 7), (2, 8, 2, 7, 3), (5, 9, 6, 5),
)  # fmt: skip
RELU_WITH_BIAS: Sequence[tuple[int, ...]] = (
    (5, 7, 4, 6), (2, 6, 4), (2, 3, 7, 3, 7), (3, 9, 2, 9), (5, 4, 9, 6, 4), (7, 7, 8),
    (9, 6, 3, 4), (3, 3, 9), (2, 8, 9), (9, 9, 7, 7, 7), (3, 4, 6), (5, 4, 4, 7), (3, 9, 2, 4),
    (9, 9, 5, 4, 3), (5, 8, 3, 4, 3), (2, 7, 8), (5, 8, 4, 5, 7), (6, 5, 7), (7, 3, 7, 5, 2),
    (7, 7, 5, 3, 2), (8, 7, 9, 7), (9, 7, 3, 3, 9), (7, 2, 5), (7, 6, 9, 2), (4, 4, 6, 5, 9),
    (4, 2, 3, 7, 2), (5, 2, 6),
)  # fmt: skip

SOURCE = "Marcotte, Gribonval & Peyré 2023 (arXiv 2307.00144), main.ipynb"
NUMBER = 50  # of each kind
PRINTED = {
    "linear": 34 * 60 + 23,
    "relu": 60 * (60 + 53) + 11,
}  # seconds of 50 networks by how their names begin, by the notebook's own bars


def notebook_networks() -> list[Model]:
    """Linear ones first, each with its sizes."""
    return [
        *(network(k, dims, relu=False, bias=False) for k, dims in enumerate(LINEAR)),
        *(network(k, dims, relu=True, bias=False) for k, dims in enumerate(RELU)),
        *(network(k, dims, relu=True, bias=True) for k, dims in enumerate(RELU_WITH_BIAS)),
    ]


def network(number: int, dims: Sequence[int], *, relu: bool, bias: bool) -> Model:
    """Matrices one after the other, with a ReLU between them, and biases.

    Args:
        number: of the network, for its name.
        dims: sizes, from the input to the output.
        relu: whether hidden layers have one.
        bias: whether hidden layers have one.
    """
    depth = len(dims) - 1
    layers = {f"W{k}": Layer(f"n{k + 1}", f"n{k}", rate=f"eta_{k}") for k in range(depth)}
    if bias:
        layers |= {f"b{k}": Layer(f"n{k + 1}", rate=f"eta_{k}") for k in range(depth - 1)}

    def output(w: Any, x: Any, F: Any) -> Any:
        z = x.x
        for k in range(depth):
            z = getattr(w, f"W{k}") @ z
            if k < depth - 1:
                z = z + getattr(w, f"b{k}") if bias else z
                z = F.relu(z) if relu else z
        return z

    kind = ("relu_with_bias" if bias else "relu") if relu else "linear"
    return Model(
        name=f"{kind}_{number}",
        title=f"{'-'.join(map(str, dims))} {kind.replace('_', ' ')} network of the notebook",
        source=SOURCE,
        layers=layers,
        inputs={"x": ("n0",)},
        output=output,
        sizes=({f"n{k}": n for k, n in enumerate(dims)},),
    )
