"""scalar chain of depth 3: Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="chain_3",
    title="scalar chain of depth 3",
    source="Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120)",
    layers={name: Layer(rate="eta") for name in "abc"},
    inputs={"x": ()},
    output=lambda w, x, F: w.a * w.b * w.c * x.x,
    sizes=({},),
)
