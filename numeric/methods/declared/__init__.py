"""Gradient flow of declared networks: the raw equations of all layers, from a generated module.

| module | |
|---|---|
| `problem` | weights, data, rates and loss, as people hold them |
| `form`, `forms` | what a formula answers, and which one there is |
| `closed` | closed forms, where the module has one for a problem |
| `affine` | where the output is affine in the weights: the matrix exponential |
| `lifted` | a Riccati flow, where there is a linear lift |
| `chained` | a scalar chain, where outputs move with one product of scalar weights |
| `two_layer` | the exact flow of a two-layer network, where the declaration is one |
| `turned` | the same in fewer dimensions, where arrays may be turned |
| `losses` | losses of outputs with any number of entries |
| `equations` | velocities, regime by regime between the bends of functions that are not smooth |
| `bends` | where weights go on that meet a bend |
| `laws` | conserved quantities along the way, and how far they may drift |
| `marched` | the raw equations, integrated |
| `observables` | what can be asked, at any times |
| `flow` | the user's object |
"""
