"""exponential: σ(h) = eʰ.

Source: the additive two-layer network of Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, with σ for the power.
"""

import sympy

from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN

MODEL = Model(
    name="exponential",
    title="two-layer network with exponential",
    source=XU_ZIYIN.at("Eq. 1, with another activation"),
    activation=sympy.exp,
)
