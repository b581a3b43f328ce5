"""Networks by name: which module, which power, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from numeric import catalogue
from numeric.errors import InputError

H = np.array([0.4, 1.3, 2.0])
POWERS = {"linear": 1, "quadratic": 2, "cubic": 3, "power4": 4, "power7": 7, "power12": 12}


@pytest.mark.parametrize("name", POWERS)
def test_a_power_is_a_power(name):
    network, beta = catalogue.load(name), POWERS[name]
    assert (network.name, network.degree) == (name, beta)
    if beta == 1:  # solved to the end: it has no neurons to march
        return
    given = network.parameters(2.0, 3.0, 5.0, 7.0)
    assert given[:4] == (2.0, 3.0, 5.0, 7.0)
    np.testing.assert_allclose(network.module.activation(H, given), H**beta, rtol=1e-14)
    np.testing.assert_allclose(network.module.output(-3.0, H, given), -6 * H**beta, rtol=1e-14)


def test_powers_are_spelt_by_their_own_module_where_there_is_one():
    assert [catalogue.of_power(beta) for beta in (1, 2, 3, 4, 999)] == [
        "linear", "quadratic", "cubic", "power4", "power999",
    ]  # fmt: skip
    for power, name in (("power1", "linear"), ("power2", "quadratic"), ("power3", "cubic")):
        assert catalogue.load(power) == catalogue.load(name)


def test_what_is_solved_how():
    capable = {name: catalogue.load(name).module.CAPABILITIES for name in catalogue.names()}
    assert {name for name, known in capable.items() if "state" in known} == {"linear"}
    assert {name for name, known in capable.items() if "flow map" in known} == {
        "linear", "quadratic", "cubic",
    }  # fmt: skip
    assert all("neuron" in known for known in capable.values())
    assert catalogue.load("power4").module.CAPABILITIES == ("neuron",)


@pytest.mark.parametrize(
    ("name", "value"), [("tanh", np.tanh(0.4)), ("sine", np.sin(0.4)), ("exponential", np.exp(0.4))]
)
def test_activations_are_what_they_are_called(name, value):
    network = catalogue.load(name)
    assert network.degree == 0
    given = network.parameters(1.0, 1.0, 1.0, 1.0)
    assert float(network.module.activation(0.4, given)) == pytest.approx(value, rel=1e-15)


def test_names_leave_out_the_open_power():
    assert {"linear", "quadratic", "cubic", "tanh", "relu"} <= set(catalogue.names())
    assert catalogue.OPEN not in catalogue.names()


@pytest.mark.parametrize(
    "name",
    ["tahn", "power", "power0", "power04", "power1000", "power-2", "Tanh", "", "power٤", "os"],
)
def test_unknown_names_are_refused_with_a_suggestion(name):
    with pytest.raises(InputError) as caught:
        catalogue.load(name)
    assert caught.value.field == "activation"
    assert caught.value.found == repr(name)
    assert "tanh" in caught.value.expected
    assert "\n" not in str(caught.value)
    if name == "tahn":
        assert caught.value.expected.startswith("'tanh'")
