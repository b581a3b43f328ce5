"""Stage: the whole network is one scalar equation for warped time, any activation and loss.

In warped time each neuron follows its own field, dθᵢ/ds = v(θᵢ), and the output is a function of s
alone. Then

    ds/dt = −∂L/∂f (f(s)),   df/ds = K(s) = Σᵢ (η_u (γσᵢ)² + η_w ρ² (γ uᵢ σ′ᵢ)²) ≥ 0,

so f is monotone, and y − f(s) is the integral of the tangent kernel from s to the equilibrium: a sum
of squares, in which nothing cancels. That is how the evaluators compute it.
Source: Xu & Ziyin 2025, Eq. 5 and 32, for powers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, diff

from symbolic.network.convexity import ConvexLoss
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import eta_u, eta_w, f, h_i, rho, u_i, y
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal


@dataclass(frozen=True, kw_only=True)
class ScalarEquation(Record):
    """ds/dt and df/ds.

    Attributes:
        speed: ds/dt, in the output f.
        kernel_i: the contribution of neuron i to df/ds.
        squares: (factor, base) pairs with kernel_i = Σ factor · base², factors positive.
    """

    loss: Need[ConvexLoss]
    flow: Need[Flow]
    speed: Expr
    kernel_i: Expr
    squares: tuple[tuple[Expr, Expr], ...]

    def certify(self) -> Iterator[Certificate]:
        """The squares add up, and the speed is that of the loss."""
        slopes = [(diff(self.flow.output_i, weight),) for weight in (u_i, h_i)]
        known = tuple(pair[1:] for pair in self.squares) == tuple(slopes)
        bases = Proved("derivatives") if known else Undecided(f"{self.squares}")
        yield Certificate("their bases are the derivatives of a neuron's output", bases)
        total = sympy.Add(*(factor * base**2 for factor, base in self.squares))
        kernel = prove_equal(total, self.flow.tangent_kernel_i)
        yield Certificate("df/ds is a sum of squares", kernel)
        for factor, _ in self.squares:
            yield Certificate(f"{factor} is positive", _positive(factor))
        yield self._stop()
        yield Certificate("ds/dt is minus the slope", prove_equal(self.speed, -self.loss.slope))
        yield Certificate("K_i is df/ds", prove_equal(self.kernel_i, self.flow.tangent_kernel_i))

    def _stop(self) -> Certificate:
        """Where the speed is 0, as the slope of the loss has it."""
        places = self.loss.minimum
        stops = _solved(self.speed)
        if places == (y,) and stops is not None:
            verdict = Proved("solved") if stops == [y] else Undecided(f"roots {stops}")
            return Certificate("the flow stops where f = y and nowhere else", verdict)
        where = " or ".join(map(str, places)) or "infinity"
        same = prove_equal(self.speed, -self.loss.slope)
        return Certificate(f"the flow stops where f = {where} and nowhere else", same)

    def explain(self) -> Iterator[Step]:
        """The network in warped time."""
        yield Step(
            "The network in warped time",
            (
                (r"\frac{ds}{dt}", self.speed),
                (r"\frac{df}{ds}", r"\sum_i K_i"),
                ("K_i", self.kernel_i),
            ),
            r"In warped time $d\theta_i/ds=v(\theta_i)$; $f$ is monotone in $s$, with the tangent kernel "
            r"as its slope.",
        )


def derive(loss: ConvexLoss, flow: Flow) -> ScalarEquation:
    """Write the tangent kernel of a neuron as a sum of squares."""
    by_u, by_h = diff(flow.output_i, u_i), diff(flow.output_i, h_i)
    squares = ((eta_u, by_u), (eta_w * rho**2, by_h))
    total = sympy.Add(*(factor * base**2 for factor, base in squares))
    return ScalarEquation(loss=loss, flow=flow, speed=flow.speed, kernel_i=total, squares=squares)


def _solved(speed: Expr) -> list[Expr] | None:
    """Where the speed is 0, None where SymPy does not say."""
    if speed.has(sympy.Piecewise):
        return None
    try:
        return list(sympy.solve(speed, f))
    except NotImplementedError:
        return None


def _positive(factor: Expr) -> Verdict:
    return Proved("signs of its factors") if factor.is_positive else Undecided(f"sign of {factor}")
