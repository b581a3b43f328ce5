"""What is claimed of odd declarations: nothing that is not so."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import DeclarationError, Layer, Model
from symbolic.declared.count import Count
from symbolic.declared.left import Left
from symbolic.declared.summary import Summary
from symbolic.declared.widths import EveryWidth
from symbolic.declared.written import PLAIN, Written
from symbolic.derivation import derive

TWO = {
    "W": Layer("h", "n", rate="eta_W"),
    "u": Layer("h", rate="eta_u"),
    "v": Layer("h", rate="eta_v"),
}


def declared(layers, inputs, output, **more):
    return Model(
        name="tried",
        title="tried",
        source="own",
        layers=layers,
        inputs=inputs,
        output=output,
        **more,
    )


def found(model, **sizes):
    return derive(Instance(model, sizes))


def two(f, g):
    """U f(W x) + v g(W x)."""
    return declared(
        TWO, {"x": ("n",)}, lambda w, x, F: w.u @ f(F, w.W @ x.x) + w.v @ g(F, w.W @ x.x)
    )


@pytest.mark.parametrize(
    ("f", "g"),
    [
        (lambda F, h: F.relu(F.exp(h)), lambda F, h: F.exp(h)),
        (lambda F, h: F.relu(h**2), lambda F, h: h**2),
        (lambda F, h: F.relu(h**2 + 1 + 0 * h), lambda F, h: h**2 + 1 + 0 * h),
        (lambda F, h: F.relu(h**3), lambda F, h: h**2 * F.relu(h)),
        (lambda F, h: F.relu(F.tanh(h)), lambda F, h: F.tanh(F.relu(h))),
        (lambda F, h: F.sqrt(F.exp(h) * F.exp(h)), lambda F, h: F.exp(h)),
    ],
)  # fmt: skip
def test_two_functions_that_are_one_are_never_counted_as_two_without_a_word(f, g):
    """Both sides are the same function of h, so u/η_u − v/η_v is conserved: rank 4 would be wrong."""
    derived = found(two(f, g), n=2, h=1)
    assert derived[Count].wrong or not derived[Count].is_complete
    assert EveryWidth not in derived or not derived[Count].wrong
    if derived[Count].wrong:
        assert Left not in derived


def test_a_gate_of_one_input_is_tied_to_the_next():
    """At h = 2 and w₁, w₂ > 0 a ratio is conserved: complete at one neuron says nothing of two."""
    model = declared(
        {"w": Layer("h", rate="eta_w"), "u": Layer("h", rate="eta_u")},
        {"x": ()}, lambda w, x, F: w.u @ F.relu(w.w * x.x),
    )  # fmt: skip
    one = found(model, h=1)
    assert EveryWidth not in one
    assert "tied" in one.reasons[EveryWidth]


def test_a_softmax_is_of_each_row():
    """X U with a softmax for each token: the row sums of U are conserved, by hand."""
    model = declared(
        {"U": Layer("n", "m")}, {"X": ("t", "n")}, lambda w, x, F: x.X @ w.U, loss="softmax"
    )
    count = found(model, n=2, m=3, t=2)[Count]
    assert (count.independent, count.rank, count.gap) == (2, 4, 0)


def test_what_cancels_leaves_no_field_behind():
    model = declared(
        {"a": Layer("n"), "b": Layer("n", rate="eta_b")}, {"x": ("n",)},
        lambda w, x, F: (w.a / w.a * w.b) @ x.x,
    )  # fmt: skip
    assert found(model, n=2)[Count].independent == 2  # a does not move


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ({"A": Layer("n"), "A_1": Layer()}, "called A_1"),
        ({"A": Layer("n"), "b": Layer(rate="A")}, "'A' is the rate of 'b'"),
        ({"lambda": Layer("n")}, "'lambda' is no name"),
        ({"Ω": Layer("n")}, "'Ω' is no name"),
        ({"A": ("n",)}, "A is no Layer"),
    ],
)
def test_names_that_would_be_read_as_one_are_refused(layers, words):
    with pytest.raises(DeclarationError, match=words):
        found(declared(layers, {"x": ("n",)}, lambda w, x, F: w.A @ x.x), n=2)


def test_what_was_drawn_is_said_and_laws_have_symbols_for_it():
    model = declared(
        {"A": Layer("k", rate="eta")}, {"x": ("n",)},
        lambda w, x, F: w.A @ (F.frozen("W", "k", "n") @ x.x),
    )  # fmt: skip
    derived = found(model, n=1, k=2)
    summary = Summary(derived.given, derived, derived.reasons)
    assert summary.laws(PLAIN) == ["A_1 W_21 − A_2 W_11"]
    assert summary.drawn == {"W": list(derived.given.drawn)}


def test_a_group_with_a_sign_before_it_stands_in_brackets():
    model = declared(TWO | {"u": Layer("h")}, {"x": ("n",)}, lambda w, x, F: w.u @ (w.W @ x.x))
    written = Written(Instance(model, {"n": 2, "h": 2}), PLAIN)
    over, plain = (("eta", Fraction(-1)),), ()
    law = {
        (0, 0): {over: fmpq(2)}, (1, 1): {over: fmpq(-4)},
        (2, 3): {plain: fmpq(-6)}, (1,): {plain: fmpq(-2)},
    }  # fmt: skip
    assert written.law(law) == "W_11²/eta − (W_12 + 3 W_21 W_22) − 2 W_12²/eta"
