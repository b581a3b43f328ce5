"""Stage: at width 1, a rational integral for t under any loss whose slope is rational branch by branch.

Output and warped velocity of one neuron are rational functions of its clock's coordinate z (`width_one`),
and so is dt/dz = 1/(−z′ ∂ℓ/∂f): partial fractions give t, elementary. For squares `elapsed` has more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import diff

from symbolic.network.convexity import ConvexLoss, branches
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import beta, f
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, prove_equal
from symbolic.warp import clock as clocks
from symbolic.warp import every_integer, width_one
from symbolic.warp.clock import Clock
from symbolic.warp.elapsed import is_rational
from symbolic.warp.orbits import OpenOrbit, Orbit

z = clocks.z


@dataclass(frozen=True, kw_only=True)
class RationalTime(Record):
    """Where dt/dz is rational at width 1.

    Attributes:
        conditions: kinds of orbits of the neuron.
    """

    loss: Need[ConvexLoss]
    flow: Need[Flow]
    clock: Need[Clock]
    conditions: tuple[Orbit | OpenOrbit, ...]

    def certify(self) -> Iterator[Certificate]:
        """Orbit by orbit, and branch by branch of the loss."""
        found = _conditions(self.flow, self.clock)
        whole = Proved("names") if found == self.conditions else Undecided(f"{found}")
        yield Certificate("no condition is left out", whole)
        for number, (value, _) in enumerate(branches(self.loss.slope), 1):
            yield Certificate(
                f"branch {number} of the slope is rational in f", is_rational(value, f)
            )
        every = (
            {} if self.clock.is_closed else every_integer.at_every_integer(self.flow, self.clock)
        )
        for name in self.conditions:
            if isinstance(name, OpenOrbit):
                yield from every_integer.prove_at_every_integer(
                    self.flow, self.clock, name, every[name]
                )
            else:
                yield from self._at_number(name)

    def _at_number(self, name: Orbit) -> Iterator[Certificate]:
        at = width_one.place(self.flow, self.clock, name)
        yield Certificate(f"{name}: the output is rational", is_rational(at.output, z))
        yield Certificate(f"{name}: its velocity is rational", is_rational(at.speed, z))
        along = prove_equal(diff(at.output, z) * at.speed, at.kernel)
        yield Certificate(f"{name}: df/ds is the tangent kernel", along)

    def explain(self) -> Iterator[Step]:
        """The integral."""
        yield Step(
            "Elapsed time of one neuron",
            ((r"\frac{dt}{dz}", r"\frac{-1}{\dot z\,\partial\ell/\partial f}"),),
            r"At width 1 the output and $\dot z$ are rational in a coordinate $z$ of the neuron, and so "
            r"is the slope of the loss on every branch: partial fractions give $t$.",
        )


def derive(loss: ConvexLoss, flow: Flow, clock: Clock) -> RationalTime:
    """Look for coordinates of one neuron.

    Raises:
        DoesNotApply: where there are none, the slope of the loss is not rational, or it is a square.
    """
    if loss.factor is not None:
        raise DoesNotApply("for squares the elapsed time is a sum of logarithms, or none")
    if not all(value.is_rational_function(f) for value, _ in branches(loss.slope)):
        raise DoesNotApply("the slope of the loss is no rational function of the output")
    conditions = _conditions(flow, clock)
    if not conditions:
        raise DoesNotApply("the output of a neuron is rational in no coordinate of its clock")
    return RationalTime(loss=loss, flow=flow, clock=clock, conditions=conditions)


def _conditions(flow: Flow, clock: Clock) -> tuple[Orbit | OpenOrbit, ...]:
    if not clock.is_closed:
        every = every_integer.at_every_integer(flow, clock) if flow.output_i.has(beta) else {}
        return tuple(every)
    found = []
    for branch in clocks.SIGNS:
        try:
            at = width_one.place(flow, clock, branch)
        except (DoesNotApply, KeyError):
            continue
        if at.output.is_rational_function(z) and at.speed.is_rational_function(z):
            found.append(branch)
    return tuple(found)
