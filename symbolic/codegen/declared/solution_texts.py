"""The text of closed forms of an instance: of all weights, or of all coefficients of its outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import sympy
from sympy import Expr, Symbol

from symbolic.architecture.instance import Instance
from symbolic.codegen.printer import print_expression
from symbolic.laws.absorbed import number, rate
from symbolic.laws.reduction import Potential
from symbolic.reduced.clock import by_powers, coefficients
from symbolic.reduced.matrix_riccati import LEAF, MatrixRiccati
from symbolic.reduced.recognised import Recognised
from symbolic.reduced.solution import Solution


class Texts:
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
