"""The two-layer network with quadratic activation: f(x) = γ Σᵢ uᵢ (Σⱼ wᵢⱼ xⱼ)^2.

Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1 and 3 with β = 2.
"""

from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN

MODEL = Model(
    name="quadratic",
    title="two-layer network with quadratic activation",
    source=XU_ZIYIN.at("Eq. 1 and 3, power 2"),
    activation=lambda h: h**2,
)
