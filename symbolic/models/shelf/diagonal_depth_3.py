"""diagonal linear network of depth 3: Woodworth et al. 2020 (arXiv 2002.09277)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="diagonal_depth_3",
    title="diagonal linear network of depth 3",
    source="Woodworth et al. 2020 (arXiv 2002.09277)",
    layers={
        "u": Layer("n", rate="eta_u"),
        "v": Layer("n", rate="eta_v"),
        "z": Layer("n", rate="eta_z"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: (w.u * w.v * w.z * x.x).sum(),
    data="white",
    sizes=({"n": 2},),
)
