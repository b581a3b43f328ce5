"""The linear lift behind a flow: from the outputs alone, by exact linear algebra.

Where outputs are quadratic in the weights, and all of them act alike on each of h hidden units, the
weights are a matrix Q whose columns are the hidden units, and under half a square the flow is cubic in Q.
It is a projected linear one in two cases, which are searched for, and certified as identities of
polynomials:

| module        | the lift                                                                        |
|---------------|---------------------------------------------------------------------------------|
| `frame`       | rows of Q that are frozen, the matrices that act on the others, their laws J    |
| `projective`  | dQ/dt = F Q − Q Qᵀ S Q + G Q (Qᵀ J Q), and the second moments that allow it     |
| `one_clock`   | dQ/dt = s(Q) A Q: one linear flow in another time                               |
| `at_all_sizes`| the first in words, for any numbers of inputs, hidden units and outputs         |
| `mirror`      | one hidden unit on any data: the flow of the linear map, and its potential      |
"""
