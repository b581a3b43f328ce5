"""U Uᵀ: Gunasekar et al. 2017 (arXiv 1705.09280)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="symmetric_factorisation",
    title="U Uᵀ",
    source="Gunasekar et al. 2017 (arXiv 1705.09280)",
    layers={"U": Layer("n", "r", rate="eta_U")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ (w.U.T @ x.x),
    data="white",
    sizes=(
        {"n": 2, "r": 2},
        {"n": 2, "r": 3},
        {"n": 3, "r": 1},
    ),
)
