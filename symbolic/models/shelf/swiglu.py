"""gated feed-forward block: Shazeer 2020 (arXiv 2002.05202)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="swiglu",
    title="gated feed-forward block",
    source="Shazeer 2020 (arXiv 2002.05202)",
    layers={
        "G": Layer("h", "n", rate="eta_G"),
        "W": Layer("h", "n", rate="eta_W"),
        "U": Layer("m", "h", rate="eta_U"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ (F.swish(w.G @ x.x) * (w.W @ x.x)),
    sizes=({"n": 2, "h": 2, "m": 1},),
)
