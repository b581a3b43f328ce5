"""one head of softmax attention: Vaswani et al. 2017 (arXiv 1706.03762)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="softmax_attention",
    title="one head of softmax attention",
    source="Vaswani et al. 2017 (arXiv 1706.03762)",
    layers={
        "Q": Layer("k", "d", rate="eta_Q"),
        "K": Layer("k", "d", rate="eta_K"),
        "V": Layer("d", "d", rate="eta_V"),
    },
    inputs={"X": ("t", "d"), "q": ("d",)},
    output=lambda w, x, F: F.softmax(x.X @ (w.K.T @ (w.Q @ x.q))) @ (x.X @ w.V.T),
    sizes=({"d": 2, "k": 2, "t": 2},),
)
