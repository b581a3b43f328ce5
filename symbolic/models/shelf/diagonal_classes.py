"""diagonal network with one class an entry: Marcotte, Gribonval & Peyré 2023 (arXiv 2307.00144)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="diagonal_classes",
    title="diagonal network with one class an entry",
    source="Marcotte, Gribonval & Peyré 2023 (arXiv 2307.00144)",
    layers={"u": Layer("n", rate="eta_u"), "v": Layer("n", rate="eta_v")},
    inputs={"x": ()},
    output=lambda w, x, F: w.u * w.v * x.x,
    loss="softmax",
    sizes=(
        {"n": 3},
        {"n": 4},
    ),
)
