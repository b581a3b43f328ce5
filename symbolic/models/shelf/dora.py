"""Weight-decomposed adapter: Liu et al. 2024 (arXiv 2402.09353)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="dora",
    title="weight-decomposed low-rank adapter",
    source="Liu et al. 2024 (arXiv 2402.09353)",
    layers={
        "g": Layer("m", rate="eta_g"),
        "B": Layer("m", "r", rate="eta_B"),
        "A": Layer("r", "n", rate="eta_A"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: F.weight_norm(F.frozen("W", "m", "n") + w.B @ w.A, w.g) @ x.x,
    sizes=({"n": 2, "r": 1, "m": 2}, {"n": 3, "r": 2, "m": 2}),
)
