"""One field: what its stages refuse, and gates that are shut, squared, or never open together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.declared.one_field import OneField
from symbolic.declared.separable_laws import SeparableLaws
from symbolic.declared.two_layer import TwoLayer
from symbolic.derivation import derive, made_in
from symbolic.models import load
from symbolic.proof.certificate import CertificateError


def at_a_point(output, layers, point=(1, 2), wanted=None, **sizes):
    model = Model(
        name="tried", title="tried", source="own", layers=layers, inputs={"x": ("n",)},
        output=output, data="points", points=({"x": list(point)},),
    )  # fmt: skip
    return derive(Instance(model, {"n": len(point), **sizes}), wanted=wanted or made_in("declared"))


@pytest.mark.parametrize(("own", "other"), [("relu", "linear"), ("linear", "relu")])
def test_a_network_that_differs_beyond_the_bend_is_refused(own, other):
    """At h > 0 both are h."""
    layers = {"W": Layer("h", "n", rate="eta_W"), "U": Layer("h", rate="eta_U")}
    bend = {"relu": lambda F, h: F.relu(h), "linear": lambda F, h: h}[own]
    found = at_a_point(
        lambda w, x, F: w.U @ bend(F, w.W @ x.x), layers, (-2, 4), {TwoLayer}, h=2
    )  # fmt: skip
    record = found[TwoLayer]
    assert record.network is load(own)
    assert replace(record, network=load(own)) == record
    with pytest.raises(CertificateError, match="is gamma u sigma"):
        replace(record, network=load(other))


def test_a_gate_squared_is_the_gate():
    """With δ² = δ relu(h)² + relu(h) h is 2 δ h², h = w + 2 v."""

    def output(w, x, F):
        h = w.W @ x.x
        return F.relu(h) * F.relu(h) + F.relu(h) * h

    one = at_a_point(output, {"W": Layer("n", rate="eta")}, wanted={OneField})[OneField]
    found = {powers[:3]: c for powers, c in terms(one.potential).items()}  # of w, v and δ
    assert found == {(2, 0, 1): 2, (1, 1, 1): 8, (0, 2, 1): 8}


def test_outputs_with_powers_of_a_gate_are_of_one_field():
    def output(w, x, F):
        h = w.W @ x.x
        return F.relu(h) * F.relu(h) * F.frozen("a", "n") + F.relu(h) * h * F.frozen("b", "n")

    found = at_a_point(output, {"W": Layer("n", rate="eta")}, wanted={OneField})
    assert found[OneField].blocks == ((0, 1),)


def test_a_part_that_does_not_move_has_no_clock():
    """(relu(a) − a) relu(b) keeps a² − b², and rests where its gates are both open or both shut."""
    layers = {name: Layer(rate="eta") for name in "abcdefg"}

    def output(w, x, F):
        return ((F.relu(w.a) - w.a) * F.relu(w.b) + w.c * w.d + w.e * w.f * w.g) * x.x.sum()

    found = at_a_point(output, layers, (2,))
    assert found[OneField].blocks == ((0, 1), (2, 3), (4, 5, 6))
    laws = found[SeparableLaws]
    assert (laws.own, laws.timed, laws.independent) == ((), (1, 2), (0, 1))
    with pytest.raises(CertificateError, match="one variable is left"):
        replace(laws, timed=(0, 1, 2))


def test_gates_are_shut_in_the_part_that_moves_then_and_open_in_the_other():
    """(relu(a) − a) b moves at a < 0, relu(c) d at c > 0: each keeps a difference of squares."""
    layers = {name: Layer(rate="eta") for name in "abcd"}

    def output(w, x, F):
        return ((F.relu(w.a) - w.a) * w.b + F.relu(w.c) * w.d) * x.x.sum()

    found = at_a_point(output, layers, (2,))
    assert found[OneField].blocks == ((0, 1), (2, 3))
    laws = found[SeparableLaws]
    assert (laws.own, laws.timed, laws.independent) == ((), (0, 1), (0, 1))
