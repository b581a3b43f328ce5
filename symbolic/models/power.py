"""any power: σ(h) = h^β, β left open.

Source: the additive two-layer network of Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, with σ for the power.
"""

from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN
from symbolic.notation.symbols import beta

MODEL = Model(
    name="power",
    title="two-layer network with any power",
    source=XU_ZIYIN.at("Eq. 1, with another activation"),
    activation=lambda h: h**beta,
)
