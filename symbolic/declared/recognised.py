"""Stage: of which solved class the flow is under half a square (see `symbolic.reduced.recognise`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import latex

from symbolic.architecture.instance import Instance
from symbolic.laws.recognition import NONE
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.reduced.aligned import Aligned, aligned
from symbolic.reduced.elliptic import Elliptic, normal_form
from symbolic.reduced.recognise import AT_REST, recognise, unrecognised
from symbolic.reduced.recognised import Recognised, Recognition
from symbolic.reduced.reflected import reflected
from symbolic.reduced.solution import Solution


@dataclass(frozen=True, kw_only=True)
class Solvable(Record):
    """The flow under half a square on white data, or on the points of the declaration, by its class.

    Attributes:
        recognition: block by block; a solution where the class has one.
        aligned: where a block has no class, the flow on diagonal layers, if these stay diagonal.
    """

    instance: Need[Instance]
    recognition: Recognition
    aligned: Aligned | None = None

    @property
    def kind(self) -> str:
        """The classes of the blocks, from any start, and where there is none on diagonal layers."""
        if self.aligned is None:
            return self.recognition.kind
        modes = "aligned modes" + (" of symmetric data" if self.aligned.moment is not None else "")
        return f"{self.recognition.kind}; on {modes}: {self.aligned.recognition.kind}"

    @property
    def is_solved(self) -> bool:
        """Whether every block has a solution in time, from any start, or any on the leaf of its law."""
        return _are_solved(self.recognition)

    @property
    def is_solved_in_warp(self) -> bool:
        """Whether every block has a solution in time or in its warp, of which time is one integral."""
        return _are_solved_in_warp(self.recognition)

    @property
    def how_far(self) -> str:
        """How far it is solved, in words."""
        if self.kind == AT_REST:
            return "no weight moves"
        found = self.aligned.recognition if self.aligned else self.recognition
        if _are_solved(found):
            return "solved in time"
        if _are_solved_in_warp(found):
            return "solved in warped time; the clock is one integral"
        return "without a solution in time here"

    def certify(self) -> Iterator[Certificate]:
        """What each block was proved to be."""
        for block in self.recognition.blocks:
            yield from block.certificates
        if self.aligned is not None:
            yield from self.aligned.certificates
            for block in self.aligned.recognition.blocks:
                yield from block.certificates

    def explain(self) -> Iterator[Step]:
        """Variables, equations, outputs, and the solution."""
        if any(block.certificates for block in self.recognition.blocks):
            yield from _steps(self.recognition, "Recognised")
        if self.aligned is not None:
            zero = tuple((latex(w), "0") for w in self.aligned.zero)
            yield Step(
                "Aligned modes", zero, "No coefficient that is trained moves them from there."
            )
            yield from _steps(self.aligned.recognition, "On aligned modes")


def _are_solved(found: Recognition) -> bool:
    return all(block.solution is not None for block in found.blocks)


def _are_solved_in_warp(found: Recognition) -> bool:
    return all(block.solution is not None or block.in_warp is not None for block in found.blocks)


def _steps(found: Recognition, title: str) -> Iterator[Step]:
    several = len(found.blocks) > 1
    for number, block in enumerate(found.blocks, 1):
        name = f"{title}, block {number}" if several else title
        yield Step(f"{name}: {block.kind}", tuple(_rows(block)), _proof(block))


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
            "differentiated, by the equation of ℘ alone. The clock is one integral, elliptic of the "
            "third kind. Where the discriminant is 0, both are elementary."
        )
    if block.curve is not None:
        return "One variable is left, on a curve: its time is an integral on it."
    return "The class was recognised; it has no solution here."


def derive(instance: Instance) -> Solvable:
    """Recognise the blocks; on diagonal layers where one has no class."""
    try:
        found = recognise(instance)
    except DoesNotApply as reason:
        return _on_symmetric_data(instance, reason)
    if not any(block.kind.startswith(NONE) for block in found.blocks):
        return Solvable(instance=instance, recognition=found)
    try:
        return Solvable(instance=instance, recognition=found, aligned=aligned(instance))
    except DoesNotApply as reason:
        if any(block.certificates for block in found.blocks):
            return Solvable(instance=instance, recognition=found)
        raise DoesNotApply(f"{found.kind}; on aligned modes: {reason}") from None


def _on_symmetric_data(instance: Instance, reason: DoesNotApply) -> Solvable:
    """Where white data do not say what is needed of the data."""
    try:
        modes = reflected(instance)
    except DoesNotApply:
        raise reason from None
    return Solvable(
        instance=instance, recognition=unrecognised(instance, str(reason)), aligned=modes
    )
