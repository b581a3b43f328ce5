"""linear convolution and readout: Gunasekar et al. 2018 (arXiv 1806.00468)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="convolution",
    title="linear convolution and readout",
    source="Gunasekar et al. 2018 (arXiv 1806.00468)",
    layers={"w": Layer("c", "k", rate="eta_w"), "u": Layer("c", "n-k+1", rate="eta_u")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: (w.u * F.conv1d(w.w, x.x)).sum(),
    sizes=(
        {"n": 4, "k": 2, "c": 1},
        {"n": 4, "k": 2, "c": 2},
    ),
)
