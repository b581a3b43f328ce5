"""Half the squared error, ½ (f − y)²: the loss of Kunin et al. 2024 (arXiv 2406.06158)."""

from symbolic.network.losses import Loss

LOSS = Loss(
    name="half_square",
    title="half the squared error",
    value=lambda f, y: (f - y) ** 2 / 2,
)
