"""Networks that refuse: each is named, asked once, and what the error holds survives a copy."""

from __future__ import annotations

import copy
import pickle
import threading

import numpy as np
import pytest

from numeric import GradientFlow
from numeric.data.line import OffLineError
from numeric.errors import InputError, InternalCheckError, Refused, RefusedAnswer, RefusedInput
from numeric.methods.explicit.floats import ExplicitFlow
from numeric.methods.many.refusals import PATIENCE
from numeric.methods.trajectory import Trajectory

COPIES = copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))
SCALARS = ("output", "residual", "loss", "norm_u", "norm_W", "kernel", "kernel_change")


def refusing(*places, number=3, network="cubic"):
    """Networks of which some refuse: float64 does not hold their outputs."""
    u, W = np.ones((number, 2)), np.full((number, 2, 1), 0.5)
    W[list(places)] = 1e200
    return GradientFlow(u, W, [1.0], 1.0, network=network)


def refusal(ask):
    with pytest.raises(Refused, match="network") as caught:
        ask()
    return caught.value


# --- which networks, and whether these are all --------------------------------------------------------


def test_what_was_not_asked_is_said():
    number = PATIENCE + 2
    flows = refusing(*range(PATIENCE), number=number)  # the last two would answer
    error = refusal(lambda: flows.loss(0.1))
    assert not error.is_complete
    assert error.networks == tuple(range(PATIENCE))
    assert error.answers is None
    assert str(error).endswith(f" ({PATIENCE} networks refuse, and perhaps more)")
    assert np.isfinite(flows[PATIENCE:].loss(0.1)).all()


@pytest.mark.parametrize("number", [2, PATIENCE])
def test_when_all_refuse_and_were_asked_it_is_complete(number):
    error = refusal(lambda: refusing(*range(number), number=number).loss(0.1))
    assert error.is_complete
    assert error.networks == tuple(range(number))
    assert str(error).endswith(f" ({number} networks refuse)")


def test_after_an_answer_all_are_asked():
    number = PATIENCE + 4
    error = refusal(lambda: refusing(*range(1, number), number=number).loss(0.1))
    assert error.is_complete
    assert error.networks == tuple(range(1, number))
    assert np.isfinite(error.answers).tolist() == [True] + [False] * (number - 1)


def test_one_network_is_named():
    flows = refusing(1)
    for ask in (lambda: flows[1], lambda: list(flows), lambda: flows[-2]):
        error = refusal(ask)
        assert isinstance(error, RefusedInput)
        assert error.networks == (1,)
        assert error.answers is None
        assert "refuse" not in str(error)


@pytest.mark.parametrize("name", ["method", "why", "limit_kind"])
def test_words_of_the_others_are_kept(name):
    error = refusal(lambda: getattr(refusing(1), name))
    assert error.networks == (1,)
    others = getattr(refusing(number=2), name)
    assert error.answers.dtype.kind == "U"
    assert error.answers.tolist() == [others[0], "", others[1]]


def test_observables_of_the_others_are_kept():
    error = refusal(lambda: refusing(0, 2).observables)
    assert error.networks == (0, 2)
    assert error.answers == refusing(number=1).observables


# --- of networks that are answered together -----------------------------------------------------------


@pytest.fixture
def linear(monkeypatch):
    """Linear networks of which three, that are not known together, refuse to say where they end."""
    flows = GradientFlow(
        np.ones((5, 2)) * [1, 2], np.ones((5, 2, 1)), [1.0], np.arange(5.0), network="linear"
    )
    kind = type(flows._joint[1])
    ends = kind.ends

    def lost(self, name):
        return ends(self, name)[0], (np.array([0, 2, 3]),)

    def refuse(self):
        raise InternalCheckError("an end that cannot be")

    monkeypatch.setattr(kind, "ends", lost)
    for name in ("limit_kind", "target", "t_c"):
        for owner in (ExplicitFlow, Trajectory):
            if name in vars(owner):
                monkeypatch.setattr(owner, name, property(refuse))
    return flows


@pytest.mark.parametrize("name", ["limit_kind", "target", "t_c"])
def test_ends_of_the_others_are_kept(name, linear):
    error = refusal(lambda: getattr(linear, name))
    assert isinstance(error, RefusedAnswer)
    assert [(type(k), k) for k in error.networks] == [(int, 0), (int, 2), (int, 3)]
    if name == "limit_kind":
        assert error.answers.dtype.kind == "U"
        assert error.answers.tolist() == ["", "target", "", "", "target"]
    else:
        assert error.answers.dtype == np.float64
        assert np.isnan(error.answers).tolist() == [True, False, True, True, False]


def test_words_of_networks_that_are_known_together_are_kept():
    flows = refusing(network="linear")
    flows._joint[1].is_served = np.array([True, False, True])
    flows._solve = refuse_solution
    for name, known in (("method", "explicit"), ("why", "")):
        error = refusal(lambda: getattr(flows, name))  # noqa: B023
        assert error.networks == (1,)
        assert error.answers.tolist() == [known, "", known]


def refuse_solution(problem, method):
    raise InputError("the start", "nothing", "something")


# --- asked once ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [InputError("x", "nothing", "some"), InternalCheckError("no")])
def test_a_network_that_refuses_is_solved_once(fault):
    flows, asked = refusing(), []
    solve = flows._solve

    def counted(problem, method):
        asked.append(problem)
        if len(asked) == 2:
            raise fault
        return solve(problem, method)

    flows._solve = counted
    errors = [refusal(lambda: getattr(flows, name)(0.1)) for name in SCALARS]  # noqa: B023
    errors += [
        refusal(lambda: flows[1]),
        refusal(lambda: flows.method),
        refusal(lambda: flows.u(0)),
    ]
    assert len(asked) == len(flows)
    for error in errors:
        assert type(error) is type(errors[0])
        assert str(error) == str(errors[0])
        assert isinstance(error, type(fault))
        assert error.networks == (1,)
    assert len({id(error) for error in errors}) == len(errors)  # each has its own answers
    np.testing.assert_array_equal(errors[2].answers[[0, 2]], flows[[0, 2]].loss(0.1))
    assert flows._refused[1].__traceback__ is flows._refused[1].__cause__ is None
    assert flows._refused[1].answers is None


# --- copies -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("kind", [InputError, OffLineError, RefusedInput])
@pytest.mark.parametrize("found", ["a word", 3, 0.1, None, "long\n" * 200])
def test_an_input_error_is_copied(copied, kind, found):
    error = kind("W0[1]", found, "something else")
    again = copied(error)
    assert type(again) is kind
    assert str(again) == str(error)
    assert (again.field, again.found, again.expected) == ("W0[1]", found, "something else")


@pytest.mark.parametrize("copied", COPIES)
def test_what_cannot_be_copied_is_kept_as_text(copied):
    error = InputError("loss", threading.Lock(), "a name")
    again = copied(error)
    assert str(again) == str(error)
    assert again.found == str(error.found)


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("kind", [InternalCheckError, RefusedAnswer])
def test_a_failed_check_is_copied(copied, kind):
    error = kind("a residual grows")
    again = copied(error)
    assert type(again) is kind
    assert str(again) == str(error) == "internal check failed: a residual grows"


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("error", [RefusedInput("x", "a", "b"), RefusedAnswer("no")])
def test_copies_hold_the_answers(copied, error):
    error.networks, error.answers, error.is_complete = (1, 2), np.array([0.5, np.nan]), False
    again = copied(error)
    assert (again.networks, again.is_complete) == ((1, 2), False)
    np.testing.assert_array_equal(again.answers, error.answers)
    assert str(again) == str(error)
