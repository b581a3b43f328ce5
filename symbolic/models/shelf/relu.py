"""two-layer ReLU network: Du, Hu & Lee 2018 (arXiv 1806.00900)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="relu",
    title="two-layer ReLU network",
    source="Du, Hu & Lee 2018 (arXiv 1806.00900)",
    layers={"W": Layer("h", "n", rate="eta_W"), "U": Layer("m", "h", rate="eta_U")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ F.relu(w.W @ x.x),
    sizes=(
        {"n": 2, "h": 2, "m": 1},
        {"n": 3, "h": 4, "m": 2},
    ),
)
