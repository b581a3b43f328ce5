"""two-layer linear network: Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="two_layer_linear",
    title="two-layer linear network",
    source="Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120)",
    layers={"U": Layer("m", "h", rate="eta_U"), "V": Layer("h", "n", rate="eta_V")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ (w.V @ x.x),
    sizes=(
        {"n": 2, "h": 1, "m": 1},
        {"n": 2, "h": 2, "m": 1},
        {"n": 2, "h": 4, "m": 1},
        {"n": 2, "h": 2, "m": 2},
        {"n": 4, "h": 4, "m": 4},
    ),
)
