"""Linear experts behind a softmax gate: Shazeer et al. 2017 (arXiv 1701.06538), dense."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="experts",
    title="linear experts behind a softmax gate",
    source="Shazeer et al. 2017 (arXiv 1701.06538)",
    layers={"G": Layer("k", "n", rate="eta_G"), "E": Layer("k", "n", rate="eta_E")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: (F.softmax(w.G @ x.x) * (w.E @ x.x)).sum(),
    sizes=({"n": 2, "k": 2}, {"n": 2, "k": 3}),
)
