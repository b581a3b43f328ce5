"""Gaussian error linear unit: σ(h) = h (1 + erf(h/√2))/2.

Source: the additive two-layer network of Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, with σ for the power.
"""

import sympy

from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN

MODEL = Model(
    name="gelu",
    title="two-layer network with Gaussian error linear unit",
    source=XU_ZIYIN.at("Eq. 1, with another activation"),
    activation=lambda h: h * (1 + sympy.erf(h / sympy.sqrt(2))) / 2,
)
