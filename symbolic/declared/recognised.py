"""Stage: of which solved class the flow is under half a square (see `symbolic.reduced.recognise`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import latex

from symbolic.architecture.instance import Instance
from symbolic.laws.recognition import NONE
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.reduced.elliptic import Elliptic, normal_form
from symbolic.reduced.recognise import AT_REST, Recognised, Recognition, recognise
from symbolic.reduced.solution import Solution


@dataclass(frozen=True, kw_only=True)
class Solvable(Record):
    """The flow under half a square on white data, or on the points of the declaration, by its class.

    Attributes:
        recognition: block by block; a solution where the class has one.
    """

    instance: Need[Instance]
    recognition: Recognition

    @property
    def kind(self) -> str:
        """The classes of the blocks."""
        return self.recognition.kind

    @property
    def is_solved(self) -> bool:
        """Whether every block has a solution in time."""
        return all(block.solution is not None for block in self.recognition.blocks)

    @property
    def is_solved_in_warp(self) -> bool:
        """Whether every block has a solution in time or in its warp, of which time is one integral."""
        return all(
            block.solution is not None or block.in_warp is not None
            for block in self.recognition.blocks
        )

    @property
    def how_far(self) -> str:
        """How far it is solved, in words."""
        if self.kind == AT_REST:
            return "no weight moves"
        if self.is_solved:
            return "solved in time"
        if self.is_solved_in_warp:
            return "solved in warped time; the clock is one integral"
        return "without a solution in time here"

    def certify(self) -> Iterator[Certificate]:
        """What each block was proved to be."""
        for block in self.recognition.blocks:
            yield from block.certificates

    def explain(self) -> Iterator[Step]:
        """Variables, equations, outputs, and the solution."""
        several = len(self.recognition.blocks) > 1
        for number, block in enumerate(self.recognition.blocks, 1):
            name = f"Block {number}: {block.kind}" if several else f"Recognised: {block.kind}"
            yield Step(name, tuple(_rows(block)), _proof(block))


def _rows(block: Recognised) -> Iterator[tuple[str, str]]:
    for variable, definition in block.variables.items():
        if variable != definition:
            yield latex(variable), latex(definition)
    for variable, velocity in block.equations.items():
        yield rf"\dot{{{latex(variable)}}}", latex(velocity)
    for k, output in block.outputs.items():
        yield f"c_{{{k + 1}}}", latex(output)
    if isinstance(block.solution, Solution):
        for name, value in block.solution.constants.items():
            yield latex(name), latex(value)
        for name, value in block.solution.values.items():
            yield f"{latex(name)}(t)", latex(value)
    if block.curve is not None:
        yield f"{latex(block.curve.p)}^2", latex(block.curve.square)
    if block.in_warp is not None:
        yield from _in_warp(block.in_warp)


def _in_warp(found: Elliptic) -> Iterator[tuple[str, str]]:
    """Invariants, the coordinate in the warp, and the clock."""
    warp = latex(found.letters.s)
    for name, value in found.constants.items():
        yield latex(name), latex(value)
    yield tuple(map(latex, normal_form(found)))
    yield (
        rf"{latex(found.letters.g_2)}^3 - 27 {latex(found.letters.g_3)}^2",
        latex(found.discriminant),
    )
    for name, value in found.values.items():
        yield f"{latex(name)}({warp})", latex(value)
    yield "t", rf"\int_0^{{{warp}}} \frac{{d{warp}}}{{{latex(found.signal)}}}"


def _proof(block: Recognised) -> str:
    if block.solution is not None:
        return "The solution solves the equation, starts where it should, and has the limits."
    if block.in_warp is not None:
        return (
            "One variable is left, on a curve. In its warp it is a fraction of ℘ and ℘′, of any start: "
            "differentiated, by the equation of ℘ alone. Where the discriminant is 0, ℘ is elementary. "
            "The clock is one integral."
        )
    if block.curve is not None:
        return "One variable is left, on a curve: its time is an integral on it."
    return "The class was recognised; it has no solution here."


def derive(instance: Instance) -> Solvable:
    """Recognise the blocks."""
    found = recognise(instance)
    if not any(block.certificates for block in found.blocks):
        raise DoesNotApply(f"{NONE}: {', '.join(found.searched)}")
    return Solvable(instance=instance, recognition=found)
