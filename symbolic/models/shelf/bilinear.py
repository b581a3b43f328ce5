"""Bilinear layer: Pearce et al. 2024 (arXiv 2410.08417)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="bilinear",
    title="bilinear layer",
    source="Pearce et al. 2024 (arXiv 2410.08417)",
    layers={
        "W": Layer("h", "n", rate="eta_W"),
        "V": Layer("h", "n", rate="eta_V"),
        "P": Layer("m", "h", rate="eta_P"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.P @ ((w.W @ x.x) * (w.V @ x.x)),
    sizes=({"n": 2, "h": 1, "m": 1}, {"n": 3, "h": 2, "m": 2}),
)
