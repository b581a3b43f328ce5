"""Descent of the models that a case of `solve` can name: a neuron, two layers, a chain, a ReLU neuron.

`problem` says what a problem of a model is, one file each; `descent` runs them side by side in torch,
`reference` extrapolates to step zero, and `drawn` makes problems. Nothing here knows a solution.
"""
