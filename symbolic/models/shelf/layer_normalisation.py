"""a linear layer, layer normalisation and readout: Ba, Kiros & Hinton 2016 (arXiv 1607.06450)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="layer_normalisation",
    title="a linear layer, layer normalisation and readout",
    source="Ba, Kiros & Hinton 2016 (arXiv 1607.06450)",
    layers={"W": Layer("h", "n", rate="eta_W"), "u": Layer("h", rate="eta_u")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.u @ F.layer_norm(w.W @ x.x),
    sizes=({"n": 2, "h": 3},),
)
