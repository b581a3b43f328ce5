"""two heads of linear attention on two tokens: own."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="two_heads",
    title="two heads of linear attention on two tokens",
    source="own",
    layers={
        "Q1": Layer("k", "d", rate="eta_Q"),
        "K1": Layer("k", "d", rate="eta_K"),
        "V1": Layer("d", "d", rate="eta_V"),
        "Q2": Layer("k", "d", rate="eta_Q"),
        "K2": Layer("k", "d", rate="eta_K"),
        "V2": Layer("d", "d", rate="eta_V"),
    },
    inputs={"a": ("d",), "b": ("d",), "q": ("d",)},
    output=lambda w, x, F: sum(
        ((w.Q1 @ x.q) @ (w.K1 @ t)) * (w.V1 @ t) + ((w.Q2 @ x.q) @ (w.K2 @ t)) * (w.V2 @ t)
        for t in (x.a, x.b)
    ),
    sizes=({"d": 2, "k": 1},),
)
