"""Claims within a budget: the verdicts of the judge itself, and an end to every statement."""

import os
import signal

import pytest

from verify.audit import bounded
from verify.audit import judge as audit
from verify.audit.bounded import Judges
from verify.claims.attempts import attempt, told_to
from verify.claims.claim import Claim, Evidence, Verdict
from verify.claims.user import Stated, Unreadable

ROOTS = ("P", "Q", "d", "rho", "eta_u", "eta_w", "P+1", "Q+1", "d+1", "rho+1", "eta_u+1")
ELEVEN = "+".join(f"sqrt({z})" for z in ROOTS)


def claim(text):
    return Claim(id="a", loci=("a",), says=text, test=Stated(text))


@pytest.fixture(scope="module")
def judge():
    with Judges(120.0) as judges:  # verdicts are compared: they shall not depend on the machine
        yield judges


@pytest.mark.parametrize(
    "text", ["f_end = y", "P*Q >= pq^2", "u[1] = u0[1]", "tc = 1", "f = y if P < 0", "log(P) < P"]
)
@pytest.mark.slow
def test_the_verdict_is_that_of_the_judge(judge, text):
    here, there = audit.judge(claim(text)), judge(claim(text))
    assert (here.finding, here.mutants) == (there.finding, there.mutants)


def test_what_is_unreadable_already_needs_no_process(judge):
    one = Claim(id="a", loci=("a",), says="", test=Unreadable("x", "found x; expected y"))
    assert judge(one).finding.verdict is Verdict.UNREADABLE


@pytest.mark.parametrize(
    "text",
    [
        f"({ELEVEN})^2 = f",
        f"({ELEVEN})^2 >= zeta",
        "((P+Q+d+rho)^64)^64 = (P+Q+d+rho)^63",
        "((((9*P)^64)^64)^64)^64 = 1",
    ],
)
def test_what_does_not_end_is_undecided_and_says_what_was_tried(judge, monkeypatch, text):
    monkeypatch.setattr(judge, "seconds", 0.5)
    monkeypatch.setattr(bounded, "SAMPLING", 0.5)
    found = judge(claim(text)).finding
    assert found.verdict in (Verdict.UNDECIDED, Verdict.FAILS)
    if found.verdict is Verdict.UNDECIDED:
        assert "not decided within 0.5 s of computing; tried: whether the hypotheses" in found.why
    else:
        assert found.evidence in (Evidence.ENCLOSED, Evidence.PROVED)
        assert found.witness
    # And the next is judged as if nothing had been.
    monkeypatch.undo()
    assert judge(claim("f_end = y"), power=False).finding.verdict is Verdict.HOLDS


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no system that ends a process by its time")
def test_work_that_nothing_interrupts_is_ended_by_the_system():
    def endless():
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        while True:
            pass

    assert not bounded.apart(endless, 0.2)
    assert bounded.apart(lambda: None, 5.0)


def test_attempts_are_told_to_who_listens():
    heard = []
    attempt("nobody hears it")
    with told_to(heard.append):
        attempt("one")
    attempt("nobody again")
    assert heard == ["one"]
