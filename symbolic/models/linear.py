"""The two-layer linear network: f(x) = γ Σᵢ uᵢ Σⱼ wᵢⱼ xⱼ.

Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1 and 3 with β = 1.
"""

from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN

MODEL = Model(
    name="linear",
    title="two-layer linear network",
    source=XU_ZIYIN.at("Eq. 1 and 3, power 1"),
    activation=lambda h: h,
)
