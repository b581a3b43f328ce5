"""low-rank adapter beside trained weights: Hu et al. 2021 (arXiv 2106.09685)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="lora_trained",
    title="low-rank adapter beside trained weights",
    source="Hu et al. 2021 (arXiv 2106.09685)",
    layers={
        "W": Layer("m", "n", rate="eta_W"),
        "B": Layer("m", "r", rate="eta_B"),
        "A": Layer("r", "n", rate="eta_A"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.W @ x.x + w.B @ (w.A @ x.x),
    sizes=({"n": 3, "r": 2, "m": 3},),
)
