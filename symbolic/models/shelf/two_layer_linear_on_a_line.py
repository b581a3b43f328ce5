"""two-layer linear network, data on a line: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="two_layer_linear_on_a_line",
    title="two-layer linear network, data on a line",
    source="Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1",
    layers={"U": Layer("m", "h", rate="eta_U"), "V": Layer("h", "n", rate="eta_V")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ (w.V @ x.x),
    data="line",
    sizes=(
        {"n": 2, "h": 1, "m": 1},
        {"n": 3, "h": 4, "m": 1},
    ),
)
