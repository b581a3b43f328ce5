"""three-layer ReLU network: Du, Hu & Lee 2018 (arXiv 1806.00900)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="deep_relu",
    title="three-layer ReLU network",
    source="Du, Hu & Lee 2018 (arXiv 1806.00900)",
    layers={
        "W": Layer("h", "n", rate="eta_W"),
        "V": Layer("k", "h", rate="eta_V"),
        "U": Layer("m", "k", rate="eta_U"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ F.relu(w.V @ F.relu(w.W @ x.x)),
    sizes=({"n": 2, "h": 2, "k": 2, "m": 1},),
)
