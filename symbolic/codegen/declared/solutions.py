"""Closed forms of instances as functions of a generated module (see `symbolic.reduced.recognise`).

Under a square, where the monomials of the data do not correlate, every block of an instance that is one
quadratic form of its weights gives these as functions of time; one whose outputs are linear in a Gram
matrix gives the coefficients c_k of the outputs, from the Gram matrix, on the leaf of a law where one is
needed. Targets are of what is trained: what frozen weights add is taken off before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Model, Sizes
from symbolic.codegen.declared import clock, gram_flow
from symbolic.codegen.declared.solution_texts import Texts
from symbolic.codegen.declared.text import function, quoted
from symbolic.laws.blocks import independent_blocks
from symbolic.laws.gram import hessian
from symbolic.proof.certificate import DoesNotApply
from symbolic.reduced.given import Given, given
from symbolic.reduced.matrix_riccati import MatrixRiccati
from symbolic.reduced.recognise import class_of
from symbolic.reduced.solution import Solution

MANY = 40  # weights of an instance, up to which it is recognised


@dataclass(frozen=True)
class Solved:
    """An instance whose blocks are all solved.

    Attributes:
        name: of the function.
        kind: the classes.
        sizes: of the instance.
        gives: "weights", or "outputs": the coefficients c_k.
        leaf: name of the function of the law on whose leaf it holds; empty where none is needed.
        potentials: of each c_k, the number of the output and the exponents of entries of inputs.
        lines: of the body.
        leaf_lines: of the body of the law.
    """

    name: str
    kind: str
    sizes: Sizes
    gives: str
    leaf: str
    potentials: tuple[tuple[int, tuple[int, ...]], ...]
    lines: tuple[str, ...]
    leaf_lines: tuple[str, ...]


def found(model: Model, variables: Mapping[str, str]) -> list[Solved]:
    """Of the declared instances.

    Args:
        model: the declaration.
        variables: what weights are called in functions, by name.
    """
    if model.data in ("line", "points"):
        return []
    small = [one for one in model.sizes if model.number_of_weights(one) <= MANY]
    solved = (_solved(Instance(model, one), variables, k) for k, one in enumerate(small, 1))
    return [one for one in solved if one is not None]


def table(solved: Sequence[Solved]) -> list[str]:
    """What a module says of them."""
    lines = [
        "# closed forms under a square, where monomials of the data do not correlate: by their functions",
        "# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of",
        "# each coefficient the entry of the output and the exponents of the inputs' entries",
        "SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {",
    ]
    for one in solved:
        sizes = dict(one.sizes)
        entry = (one.kind, sizes, one.gives, one.leaf, one.potentials)
        lines.append(f"    {one.name!r}: {entry!r},")
    return [*lines, "}"]


def helpers() -> dict[str, str]:
    """Functions that those of closed forms use, by what calls them."""
    return {"_times(": clock.TIMES, "_clock(": clock.helper(), "_gram(": gram_flow.helper()}


def functions(one: Solved, variables: Mapping[str, str]) -> list[str]:
    """The texts of the functions of a closed form."""
    place = ", ".join(f"{symbol} = {value}" for symbol, value in one.sizes.items())
    at = f" at {place}" if place else ""
    read = [f"{variable} = weights[{quoted(name)}]" for name, variable in variables.items()]
    gives = "All weights" if one.gives == "weights" else "The coefficients of the outputs"
    texts = [
        function(
            one.name,
            "weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, "
            "xp: Any = np",
            f"{gives} in time{at}: {one.kind}.",
            ["Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time."],
            [
                "weights: initial ones, arrays by name.",
                "rates: numbers by name.",
                "targets: of each coefficient of what is trained.",
                "times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.",
                "xp: the namespace that computes.",
            ],
            [*read, *one.lines],
            "Any",
        )
    ]
    if one.leaf:
        texts.append(
            function(
                one.leaf,
                "weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np",
                f"Conserved{at}; `{one.name}` is of weights of which this is a multiple of 1.",
                ["QᵀJQ, Q the weights over the roots of their rates, shape (columns, columns)."],
                [
                    "weights: arrays by name.",
                    "rates: numbers by name.",
                    "xp: the namespace that computes.",
                ],
                [*read, *one.leaf_lines],
                "Any",
            )
        )
    return texts


def _solved(instance: Instance, variables: Mapping[str, str], count: int) -> Solved | None:
    """An instance; None where a block of it is not solved."""
    try:
        whole = given(instance)
        if any(hessian(one) is None for one in whole.potentials) or not _is_same(instance, whole):
            return None
        blocks = [class_of(whole, one) for one in independent_blocks(whole.potentials)]
    except DoesNotApply:
        return None
    texts = Texts(instance, variables, whole.potentials, whole.targets)
    solutions = [block.solution for block in blocks]
    if all(isinstance(one, Solution) for one in solutions):
        lines, leaf_lines, gives = list(texts.weights(blocks)), list[str](), "weights"
    elif (
        len(blocks) == 1
        and isinstance(one := solutions[0], MatrixRiccati)
        and one.limit is not None
    ):
        lines, leaf_lines, gives = texts.outputs(one), texts.leaf(one), "outputs"
    else:
        return None
    return Solved(
        f"solution_{count}",
        " and ".join(dict.fromkeys(block.kind for block in blocks)),
        instance.sizes,
        gives,
        f"leaf_{count}" if leaf_lines else "",
        tuple((p.output, p.data) for p in whole.potentials),
        tuple(lines),
        tuple(leaf_lines),
    )


def _is_same(instance: Instance, whole: Given) -> bool:
    """Whether what is trained stays the same when what is frozen is drawn anew, but for constants."""
    if not instance.frozen:
        return True
    other = given(Instance(instance.model, instance.sizes, seed=1))
    return [(p.output, p.data, p.value) for p in whole.potentials] == [
        (p.output, p.data, p.value) for p in other.potentials
    ]
