"""two-layer ReLU network with bias: Du, Hu & Lee 2018 (arXiv 1806.00900)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="relu_with_bias",
    title="two-layer ReLU network with bias",
    source="Du, Hu & Lee 2018 (arXiv 1806.00900)",
    layers={
        "W": Layer("h", "n", rate="eta_W"),
        "b": Layer("h", rate="eta_W"),
        "U": Layer("m", "h", rate="eta_U"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ F.relu(w.W @ x.x + w.b),
    sizes=({"n": 2, "h": 2, "m": 1},),
)
