"""Deep linear networks from aligned starts: every mode of the target is a scalar chain.

| module | what it is about |
|---|---|
| rings | matrices in rational numbers, and in float64 up to rounding: what is zero, eigenspaces |
| modes | the modes of layers and a target, or why there are none |
| flow | the layers at any time, from the chains of their modes |
| march | the raw equations, where a start is not aligned |
"""
