"""a linear unit with weight normalisation: Salimans & Kingma 2016 (arXiv 1602.07868)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="weight_normalisation",
    title="a linear unit with weight normalisation",
    source="Salimans & Kingma 2016 (arXiv 1602.07868)",
    layers={"v": Layer("n", rate="eta_v"), "g": Layer(rate="eta_g")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: F.weight_norm(w.v, w.g) @ x.x,
    sizes=(
        {"n": 2},
        {"n": 3},
    ),
)
