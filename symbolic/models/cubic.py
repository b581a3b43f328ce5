"""The two-layer network with cubic activation: f(x) = γ Σᵢ uᵢ (Σⱼ wᵢⱼ xⱼ)^3.

Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1 and 3 with β = 3.
"""

from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN

MODEL = Model(
    name="cubic",
    title="two-layer network with cubic activation",
    source=XU_ZIYIN.at("Eq. 1 and 3, power 3"),
    activation=lambda h: h**3,
)
