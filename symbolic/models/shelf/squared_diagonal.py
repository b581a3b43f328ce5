"""weights squared, one by one: Woodworth et al. 2020 (arXiv 2002.09277)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="squared_diagonal",
    title="weights squared, one by one",
    source="Woodworth et al. 2020 (arXiv 2002.09277)",
    layers={"u": Layer("n", rate="eta_u")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: (w.u * w.u * x.x).sum(),
    data="white",
    sizes=(
        {"n": 2},
        {"n": 3},
    ),
)
