"""modular addition with squares, all pairs: Gromov 2023 (arXiv 2301.02679)."""

from symbolic.architecture.model import Layer, Model

ONE = ([1, 0, 0], [0, 1, 0], [0, 0, 1])
PAIRS = [{"a": a, "b": b} for a in ONE for b in ONE]

MODEL = Model(
    name="modular_addition",
    title="modular addition with squares, all pairs",
    source="Gromov 2023 (arXiv 2301.02679)",
    layers={
        "W": Layer("h", "p", rate="eta_W"),
        "V": Layer("h", "p", rate="eta_V"),
        "U": Layer("p", "h", rate="eta_U"),
    },
    inputs={"a": ("p",), "b": ("p",)},
    output=lambda w, x, F: w.U @ (w.W @ x.a + w.V @ x.b) ** 2,
    data="points",
    points=PAIRS,
    sizes=({"p": 3, "h": 2},),
)
