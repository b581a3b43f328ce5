"""Squared error, (f − y)², without a factor ½: the loss of Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 2."""

from symbolic.network.losses import SQUARE

LOSS = SQUARE
