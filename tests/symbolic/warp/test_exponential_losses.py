"""Which losses leave no elementary time, which a rational integral, and which a constant speed."""

from __future__ import annotations

import dataclasses

import pytest
import sympy

from symbolic import losses
from symbolic.derivation import derivation
from symbolic.models import load
from symbolic.network import convexity
from symbolic.network.gradient_flow import Flow
from symbolic.network.losses import Loss
from symbolic.proof.certificate import CertificateError, DoesNotApply
from symbolic.proof.equality import Undecided
from symbolic.warp import constant_speed, exponential_losses, rational_time
from symbolic.warp.clock import Clock
from symbolic.warp.exponential_losses import theta
from symbolic.warp.flow_map import FlowMap
from symbolic.writing.losses_table import cell, records

EXPONENTIAL = ("binary_cross_entropy", "exponential", "log_cosh", "logistic")


def of(loss):
    found = losses.load(loss) if isinstance(loss, str) else loss
    return convexity.derive(dataclasses.replace(load("linear"), loss=found))


def not_elementary(network, loss):
    derived = derivation(network)
    return exponential_losses.derive(of(loss), derived[Flow], derived.get(FlowMap))


@pytest.mark.parametrize("loss", EXPONENTIAL)
@pytest.mark.parametrize("network", ["linear", "cubic"])
def test_no_elementary_time_under_a_loss_of_exponentials_at_any_width(network, loss):
    record = not_elementary(network, loss)
    assert record.places == ("any width",)
    for target, speed in record.speeds.items():
        y = 0.3 if target.free_symbols else float(target)
        f = 0.7
        at = sympy.exp(f - y) if loss == "log_cosh" else sympy.exp(f)
        slope = record.loss.slope.subs({sympy.Symbol("f", real=True): f}).subs(
            {z: y for z in record.loss.slope.free_symbols if z.name == "y"}
        )
        value = speed.subs(theta, at).subs({z: y for z in speed.free_symbols if z.name == "y"})
        assert float(value * slope) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("loss", ["square", "quartic", "huber", "hinge"])
def test_other_losses_are_not_said_to_leave_none(loss):
    with pytest.raises(DoesNotApply, match="no rational function of the exponential"):
        not_elementary("linear", loss)


def test_without_a_coordinate_nothing_is_said():
    with pytest.raises(DoesNotApply, match="rational function of no coordinate"):
        not_elementary("tanh", "logistic")


def test_a_forged_speed_is_refused():
    record = not_elementary("cubic", "logistic")
    for speeds in (
        {**record.speeds, sympy.Integer(1): -theta},
        {sympy.Integer(1): record.speeds[1]},
        dict.fromkeys(record.speeds, sympy.S.One),
    ):
        with pytest.raises(CertificateError):
            dataclasses.replace(record, speeds=speeds)
    with pytest.raises(CertificateError):
        dataclasses.replace(record, places=())


def test_poles_that_are_not_simple_are_seen():
    assert isinstance(exponential_losses._has_simple_poles(1 / (theta - 1) ** 2), Undecided)
    for speed in (theta**2, 1 / theta**3, 1 / (theta * (theta**2 - 1))):
        assert not isinstance(exponential_losses._has_simple_poles(speed), Undecided)


def test_only_the_hinge_has_a_constant_speed_on_every_branch():
    assert set(constant_speed.derive(of("hinge")).slopes) >= {sympy.Integer(0)}
    for loss in {*losses.names()} - {"hinge"}:
        with pytest.raises(DoesNotApply, match="changes with the output"):
            constant_speed.derive(of(loss))
    record = constant_speed.derive(of("hinge"))
    with pytest.raises(CertificateError):
        dataclasses.replace(record, slopes=record.slopes[:1])


@pytest.mark.parametrize(("network", "holds"), [("quadratic", True), ("tanh", False)])
def test_one_neuron_has_a_rational_integral_under_the_quartic_loss(network, holds):
    derived = derivation(network)
    given = of("quartic"), derived[Flow], derived[Clock]
    if holds:
        assert rational_time.derive(*given).conditions == ("E > 0", "E < 0")
    else:
        with pytest.raises(DoesNotApply, match="in no coordinate"):
            rational_time.derive(*given)


@pytest.mark.parametrize(
    ("network", "loss", "expected"),
    [
        ("linear", "logistic", "no: any width"),
        ("cubic", "quartic", "yes: any width"),
        ("tanh", "hinge", "yes: linear in s, any width"),
        ("tanh", "logistic", "open"),
    ],
)
def test_cells_of_the_table_are_what_the_records_say(network, loss, expected):
    found, reasons = records(derivation(network), loss)
    assert cell(found).startswith(expected)
    assert bool(found) == (expected != "open")
    assert set(reasons) | {"constant speed"} >= {"transcendence"}


def test_a_loss_that_is_not_of_exponentials_alone_is_refused():
    own = Loss(name="own", title="own", value=lambda f, y: sympy.cosh(f - y) + (f - y) ** 2)
    with pytest.raises(DoesNotApply):
        not_elementary("linear", own)
