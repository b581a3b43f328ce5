"""four-layer linear network: Arora, Cohen & Hazan 2018 (arXiv 1802.06509)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="four_layer_linear",
    title="four-layer linear network",
    source="Arora, Cohen & Hazan 2018 (arXiv 1802.06509)",
    layers={
        "A": Layer("m", "l", rate="eta_A"),
        "B": Layer("l", "k", rate="eta_B"),
        "C": Layer("k", "h", rate="eta_C"),
        "D": Layer("h", "n", rate="eta_D"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.A @ (w.B @ (w.C @ (w.D @ x.x))),
    sizes=({"n": 2, "h": 2, "k": 2, "l": 2, "m": 1},),
)
