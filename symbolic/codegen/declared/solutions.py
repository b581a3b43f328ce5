"""Closed forms of instances as functions of a generated module (see `symbolic.reduced.recognise`).

Under a square, where the monomials of the data do not correlate, every block of an instance that is one
quadratic form of its weights gives these as functions of time; one whose outputs are linear in a Gram
matrix gives the coefficients c_k of the outputs, from the Gram matrix, on the leaf of a law where one is
needed. Targets are of what is trained: what frozen weights add is taken off before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import sympy
from sympy import Expr, Symbol

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Model, Sizes
from symbolic.codegen.declared import clock, gram_flow
from symbolic.codegen.declared.text import function, quoted
from symbolic.codegen.printer import print_expression
from symbolic.laws.absorbed import number, rate
from symbolic.laws.blocks import independent_blocks
from symbolic.laws.gram import hessian
from symbolic.laws.reduction import Potential
from symbolic.proof.certificate import DoesNotApply
from symbolic.reduced.clock import by_powers, coefficients
from symbolic.reduced.given import Given, given
from symbolic.reduced.matrix_riccati import LEAF, MatrixRiccati
from symbolic.reduced.recognise import class_of
from symbolic.reduced.recognised import Recognised
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
    texts = _Texts(instance, variables, whole.potentials, whole.targets)
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


class _Texts:
    """Expressions of an instance as text.

    Args:
        instance: the network at fixed sizes.
        variables: what weights are called, by name.
        potentials: coefficients of its outputs.
        targets: their symbols.
    """

    def __init__(
        self,
        instance: Instance,
        variables: Mapping[str, str],
        potentials: Sequence[Potential],
        targets: Sequence[Symbol],
    ) -> None:
        self._variables = variables
        self._layers = {
            name: list(product(*(range(size.at(instance.sizes)) for size in layer.shape)))
            for name, layer in instance.model.layers.items()
        }
        entries = [
            self._entry_of(name, place) for name, places in self._layers.items() for place in places
        ]
        self._entry = dict(zip(instance.names, entries, strict=True))
        self._names: dict[Symbol, str] = {y: f"targets[{k}]" for k, y in enumerate(targets)}
        self._names |= {rate(one): f'rates["{one}"]' for one in instance.rates}
        self._names |= {Symbol(w, real=True): text for w, text in self._entry.items()}
        self._names |= {Symbol(f"{w}^0", real=True): text for w, text in self._entry.items()}
        self._trained = {
            y: y + number(p.constant) for y, p in zip(targets, potentials, strict=True)
        }
        self._roots = {
            rate(one): Symbol(f"root_{k}", positive=True)
            for k, one in enumerate(dict.fromkeys(instance.rates))
        }

    def _factored(self, expression: Expr) -> Expr:
        """With squares as such, those of roots of rates among them: no sum of theirs cancels."""
        found = sympy.factor(
            expression.xreplace({eta: root**2 for eta, root in self._roots.items()})
        )
        return found.xreplace({root: sympy.sqrt(eta) for eta, root in self._roots.items()})

    def _text(self, expression: Expr, more: Mapping[Symbol, str] | None = None) -> str:
        return print_expression(expression, {**self._names, **(more or {})})

    def _local(self, name: str) -> str:
        """A variable that no weight is."""
        while name in self._variables.values():
            name += "_"
        return name

    # ------------------------------------------------------------ weights

    def weights(self, blocks: Sequence[Recognised]) -> Iterator[str]:
        """Lines that compute all weights, block by block."""
        rows: dict[str, str] = {}
        for number_, block in enumerate(blocks, 1):
            assert isinstance(block.solution, Solution)
            (k,) = block.outputs
            yield from self._block(block.solution, number_, k, rows)
        yield "return {"
        for name, places in self._layers.items():
            shape = tuple(max(axis) + 1 for axis in zip(*places, strict=True))
            own = [self._entry_of(name, place) for place in places]
            texts = [rows.get(one, one) for one in own]  # what is in no block does not move
            if shape:
                yield f"    {name!r}: xp.stack([{', '.join(texts)}], -1)" + (
                    f".reshape({shape!r})," if len(shape) > 1 else ","
                )
            else:
                yield f"    {name!r}: {texts[0]},"
        yield "}"

    def _entry_of(self, name: str, place: tuple[int, ...]) -> str:
        variable = self._variables[name]
        return variable + (f"[{', '.join(map(str, place))}]" if place else "")

    def _block(self, solution: Solution, count: int, k: int, rows: dict[str, str]) -> Iterator[str]:
        P, Q, _, a = solution.constants
        gain, pull, brake = coefficients(solution, self._trained)
        names = {P: self._local(f"P_{count}"), Q: self._local(f"Q_{count}")}
        root_name = self._local(f"root_{count}")
        for letter in (P, Q):
            if solution.constants[letter] != 0:
                yield f"{names[letter]} = {self._text(self._factored(solution.constants[letter]))}"
        arguments = ", ".join(self._text(one, names) for one in (gain, pull, brake))
        yield f"{root_name} = xp.sqrt(_clock({arguments}, times[{k}], xp))"
        for w, value in solution.values.items():
            if (entry := self._entry.get(str(w))) is None:
                continue
            parts = {n: self._factored(c) for n, c in by_powers(value, a).items()}
            rows[entry] = " + ".join(
                f"_times({self._text(c)}, {factor}, xp)" if n else self._text(c)
                for (n, c), factor in zip(
                    parts.items(), (root_name, "", f"1 / {root_name}"), strict=True
                )
                if c != 0
            )

    # ------------------------------------------------------------ outputs

    def outputs(self, solution: MatrixRiccati) -> list[str]:
        """Lines that compute all coefficients of the outputs."""
        start, force, gram, law, leaf = map(self._local, ("start", "force", "gram", "law", "leaf"))
        lines = self._matrix(solution)
        if solution.law is not None:
            lines.append(f"{law} = np.array({_rows(solution.law)})")
            lines.append(f"{leaf} = np.mean(np.diagonal({start}.T @ {law} @ {start}))")
        n, F = solution.size, solution.F.subs(self._trained)
        lines.append(f"{force} = np.zeros(({n}, {n}))")
        for (i, j), c in sorted(F.todok().items()):
            if i <= j:
                text = self._text(sympy.factor(c), {LEAF: leaf})
                twice = "" if i == j else f"{force}[{j}, {i}] = "
                lines.append(f"{force}[{i}, {j}] = {twice}{text}")
        brake = self._text(solution.B[0, 0])
        lines.append(f"{gram} = _gram({start}, {force}, {brake}, times[0])")
        return [*lines, "return [", *self._traces(solution, gram), "]"]

    def _traces(self, solution: MatrixRiccati, gram: str) -> Iterator[str]:
        """Of H_k Z/2, in their scales, where what is not trained is left out."""
        for H, (factor, _) in zip(solution.forms, solution.outputs, strict=True):
            entries: dict[tuple[int, int], Expr] = {}
            for (i, j), c in H.todok().items():
                place = (min(i, j), max(i, j))
                entries[place] = entries.get(place, sympy.Integer(0)) + c / 2
            total = " + ".join(
                f"{gram}[{i}, {j}]" if c == 1 else f"{self._text(c)} * {gram}[{i}, {j}]"
                for (i, j), c in sorted(entries.items())
            )
            yield f"    {total}," if factor == 1 else f"    {self._text(factor)} * ({total}),"

    def leaf(self, solution: MatrixRiccati) -> list[str]:
        """Lines that compute the law; none where none is needed."""
        if solution.law is None:
            return []
        start = self._local("start")
        law = f"np.array({_rows(solution.law)})"
        return [*self._matrix(solution), f"return {start}.T @ {law} @ {start}"]

    def _matrix(self, solution: MatrixRiccati) -> list[str]:
        rows = [
            "[" + ", ".join(self._text(c) for c in solution.Q.row(i)) + "]"
            for i in range(solution.size)
        ]
        return [f"{self._local('start')} = np.array([{', '.join(rows)}])"]


def _rows(matrix: sympy.Matrix) -> str:
    rows = [matrix.row(i) for i in range(matrix.rows)]
    return repr([[int(c) if c.is_integer else float(c) for c in row] for row in rows])
