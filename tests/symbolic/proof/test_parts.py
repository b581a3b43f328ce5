"""Parts of what was found: of one too few or too many nothing is proved."""

import pytest
import sympy

from symbolic.proof.equality import Proved, prove_equal
from symbolic.proof.parts import exactly, named

x, y = sympy.symbols("x y", real=True)


def test_parts_are_handed_on_as_they_are():
    assert exactly(2, (x, y)) == (x, y)
    assert named({"a": x, "b": y}, "b", "a") == {"a": x, "b": y}


@pytest.mark.parametrize("found", [(x,), (x, y, x), ()])
def test_of_a_tuple_of_another_length_nothing_is_proved(found):
    parts = exactly(2, found)
    assert len(parts) == 2
    assert not any(isinstance(prove_equal(part, x), Proved) for part in parts)


@pytest.mark.parametrize("found", [{"a": x}, {"a": x, "c": y}, {"a": x, "b": y, "c": x}, {}])
def test_of_a_mapping_with_other_names_nothing_is_proved(found):
    parts = named(found, "a", "b")
    assert set(parts) == {"a", "b"}
    assert not any(isinstance(prove_equal(part, x), Proved) for part in parts.values())
