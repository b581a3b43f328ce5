"""scalar chain of depth 4: Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="chain_4",
    title="scalar chain of depth 4",
    source="Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120)",
    layers={name: Layer(rate="eta") for name in "abcd"},
    inputs={"x": ()},
    output=lambda w, x, F: w.a * w.b * w.c * w.d * x.x,
    sizes=({},),
)
