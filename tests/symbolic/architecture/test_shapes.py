"""A declaration that does not fit is refused where it does not, with its line."""

from __future__ import annotations

import inspect

import pytest

from symbolic.architecture.model import DeclarationError, Layer, Model
from symbolic.architecture.tensor import ShapeError


def declared(output, layers=None, inputs=None, **given):
    return Model(
        name="tried", title="", source="own", output=output,
        layers={"U": Layer("m", "h"), "V": Layer("h", "n"), "b": Layer("h"), "c": Layer()}
        | (layers or {}),
        inputs={"x": ("n",), "X": ("t", "n")} if inputs is None else inputs, **given,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("output", "shape"),
    [
        (lambda w, x, F: w.U @ (w.V @ x.x), "(m)"),
        (lambda w, x, F: w.V.T @ w.U.T, "(n, m)"),
        (lambda w, x, F: x.X @ w.V.T, "(t, h)"),
        (lambda w, x, F: w.b @ (w.V @ x.x), "()"),
        (lambda w, x, F: w.c * w.b + 1 - w.b / 2, "(h)"),
        (lambda w, x, F: sum(w.b for _ in range(3)).sum(), "()"),
        (lambda w, x, F: (F.identity("h") + w.V @ w.V.T) @ w.b, "(h)"),
        (lambda w, x, F: F.frozen("A", "k", "n") @ x.x, "(k)"),
        (lambda w, x, F: F.softmax(x.X @ w.V.T) @ w.b, "(t)"),
        (lambda w, x, F: F.layer_norm(w.V @ x.x), "(h)"),
        (lambda w, x, F: F.weight_norm(w.V, w.b) @ x.x, "(h)"),
        (lambda w, x, F: F.conv1d(w.b, x.x), "(n+1-h)"),
        (lambda w, x, F: F.conv1d(w.V, F.frozen("s", "l")), "(h, l+1-n)"),
        (lambda w, x, F: F.tanh(w.V @ x.x) ** 2, "(h)"),
    ],
)
def test_shapes_follow(output, shape):
    graph = declared(output).graph
    assert f"({', '.join(map(str, graph.output.shape))})" == shape


def too_early(w, x, F):
    hidden = w.V @ x.x
    return w.V @ hidden  # here


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (lambda w, x, F: w.U @ w.b @ w.V, r"\(m\) @ \(h, n\) do not fit: m is not h"),
        (lambda w, x, F: w.b + x.x, r"\(h\) \+ \(n\) do not fit"),
        (lambda w, x, F: w.b * x.x, r"\(h\) \* \(n\) do not fit"),
        (lambda w, x, F: w.c @ w.b, r"a scalar is multiplied by \*"),
        (lambda w, x, F: w.b**0.5, "a power is a whole number"),
        (lambda w, x, F: w.b[0], "no entries of tensors"),
        (lambda w, x, F: sum(w.b), "no loop over it"),
        (lambda w, x, F: w.b if w.c else x.x, "comparison"),
        (lambda w, x, F: w.b + "1", "expected a tensor or a number, not str"),
        (lambda w, x, F: F.softmax(w.c), "softmax of a scalar"),
        (lambda w, x, F: F.weight_norm(w.V, w.c * x.x), r"has a gain \(h\), not \(n\)"),
        (lambda w, x, F: F.conv1d(w.V, x.X), "conv1d: filters"),
        (lambda w, x, F: F.frozen("A", "n") + F.frozen("A", "h"), r"frozen A is \(n\) elsewhere"),
        (too_early, r"\(h, n\) @ \(h\) do not fit"),
    ],
)
def test_what_does_not_fit_names_its_place(output, said):
    with pytest.raises(ShapeError, match=said) as refused:
        _ = declared(output).graph
    first = inspect.getsourcelines(output)[1]
    line = int(str(refused.value).partition("line ")[2].partition(":")[0])
    assert str(refused.value).startswith("test_shapes.py, line ")
    assert line == first + (2 if output is too_early else 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"layers": {}}, "at least one layer"),
        ({"layers": {"1a": Layer("n")}}, "'1a' is no name"),
        ({"layers": {"x": Layer("n")}}, "'x' is a layer and an input"),
        ({"data": "lines"}, "data is one of any, line, white, points"),
        ({"data": "points"}, "points are missing"),
        ({"sizes": ({"n": 2, "q": 1},)}, "no size 'q': sizes are n"),
        ({"sizes": ({},)}, "no value for the size n"),
        ({"sizes": ({"n": 0},)}, "a size is at least 1"),
    ],
)
def test_what_is_no_declaration_is_refused(change, said):
    given = {
        "name": "tried", "title": "", "source": "own", "layers": {"u": Layer("n")},
        "inputs": {"x": ("n",)}, "output": lambda w, x, F: w.u @ x.x,
    }  # fmt: skip
    with pytest.raises(DeclarationError, match=said):
        Model(**(given | change))


def test_a_layer_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(AttributeError, match="no weight 'W': there are U, V, b, c"):
        _ = declared(lambda w, x, F: w.W @ x.x).graph
    with pytest.raises(AttributeError, match="F has no 'tahn': activations are cos, erf"):
        _ = declared(lambda w, x, F: F.tahn(x.x)).graph


def test_an_output_is_computed_with_shared_parts_once():
    from symbolic.architecture.walk import in_order

    def output(w, x, F):
        z = x.x @ x.x
        for _ in range(60):
            z = z * z + z
        return z

    assert len(list(in_order(declared(output).graph.output))) == 122
