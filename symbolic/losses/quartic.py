"""Fourth power of the error, (f − y)⁴: its kernel at the minimum does not set a rate, the end is slow."""

from symbolic.network.losses import Loss

LOSS = Loss(
    name="quartic",
    title="fourth power of the error",
    value=lambda f, y: (f - y) ** 4,
)
