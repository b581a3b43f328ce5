"""diagonal linear network of depth 2: Woodworth et al. 2020 (arXiv 2002.09277)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="diagonal",
    title="diagonal linear network of depth 2",
    source="Woodworth et al. 2020 (arXiv 2002.09277)",
    layers={"u": Layer("n", rate="eta_u"), "v": Layer("n", rate="eta_v")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: (w.u * w.v * x.x).sum(),
    data="white",
    sizes=(
        {"n": 2},
        {"n": 3},
    ),
)
