"""A network's field at nilpotent jets modulo a prime: brackets of fields without expanding anything.

A jet has a coefficient for each set of ε's, ε_b² = 0: index bit b set is the coefficient with ε_b. The
field v = ∇ Σ_k r_k f_k is computed by reverse mode over the graph. If a jet θ + ε w goes in, v(θ) + ε
v′(θ) w comes out: so a bracket is a difference of two parts, and a bracket of brackets has more ε's.

Values of functions that are no polynomials (closures, gates) are drawn: at generic weights they are
algebraically independent of all else, if preactivations are linearly independent over ℚ up to constants
(Ax 1971; `symbolic.architecture.independence` decides that). One value belongs to one argument, and a
gate to all multiples of one: of positive multiples it is the same, of negative ones the other.

What is drawn can only make a rank smaller than it is: at any values of functions that their squares and
equalities allow, a field is a combination of the fields of the exact ring.

| module | |
|---|---|
| `prime` | whole numbers modulo a prime: inverses, roots, numbers drawn by a key |
| `algebra` | products, powers and functions of jets |
| `drawn` | values of functions that are no polynomials, and gates |
| `operations` | each operation of a graph at jets, and how a slope goes back through it |
| `field` | a network's field at an input and signals that are drawn |
"""

from symbolic.architecture.jets.drawn import Gates, Values
from symbolic.architecture.jets.field import Field
from symbolic.architecture.jets.prime import NoRootError, P, Whole

__all__ = ["Field", "Gates", "NoRootError", "P", "Values", "Whole"]
