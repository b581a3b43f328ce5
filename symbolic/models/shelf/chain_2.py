"""scalar chain of depth 2: Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="chain_2",
    title="scalar chain of depth 2",
    source="Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120)",
    layers={name: Layer(rate="eta") for name in "ab"},
    inputs={"x": ()},
    output=lambda w, x, F: w.a * w.b * x.x,
    sizes=({},),
)
