"""A network's field at nilpotent jets modulo a prime: brackets of fields without expanding anything.

A jet has a coefficient for each set of ε's, ε_b² = 0: index bit b set is the coefficient with ε_b. The
field v = ∇ Σ_k r_k f_k is computed by reverse mode over the graph. If a jet θ + ε w goes in, v(θ) + ε
v′(θ) w comes out: so a bracket is a difference of two parts, and a bracket of brackets has more ε's.

Values of functions that are no polynomials (closures) are drawn: at generic weights they are
algebraically independent of all else, if preactivations are linearly independent over ℚ up to constants
(Ax 1971; `symbolic.architecture.independence` decides that). One value belongs to one argument.

Gates are those of real weights and data (`symbolic.architecture.gates`), at one point of the weights for
all fields: these patterns occur together in an open region, where the outputs are the same polynomials
of weights and data at each of them. Their rank at a generic point, which the one modulo the prime bounds
from below, is that of the network in the region.

| module | |
|---|---|
| `prime` | whole numbers modulo a prime: inverses, roots, numbers drawn by a key |
| `algebra` | products, powers and functions of jets |
| `drawn` | values of functions that are no polynomials, and a region for gates |
| `operations` | each operation of a graph at jets, and how a slope goes back through it |
| `field` | a network's field at an input and signals that are drawn |
| `products` | products of one or two weights along fields at points |
"""

from symbolic.architecture.jets.drawn import Values
from symbolic.architecture.jets.field import Field
from symbolic.architecture.jets.prime import NoRootError, P, Whole
from symbolic.architecture.jets.products import Sample, slopes

__all__ = ["Field", "NoRootError", "P", "Sample", "Values", "Whole", "slopes"]
