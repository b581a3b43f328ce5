"""one head of linear attention on two tokens: own."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="linear_attention",
    title="one head of linear attention on two tokens",
    source="own",
    layers={
        "Q": Layer("k", "d", rate="eta_Q"),
        "K": Layer("k", "d", rate="eta_K"),
        "V": Layer("v", "d", rate="eta_V"),
        "O": Layer("d", "v", rate="eta_O"),
    },
    inputs={"a": ("d",), "b": ("d",), "q": ("d",)},
    output=lambda w, x, F: sum(((w.Q @ x.q) @ (w.K @ t)) * (w.O @ (w.V @ t)) for t in (x.a, x.b)),
    sizes=(
        {"d": 2, "k": 1, "v": 1},
        {"d": 3, "k": 2, "v": 2},
    ),
)
