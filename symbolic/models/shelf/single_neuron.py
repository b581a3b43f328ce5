"""one linear neuron with its output weight: Kunin et al. 2024 (arXiv 2406.06158)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="single_neuron",
    title="one linear neuron with its output weight",
    source="Kunin et al. 2024 (arXiv 2406.06158)",
    layers={"a": Layer(rate="eta_a"), "w": Layer("n", rate="eta_w")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.a * (w.w @ x.x),
    sizes=({"n": 2}, {"n": 3}),
)
