"""three-layer linear network: Arora, Cohen & Hazan 2018 (arXiv 1802.06509)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="three_layer_linear",
    title="three-layer linear network",
    source="Arora, Cohen & Hazan 2018 (arXiv 1802.06509)",
    layers={
        "A": Layer("m", "k", rate="eta_A"),
        "B": Layer("k", "h", rate="eta_B"),
        "C": Layer("h", "n", rate="eta_C"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.A @ (w.B @ (w.C @ x.x)),
    sizes=(
        {"n": 2, "h": 2, "k": 2, "m": 1},
        {"n": 3, "h": 2, "k": 2, "m": 2},
    ),
)
