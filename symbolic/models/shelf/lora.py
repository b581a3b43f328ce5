"""low-rank adapter of frozen weights: Hu et al. 2021 (arXiv 2106.09685)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="lora",
    title="low-rank adapter of frozen weights",
    source="Hu et al. 2021 (arXiv 2106.09685)",
    layers={"B": Layer("m", "r", rate="eta_B"), "A": Layer("r", "n", rate="eta_A")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: F.frozen("W", "m", "n") @ x.x + w.B @ (w.A @ x.x),
    sizes=({"n": 3, "r": 2, "m": 3},),
)
