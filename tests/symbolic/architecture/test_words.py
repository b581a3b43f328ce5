"""Words: what stands in them, what is cut, and laws that are read off them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symbolic.architecture.model import Layer, Model
from symbolic.architecture.words import Letter, Words
from symbolic.laws.all_sizes import diagonal_laws, matrix_laws


def declared(layers, output, inputs=None):
    return Model(
        name="tried", title="", source="own",
        layers={name: Layer(*shape, rate=f"eta_{name}") for name, shape in layers.items()},
        inputs=inputs or {"x": ("n",)}, output=output,
    )  # fmt: skip


def said(laws):
    return [
        (str(law.size), {(part.layer, part.kind): part.factor for part in law.parts})
        for law in laws
    ]


def test_a_diagonal_letter_is_its_own_transpose():
    assert Letter("d", False, False, True) == Letter("d", False, False, True).T
    assert Letter("d", True, False) == Letter("d", False, False).T


def test_gates_are_letters_and_nothing_is_cut():
    relu = declared({"U": ("m", "h"), "W": ("h", "n")}, lambda w, x, F: w.U @ F.relu(w.W @ x.x))
    assert not Words(relu).cut
    assert Words(declared({"U": ("m", "n")}, lambda w, x, F: F.tanh(w.U @ x.x))).cut


@pytest.mark.parametrize(
    ("layers", "output", "matrices", "diagonals"),
    [
        (
            {"U": ("m", "h"), "W": ("h", "n")},
            lambda w, x, F: w.U @ F.relu(w.W @ x.x),
            [("None", {("U", "norm"): -1, ("W", "norm"): 1})],
            [("h", {("U", "inner"): -1, ("W", "outer"): 1})],
        ),
        (  # a linear layer above a ReLU keeps its whole law
            {"A": ("m", "k"), "U": ("k", "h"), "W": ("h", "n")},
            lambda w, x, F: w.A @ (w.U @ F.relu(w.W @ x.x)),
            [
                ("k", {("A", "inner"): -1, ("U", "outer"): 1}),
                ("None", {("A", "norm"): -1, ("W", "norm"): 1}),
            ],
            [("h", {("U", "inner"): -1, ("W", "outer"): 1})],
        ),
        (  # a skip around the ReLU: nothing but what both allow
            {"U": ("m", "h"), "W": ("h", "n")},
            lambda w, x, F: w.U @ F.relu(w.W @ x.x) + w.U @ (w.W @ x.x),
            [("None", {("U", "norm"): -1, ("W", "norm"): 1})],
            [("h", {("U", "inner"): -1, ("W", "outer"): 1})],
        ),
        (  # a scalar
            {"a": (), "b": ()},
            lambda w, x, F: w.a * F.relu(w.b * (x.x @ x.x)),
            [("None", {("a", "norm"): -1, ("b", "norm"): 1})],
            [],
        ),
        (  # three axes stand in no word; the others keep theirs
            {"T": ("n", "m", "k"), "u": ("m",), "v": ("n",)},
            lambda w, x, F: ((w.T @ F.frozen("s", "k")) @ w.u) @ w.v,
            [("None", {("u", "norm"): -1, ("v", "norm"): 1})],
            [],
        ),
        (
            {"A": ("n", "n"), "B": ("n", "n")},
            lambda w, x, F: (F.identity("n") + w.A) @ (w.B @ x.x),
            [("n", {("A", "inner"): -1, ("A", "sum"): -1, ("B", "outer"): 1})],
            [],
        ),
        (  # the square of 1 + A is not that of A
            {"A": ("n", "n"), "B": ("n", "n")},
            lambda w, x, F: (F.identity("n") + 2 * w.A) @ (w.B @ x.x),
            [("n", {("A", "inner"): -1, ("A", "sum"): Fraction(-1, 2), ("B", "outer"): 1})],
            [],
        ),
    ],
)
def test_laws_that_words_say(layers, output, matrices, diagonals):
    model = declared(layers, output)

    def sign(laws):
        """The first factor is negative."""
        found = []
        for size, parts in laws:
            turn = -1 if min(parts.items())[1] > 0 else 1
            found.append((size, {part: turn * factor for part, factor in parts.items()}))
        return found

    assert sign(said(matrix_laws(model))) == sign(matrices)
    assert sign(said(diagonal_laws(model))) == sign(diagonals)
