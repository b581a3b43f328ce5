"""ReLU classifier with biases: Marcotte, Gribonval & Peyré 2023 (arXiv 2307.00144)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="relu_classifier",
    title="ReLU classifier with biases",
    source="Marcotte, Gribonval & Peyré 2023 (arXiv 2307.00144)",
    layers={
        "W": Layer("h", "n", rate="eta_W"),
        "b": Layer("h", rate="eta_W"),
        "U": Layer("m", "h", rate="eta_U"),
        "a": Layer("m", rate="eta_U"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ F.relu(w.W @ x.x + w.b) + w.a,
    loss="softmax",
    sizes=(
        {"n": 2, "h": 2, "m": 3},
        {"n": 3, "h": 4, "m": 2},
    ),
)
