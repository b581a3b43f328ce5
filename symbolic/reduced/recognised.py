"""What is said of a block of weights, and of a network: its class, its equations, its solution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr, Symbol

from symbolic.laws.reduction import Potential
from symbolic.proof.certificate import Certificate
from symbolic.reduced.curve import Curve
from symbolic.reduced.elliptic import Elliptic
from symbolic.reduced.linear_flow import LinearFlow
from symbolic.reduced.matrix_riccati import MatrixRiccati
from symbolic.reduced.solution import Solution

SEARCHED = (
    "linear",
    "logistic",
    "Riccati",
    "separable",
    "matrix Riccati",
    "matrix Riccati on a leaf of a law",
    "Lotka-Volterra",
)


@dataclass(frozen=True)
class Recognised:
    """A block and its class.

    Attributes:
        kind: the class.
        weights: of the block.
        variables: what its equations are of, defined in terms of weights.
        equations: their velocities in time.
        outputs: the coefficients c_k of the outputs, in the variables.
        solution: where there is one.
        curve: on which a coordinate runs, where one variable is left.
        certificates: what was proved of class, equations and solution.
        in_warp: the coordinate of the curve as a function of the warp, where it is of degree 4 or less.
    """

    kind: str
    weights: tuple[Symbol, ...]
    variables: Mapping[Symbol, Expr]
    equations: Mapping[Symbol, Expr]
    outputs: Mapping[int, Expr]
    solution: Solution | MatrixRiccati | LinearFlow | None
    curve: Curve | None
    certificates: tuple[Certificate, ...]
    in_warp: Elliptic | None = None


@dataclass(frozen=True)
class Recognition:
    """The classes of a network's blocks.

    Attributes:
        kind: the classes, joined by "and".
        blocks: one by one.
        targets: y_k, the mean of target times monomial, of each potential.
        potentials: which coefficient of which output c_k is.
        searched: the classes that were tried.
    """

    kind: str
    blocks: tuple[Recognised, ...]
    targets: tuple[Symbol, ...]
    potentials: tuple[Potential, ...]
    searched: tuple[str, ...]
