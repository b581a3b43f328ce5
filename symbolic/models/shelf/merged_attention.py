"""linear attention with merged key and query: Zhang, Frei & Bartlett 2023 (arXiv 2306.09927)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="merged_attention",
    title="linear attention with merged key and query",
    source="Zhang, Frei & Bartlett 2023 (arXiv 2306.09927)",
    layers={"A": Layer("d", "d", rate="eta_A"), "V": Layer("d", "d", rate="eta_V")},
    inputs={"a": ("d",), "b": ("d",), "q": ("d",)},
    output=lambda w, x, F: sum((x.q @ (w.A @ t)) * (w.V @ t) for t in (x.a, x.b)),
    sizes=({"d": 2},),
)
