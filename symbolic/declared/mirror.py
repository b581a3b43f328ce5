"""Stage: of one hidden unit on any data, the flow of the linear map alone and its potential.

See `symbolic.lift.mirror`. The rows and the law are those of the words at all sizes; that they move the
map as they should is proved once more in the ring of the instance, from the gradients of its outputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import sympy
from sympy import Expr, Matrix, Symbol

from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import number, rate, weight
from symbolic.lift.at_all_sizes import lift_at_all_sizes
from symbolic.lift.mirror import DELTA, Mirror, k, mirror, p_squared, q_squared, r
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True, kw_only=True)
class MirrorFlow(Record):
    """dβ/dt = −M ∂L/∂β, and the potential of which M is the inverse Hessian but for a factor.

    Attributes:
        mirror: in the square of p and the square of the length of q.
    """

    instance: Need[Instance]
    mirror: Mirror

    def certify(self) -> Iterator[Certificate]:
        """Identities in k and δ, and the tangent kernel of the instance."""
        yield from self.mirror.certificates()
        claim = "M is the tangent kernel of the linear map, by gradients of the outputs"
        yield Certificate(claim, self._is_tangent_kernel())

    def explain(self) -> Iterator[Step]:
        """M, the potential, and what the flow ends at."""
        one, (p, q) = self.mirror, self._layers
        length, size = Symbol(rf"\|{q}\|"), Symbol(r"\|\beta\|")
        yield Step(
            "The linear map alone",
            (
                (DELTA, one.leaf.subs({p_squared: Symbol(p) ** 2, q_squared: length**2})),
                (Symbol("k") ** 2, one.k_squared.subs(r, size)),
                (r"\dot\beta", r"-M\,\frac{\partial L}{\partial\beta}"),
                (r"M\ \text{across}\ \beta", one.across),
                (r"M\ \text{along}\ \beta", one.along),
            ),
            r"For any loss, on a leaf of the law: $M$ depends on $\beta$ and $\delta$ alone.",
        )
        end = rf"\operatorname{{sgn}}({p}(\infty))"
        yield Step(
            "Its potential",
            (
                (r"\Psi_\delta(\beta)", one.potential),
                (Symbol("kappa"), one.factor),
                (
                    r"\beta(\infty)",
                    r"\operatorname{argmin}_{X\beta = y}\ \Psi_\delta(\beta) - \kappa\,"
                    rf"{end}\,\langle {q}(0), \beta\rangle",
                ),
            ),
            rf"$\nabla\Psi_\delta(\beta) = \kappa\operatorname{{sgn}}({p})\,{q}$, and ${q}$ moves by "
            r"combinations of the inputs. For every start from which the flow interpolates with "
            rf"${p}(\infty) \neq 0$, whatever the sign of ${p}$ was before.",
        )

    @property
    def _layers(self) -> tuple[str, str]:
        blocks = self.mirror.lift.words.blocks
        return blocks[self.mirror.number].layer, blocks[self.mirror.vector].layer

    def _is_tangent_kernel(self) -> Verdict:
        """Σ_i η_i ∂c_m/∂θ_i ∂c_n/∂θ_i = m₀ (1 − β̂β̂ᵀ) + m₁ β̂β̂ᵀ, multiplied by r²."""
        one, beta = self.mirror, Matrix(_coefficients(self.instance))
        weights = Matrix([weight(name) for name in self.instance.names])
        slopes = beta.jacobian(weights)
        kernel = slopes * sympy.diag(*map(rate, self.instance.rates)) * slopes.T
        p, q = (Matrix(self._entries(layer)) for layer in self._layers)
        at = {p_squared: p.dot(p), q_squared: q.dot(q)}
        J, leaf = one.lift.J, {DELTA: one.leaf.subs(at)}
        leaf[k] = (J[one.number] * p_squared - J[one.vector] * q_squared).subs(at)
        across, along = (value.subs(leaf, simultaneous=True) for value in (one.across, one.along))
        square, outer = beta.dot(beta), beta * beta.T
        claimed = across * (square * sympy.eye(len(beta)) - outer) + along * outer
        if (square * kernel - claimed).applyfunc(sympy.expand).is_zero_matrix:
            return Proved("polynomials in the weights and rates")
        return Undecided("the tangent kernel is another")

    def _entries(self, layer: str) -> list[Symbol]:
        """Symbols of a layer's entries."""
        start = 0
        for name, one in self.instance.model.layers.items():
            count = prod(size.at(self.instance.sizes) for size in one.shape)
            if name == layer:
                return [weight(n) for n in self.instance.names[start : start + count]]
            start += count
        raise KeyError(layer)


def derive(instance: Instance) -> MirrorFlow:
    """The flow of the linear map of a network with one hidden unit.

    Raises:
        DoesNotApply: for any other network, or a loss that is no square.
    """
    return MirrorFlow(instance=instance, mirror=mirror(lift_at_all_sizes(instance.model)))


def _coefficients(instance: Instance) -> list[Expr]:
    """Of the one output, by entries of the input."""
    ((output,),) = (one.entries for one in instance.outputs)
    found: dict[tuple[int, ...], Expr] = {}
    for m, c in terms(output).items():
        powers = (weight(w) ** e for w, e in zip(instance.names, m, strict=False))
        data = m[instance.weights :]
        found[data] = found.get(data, sympy.Integer(0)) + number(c) * sympy.Mul(*powers)
    return list(found.values())
