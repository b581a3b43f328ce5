"""softmax attention with merged key and query: own."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="merged_softmax_attention",
    title="softmax attention with merged key and query",
    source="own",
    layers={"A": Layer("d", "d", rate="eta_A"), "V": Layer("d", "d", rate="eta_V")},
    inputs={"X": ("t", "d"), "q": ("d",)},
    output=lambda w, x, F: F.softmax(x.X @ (w.A.T @ x.q)) @ (x.X @ w.V.T),
    sizes=({"d": 2, "t": 2},),
)
