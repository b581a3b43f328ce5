"""two-layer quadratic network, data on a line: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, power 2."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="quadratic_on_a_line",
    title="two-layer quadratic network, data on a line",
    source="Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, power 2",
    layers={"U": Layer("h", rate="eta_U"), "W": Layer("h", "n", rate="eta_W")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ ((w.W @ x.x) * (w.W @ x.x)),
    data="line",
    sizes=({"n": 2, "h": 2},),
)
