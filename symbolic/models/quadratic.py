"""The two-layer network with quadratic activation: f(x) = γ Σᵢ uᵢ (Σⱼ wᵢⱼ xⱼ)^2.

Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1 and 3 with β = 2.
"""

from symbolic.network.model import Model

MODEL = Model(
    name="quadratic",
    title="two-layer network with quadratic activation",
    source="Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1 and 3, power 2",
    activation=lambda h: h**2,
)
