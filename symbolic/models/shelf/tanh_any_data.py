"""two-layer network with hyperbolic tangent, any data: own."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="tanh_any_data",
    title="two-layer network with hyperbolic tangent, any data",
    source="own",
    layers={"W": Layer("h", "n", rate="eta_W"), "U": Layer("m", "h", rate="eta_U")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ F.tanh(w.W @ x.x),
    sizes=({"n": 2, "h": 2, "m": 1},),
)
