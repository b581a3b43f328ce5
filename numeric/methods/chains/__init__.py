"""Scalar chains ½ (∏ a_l − y)²: the clock by closed forms, inverted at any time, to any digits.

| module | |
|---|---|
| `exact` | a chain reduced on its exact input to one signed variable |
| `balls` | Arb balls with R_F, R_J and 2F1 |
| `clock` | the time as a function of the state, by the closed form of its kind |
| `state` | the clock inverted; weights, product, residual |
| `march` | what has no closed form, in floats |
| `flow` | `ChainFlow` |
"""

from numeric.methods.chains.flow import ChainFlow, ChainState

__all__ = ["ChainFlow", "ChainState"]
