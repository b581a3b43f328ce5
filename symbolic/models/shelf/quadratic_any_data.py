"""two-layer quadratic network, any data: Xu & Ziyin 2025, Eq. 1 with data of any rank."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="quadratic_any_data",
    title="two-layer quadratic network, any data",
    source="Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1 with data of any rank",
    layers={"W": Layer("h", "n", rate="eta_W"), "U": Layer("m", "h", rate="eta_U")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ (w.W @ x.x) ** 2,
    sizes=({"n": 2, "h": 2, "m": 1},),
)
