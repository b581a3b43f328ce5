"""Names of orbits and conditions: each has its text, and a condition of one neuron its orbit."""

import pytest

from symbolic.notation.symbols import eta_u, h_i
from symbolic.warp.orbits import (
    AS_TEXT,
    LATEX,
    OF_ONE,
    ORBIT_OF,
    ZERO_ON,
    Condition,
    OpenOrbit,
    Orbit,
)


def test_every_name_is_printed():
    assert set(LATEX) == set(Orbit)
    assert set(AS_TEXT) == set(Condition)
    assert len(set(AS_TEXT.values())) == len(Condition)


def test_a_condition_of_one_neuron_is_its_orbit():
    assert set(OF_ONE) == {Orbit.POSITIVE, Orbit.NEGATIVE, *OpenOrbit}
    assert all(condition == f"width 1, {orbit}" for orbit, condition in OF_ONE.items())
    assert {ORBIT_OF[condition]: condition for condition in OF_ONE.values()} == OF_ONE
    every = {*OF_ONE.values(), *ZERO_ON.values(), Condition.ANY_WIDTH, Condition.COMMENSURABLE}
    assert every == set(Condition)


@pytest.mark.parametrize(("sign", "orbit"), [(1, Orbit.GROWING), (-1, Orbit.DYING)])
def test_a_line_is_named_by_the_sign_of_u_h(sign, orbit):
    assert Orbit.on_line(sign * eta_u * h_i) is orbit
