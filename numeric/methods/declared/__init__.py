"""Gradient flow of declared networks: the raw equations of all layers, from a generated module.

| module | |
|---|---|
| `problem` | weights, data, rates and loss, as people hold them |
| `closed` | closed forms, where the module has one for a problem |
| `turned` | the same in fewer dimensions, where arrays may be turned |
| `losses` | losses of outputs with any number of entries |
| `equations` | velocities, regime by regime between the bends of functions that are not smooth |
| `bends` | where weights go on that meet a bend |
| `laws` | conserved quantities along the way, and how far they may drift |
| `flow` | the user's object |
"""
