"""sum of rank-one tensors of order 3: Razin, Maman & Cohen 2021 (arXiv 2102.09972)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="cp_tensor",
    title="sum of rank-one tensors of order 3",
    source="Razin, Maman & Cohen 2021 (arXiv 2102.09972)",
    layers={
        "A": Layer("r", "n", rate="eta_A"),
        "B": Layer("r", "n", rate="eta_B"),
        "C": Layer("r", "n", rate="eta_C"),
    },
    inputs={"x": ("n",), "y": ("n",), "z": ("n",)},
    output=lambda w, x, F: ((w.A @ x.x) * (w.B @ x.y) * (w.C @ x.z)).sum(),
    sizes=({"n": 2, "r": 2},),
)
