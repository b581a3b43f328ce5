"""Laws with symbols for what is not trained: right by hand, for all of it, and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flint import fmpq

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import DeclarationError, Layer, Model
from symbolic.declared import fields as fields_of
from symbolic.declared import polynomial_laws
from symbolic.declared.summary import Summary
from symbolic.declared.written import PLAIN, Written
from symbolic.laws import parameters
from symbolic.laws.rates import at, basis
from symbolic.models.shelf import load
from symbolic.proof.certificate import CertificateError


def declared(layers, output, inputs=("n",), **more):
    return Model(
        name="tried", title="tried", source="own", layers=layers, inputs={"x": inputs},
        output=output, **more,
    )  # fmt: skip


READ_OUT = declared(
    {"A": Layer("k", rate="eta")}, lambda w, x, F: w.A @ (F.frozen("W", "k", "n") @ x.x)
)
BETWEEN = declared(
    {"U": Layer("m", "h", rate="eta_U"), "V": Layer("h", "n", rate="eta_V")},
    lambda w, x, F: w.U @ (F.frozen("W", "h", "h") @ (w.V @ x.x)),
)
TWO_RATES = declared(
    {"A": Layer("k", rate="eta_A"), "B": Layer("k", rate="eta_B")},
    lambda w, x, F: (F.frozen("c") * w.A.sum() + F.frozen("d") * w.B.sum()) * x.x,
    inputs=(),
)


def found(model, **sizes):
    instance = Instance(model, sizes)
    return polynomial_laws.derive(fields_of.derive(instance))


def written(record):
    spelled = Written(record.fields.instance, PLAIN)
    return [spelled.law(law) for law in record.shown]


def refused(record, **changed):
    with pytest.raises(CertificateError):
        replace(record, **changed)


def test_laws_that_depend_on_frozen_weights_have_their_minors():
    """A @ W moves along the columns of W: A across them is conserved, by Cramer's rule."""
    assert written(found(READ_OUT, k=2, n=1)) == ["A_1 W_21 − A_2 W_11"]
    minors = found(READ_OUT, k=3, n=2)
    assert written(minors) == [
        "A_1 W_21 W_32 + A_2 W_12 W_31 + A_3 W_11 W_22"
        " − (A_1 W_22 W_31 + A_2 W_11 W_32 + A_3 W_12 W_21)"
    ]
    assert (minors.free, minors.only_drawn, minors.said) == (0, 0, ())


def test_laws_that_do_not_are_found_beside_those_that_do():
    """‖U‖²/η_U − ‖V‖²/η_V, and with W: ‖U W‖²/η_U − ⟨V Vᵀ, Wᵀ W⟩/η_V up to the first."""
    record = found(BETWEEN, m=2, n=2, h=2)
    assert (record.free, record.independent, record.only_drawn) == (1, 2, 0)
    assert written(record)[0] == (
        "(U_11² + U_12² + U_21² + U_22²)/eta_U − (V_11² + V_12² + V_21² + V_22²)/eta_V"
    )
    assert "W_11" in written(record)[1]


def test_laws_of_low_degree_are_found_where_elimination_is_too_large():
    """Of the traces of Uᵀ U (W Wᵀ)^k, k = 0, 1, 2, all but the last, which is of degree 4 in W."""
    record = found(BETWEEN, m=2, n=2, h=3)
    assert (record.free, record.independent, record.only_drawn) == (1, 3, 1)
    (drawn,) = (n for n, law in enumerate(record.with_symbols) if law is None)
    assert "W_" not in written(record)[drawn]
    quadratic = record.with_symbols[3 - drawn]
    weights = record.fields.instance.weights
    assert {sum(i >= weights for i in factors) for factors in quadratic} == {2}
    assert "1 of the laws" in record.said[0]


def test_rates_that_are_not_absorbed_stand_beside_frozen_weights():
    """C ΣA + d ΣB: one field; differences of A, of B, and d A/η_A − c B/η_B."""
    record = found(TWO_RATES, k=2)
    assert record.independent == 3
    assert {"A_1 − A_2", "B_1 − B_2"} < set(written(record))
    (mixed,) = set(written(record)) - {"A_1 − A_2", "B_1 − B_2"}
    assert "c" in mixed
    assert "d" in mixed
    assert record.only_drawn == 0


def test_laws_on_a_line_have_its_direction():
    model = load("two_layer_linear_on_a_line")
    record = found(model, **model.sizes[0])
    assert written(record)[0] == "V_11 x_2 − V_12 x_1"
    assert record.only_drawn == 0


@pytest.mark.parametrize(
    ("model", "sizes"),
    [(READ_OUT, {"k": 4, "n": 2}), (BETWEEN, {"m": 2, "n": 2, "h": 2}), (TWO_RATES, {"k": 2})],
)
def test_another_draw_has_the_same_laws(model, sizes):
    """With symbols replaced by other numbers they are laws there, found on their own."""
    record = found(model, **sizes)
    other = Instance(model, sizes, seed=7)
    given = parameters.Parameters(
        (*other.names, *other.parameters), other.rates, record.fields.with_symbols, other.drawn
    )
    elsewhere = polynomial_laws.derive(fields_of.derive(other))
    assert other.drawn != record.fields.instance.drawn
    rates = elsewhere.rates
    for law in record.with_symbols:
        there = given.at_drawn(law)
        assert len(basis([*elsewhere.laws, there], rates)) == len(elsewhere.laws)
        assert at(there, rates)


def test_altered_laws_are_refused():
    record = found(BETWEEN, m=2, n=2, h=2)
    first, second = record.with_symbols
    factors, coefficient = next(iter(second.items()))
    doubled = {p: c * 2 for p, c in coefficient.items()}
    refused(record, with_symbols=(first, {**second, factors: doubled}))
    refused(record, with_symbols=(second, first))
    refused(record, with_symbols=(first, record.simplest[1]))  # holds at the numbers drawn only
    refused(record, with_symbols=(first,))
    refused(record, free=2)
    fields = record.fields
    refused(fields, with_symbols=fields.with_symbols[1:])
    trimmed = {k: v for k, v in fields.with_symbols[0].items() if k != min(fields.with_symbols[0])}
    refused(fields, with_symbols=(trimmed, *fields.with_symbols[1:]))


def test_what_is_not_reached_is_said_to_be_drawn(monkeypatch):
    monkeypatch.setattr(parameters, "MOST", 1)
    monkeypatch.setattr(parameters, "WIDEST", 1)
    record = found(READ_OUT, k=2, n=1)
    assert record.with_symbols == (None,)
    assert record.only_drawn == 1
    assert "drawn" in record.said[0]
    assert "W_" not in written(record)[0]


def test_a_law_of_one_draw_alone_is_none_with_symbols():
    """(c A + d B) x + (d A + c B) y: at c = d alone A − B is conserved."""
    model = replace(
        TWO_RATES, layers={"A": Layer(), "B": Layer()}, inputs={"x": (), "y": ()},
        output=lambda w, x, F: (F.frozen("c") * w.A + F.frozen("d") * w.B) * x.x
        + (F.frozen("d") * w.A + F.frozen("c") * w.B) * x.y,
    )  # fmt: skip
    instance = Instance(model, {})
    fields = fields_of.derive(instance)
    names = (*instance.names, *instance.parameters)
    law = {(0,): {(): fmpq(1)}, (1,): {(): fmpq(-1)}}
    assert (
        parameters.Parameters(names, instance.rates, fields.with_symbols, (3, 3)).with_symbols(law)
        is None
    )


def test_names_that_are_taken_are_others():
    model = declared({"x_1": Layer()}, lambda w, x, F: w.x_1 * x.x, data="line")
    assert Instance(model, {"n": 2}).parameters == ("line_x_1", "line_x_2")


@pytest.mark.parametrize(
    ("name", "shape", "twice"),
    [
        ("W", ("n", "n"), "W"), ("W", ("n",), "W"), ("eta", ("n",), "eta"), ("x", ("n",), "x"),
        ("W_12", (), "W_12"),
    ],
)  # fmt: skip
def test_what_is_frozen_has_a_name_of_its_own(name, shape, twice):
    """Else what is printed of a weight and of what is frozen would be one."""
    model = declared(
        {"W": Layer("n", "n", rate="eta")},
        lambda w, x, F: (w.W @ x.x).sum() * F.frozen(name, *shape).sum(),
    )
    words = f"tried: two weights, frozen weights, rates or entries of inputs are called {twice};"
    with pytest.raises(DeclarationError, match=words):
        Instance(model, {"n": 2})


def test_the_summary_shows_symbols():
    record = found(READ_OUT, k=2, n=1)
    summary = Summary(record.fields.instance, {polynomial_laws.PolynomialLaws: record}, {})
    assert summary.laws(PLAIN) == ["A_1 W_21 − A_2 W_11"]
    assert summary.kinds["linear"] == 1
