"""Stages are their signatures: what is run, in which order, what refuses and why."""

from dataclasses import dataclass

import pytest
import sympy

from symbolic import derivation as driver
from symbolic.derivation import Derivation, NotDerivedError, derivation, derive, stage_name, stages
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.reduction import Reduction
from symbolic.models import load, names
from symbolic.network.model import Model
from symbolic.proof.certificate import Certificate, DoesNotApply, Record
from symbolic.proof.equality import Proved
from symbolic.warp.elapsed import ElapsedTime
from symbolic.warp.flow_map import FlowMap

EVERY = [
    "convexity", "datasets", "effective_point", "gradient_flow", "stable_loss", "conservation",
    "completeness", "clock", "equation",
]  # fmt: skip
FURTHER = {
    "power": ["elapsed", "stable_neuron", "neuron_series"],
    "quadratic": [
        "flow_map", "elapsed", "stable_flow_map", "stable_neuron", "neuron_series", "transcendence",
    ],
    "cubic": ["flow_map", "elapsed", "stable_flow_map", "stable_neuron", "neuron_series"],
    "leaky_relu": ["stable_neuron", "neuron_series", "chart"],
    "linear": [
        "flow_map", "elapsed", "stable_flow_map", "stable_neuron", "neuron_series", "chart", "reduction",
        "riccati_time", "closed_form", "tangent_kernel", "time_to_loss", "weights", "movement",
        "observables", "stable_movement", "stable_observables", "stable_start", "stable_state",
        "exponents", "phases",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_every_network_has_the_stages_it_can_have_and_reasons_for_the_others(name):
    derived = derivation(name)
    assert list(map(stage_name, derived)) == [
        *EVERY,
        *FURTHER.get(name, ["stable_neuron", "neuron_series"]),
    ]
    assert derived.seconds.keys() == derived.keys() | derived.reasons.keys()
    for stage in stages():  # what is not there has a reason: its own, or that of what it needs
        if stage.makes not in derived:
            assert derived.why(stage.makes)
            refused = stage.makes in derived.reasons
            assert refused == all(
                n in derived or n is Model for n in set(stage.needs) - stage.optional
            )


def test_what_is_missing_says_why():
    tanh = derivation("tanh")
    with pytest.raises(
        KeyError, match=r"tanh has no FlowMap: the activation is not a power"
    ) as told:
        tanh[FlowMap]
    assert isinstance(told.value, NotDerivedError)
    with pytest.raises(
        NotDerivedError, match=r"it needs reduction, and it needs chart, and .* form"
    ):
        tanh[ClosedForm]
    assert tanh.get(FlowMap) is None
    assert Record not in tanh
    assert tanh.why(Record) == "no stage makes it"


@pytest.mark.slow
def test_a_stage_that_has_its_needs_met_refuses_or_holds_for_any_activation():
    """No stage crashes on an activation nobody has thought of."""
    for activation in (
        lambda h: h * sympy.sin(h), lambda h: h**2 + h, lambda h: h**4, lambda h: h + 1,
        lambda h: sympy.Piecewise((h, h > 0), (sympy.exp(h) - 1, True)),
    ):  # fmt: skip
        derived = derive(Model(name="own", title="own", source="own", activation=activation))
        assert list(map(stage_name, derived))[: len(EVERY)] == EVERY


@dataclass(frozen=True, kw_only=True)
class Made(Record):
    """A number."""

    value: int

    def certify(self):
        yield Certificate("it is", Proved("by hand"))

    def explain(self):
        return ()


@dataclass(frozen=True, kw_only=True)
class Second(Made):
    """Made of the first."""


@dataclass(frozen=True, kw_only=True)
class Third(Made):
    """Made of the first, and of the second where there is one."""


def test_needs_decide_the_order_and_an_optional_one_is_waited_for(monkeypatch):
    def third(first: Made, second: Second | None) -> Third:
        return Third(value=first.value + (second.value if second else 100))

    def second(first: Made) -> Second:
        if first.value < 0:
            raise DoesNotApply("below zero")
        return Second(value=10 * first.value)

    def first(model: Model) -> Made:
        return Made(value=int(model.title))

    def no_stage(first: Made, times: int) -> Second: ...

    assert driver._stage(no_stage) is None
    made = tuple(driver._stage(f) for f in (third, second, first))
    monkeypatch.setattr(driver, "stages", lambda _given: made)
    said = []
    plus = derive(Model(name="m", title="2", source="s", activation=sympy.sin), said.append)
    assert isinstance(plus, Derivation)
    assert [(kind, record.value) for kind, record in plus.items()] == [
        (Made, 2),
        (Second, 20),
        (Third, 22),
    ]
    assert said == [stage_name(kind) for kind in (Made, Second, Third)]
    minus = derive(Model(name="m", title="-2", source="s", activation=sympy.sin))
    assert minus[Third].value == 98
    assert minus.reasons == {Second: "below zero"}


def test_a_stage_that_needs_what_nothing_makes_is_a_mistake(monkeypatch):
    def derive(first: Made) -> Second: ...

    stage = driver.Stage(Second, (Made,), frozenset(), derive)
    monkeypatch.setattr(driver, "_in_folder", lambda folder: [stage])
    driver.stages.cache_clear()
    with pytest.raises(TypeError, match=r"needs \['Made'\], which no stage makes"):
        driver.stages()
    monkeypatch.undo()
    driver.stages.cache_clear()
    assert {stage.makes for stage in driver.stages()} >= {Reduction, ElapsedTime}


def test_loading_by_name_and_deriving_agree():
    assert derivation("linear") is derivation("linear")
    assert derivation("linear").model is load("linear")
