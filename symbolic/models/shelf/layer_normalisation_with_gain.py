"""layer normalisation with a gain: Ba, Kiros & Hinton 2016 (arXiv 1607.06450)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="layer_normalisation_with_gain",
    title="layer normalisation with a gain",
    source="Ba, Kiros & Hinton 2016 (arXiv 1607.06450)",
    layers={
        "W": Layer("h", "n", rate="eta_W"),
        "s": Layer("h", rate="eta_u"),
        "u": Layer("h", rate="eta_u"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.u @ (w.s * F.layer_norm(w.W @ x.x)),
    sizes=({"n": 2, "h": 3},),
)
