"""two residual layers (1 + W₂)(1 + W₁): Hardt & Ma 2017 (arXiv 1611.04231)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="residual_full",
    title="two residual layers (1 + W₂)(1 + W₁)",
    source="Hardt & Ma 2017 (arXiv 1611.04231)",
    layers={"W1": Layer("n", "n", rate="eta_1"), "W2": Layer("n", "n", rate="eta_2")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: (F.identity("n") + w.W2) @ ((F.identity("n") + w.W1) @ x.x),
    sizes=({"n": 2},),
)
