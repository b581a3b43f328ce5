"""Binary cross-entropy of a logit f, log(1 + e^f) − y f, of targets from 0 to 1, soft ones too."""

import sympy

from symbolic.network.losses import Loss, Targets

LOSS = Loss(
    name="binary_cross_entropy",
    title="binary cross-entropy of logits",
    value=lambda f, y: sympy.log(1 + sympy.exp(f)) - y * f,
    targets=Targets.PROBABILITIES,
)
