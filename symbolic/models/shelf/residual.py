"""two residual blocks 1 + B A: own."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="residual",
    title="two residual blocks 1 + B A",
    source="own",
    layers={
        "A1": Layer("h", "n", rate="eta_1"),
        "B1": Layer("n", "h", rate="eta_1"),
        "A2": Layer("k", "n", rate="eta_2"),
        "B2": Layer("n", "k", rate="eta_2"),
    },
    inputs={"x": ("n",)},
    output=lambda w, x, F: (
        (F.identity("n") + w.B2 @ w.A2) @ ((F.identity("n") + w.B1 @ w.A1) @ x.x)
    ),
    sizes=({"n": 2, "h": 1, "k": 1},),
)
