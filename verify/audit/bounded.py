"""A user's claims, each judged within a budget, by another process that is ended where it takes too long.

A normal form or a solver cannot be interrupted from within, and a statement of a few characters can ask
for more than a lifetime. The budget is of processor time, so that a busy machine gives the same verdicts;
the operating system ends the process where it can, and its parent where it cannot.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from verify.audit import judge
from verify.claims.attempts import told_to
from verify.claims.claim import Claim, Evidence, Finding, Judged, Verdict
from verify.claims.user import Stated, sampled, warm_up

SECONDS = 6.0  # for the proof and the changes of one claim
SAMPLING = 3.0  # for points, after that
PATIENCE = 5.0  # times the budget, by the clock of the wall
STARTING = 300.0  # by that clock, until the network is derived


@dataclass(frozen=True)
class Told:
    """What the other process says on its way: what it tries next, or what it found.

    Attributes:
        attempt: in words.
        finding, changes: of the claim, of how many changes how many were refuted, and the others.
        done: whether this is the last word on a question.
        ended: whether the work came to its end.
    """

    attempt: str = ""
    finding: Finding | None = None
    changes: tuple[int, int, tuple[str, ...]] | None = None
    done: bool = False
    ended: bool = True


class Judges:
    """Judges claims one after the other; a context manager."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process: Any = None
        self._connection: Connection | None = None

    def __enter__(self) -> Judges:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._end()

    def __call__(self, claim: Claim, power: bool = True) -> Judged:
        """The finding on one claim; UNDECIDED, with what was tried, where the budget is too small."""
        if not isinstance(claim.test, Stated):
            return judge.judge(claim)
        told = list(self._ask((claim.test.text, power), self.seconds))
        finding = next((z.finding for z in told if z.finding is not None), None)
        if finding is None:
            return Judged(claim, self._sampled(claim.test.text, told), None)
        changes = next((z.changes for z in told if z.changes is not None), None)
        if changes is not None:
            died, total, survivors = changes
            if survivors:
                why = f"holds, but so does it with a change: {survivors[0]}"
                finding = replace(finding, verdict=Verdict.UNDECIDED, why=why)
            return Judged(claim, finding, None, (died, total), survivors)
        if not (told[-1].done and told[-1].ended):
            words = f"{finding.why}; whether a change is refuted took more than {self.seconds:g} s"
            finding = replace(finding, why=words)
        return Judged(claim, finding, None)

    def _sampled(self, text: str, told: Sequence[Told]) -> Finding:
        """A counterexample at a point, or that nothing was found in time."""
        tried = "; ".join(dict.fromkeys(z.attempt for z in told if z.attempt)) or "reading it"
        why = f"not decided within {self.seconds:g} s of computing; tried: {tried}"
        again = list(self._ask(text, SAMPLING))
        found = next((z.finding for z in again if z.finding is not None), None)
        if found is None:
            return Finding(Verdict.UNDECIDED, Evidence.NONE, f"{why}; exact points")
        if found.verdict is Verdict.FAILS:
            return found
        return replace(found, why=f"{why}; {found.why}")

    def _ask(self, question: Any, seconds: float) -> Iterator[Told]:
        """All that is said about a question within a time of computing."""
        if self._connection is None:
            self._start()
        assert self._connection is not None
        with suppress(EOFError, OSError):
            self._connection.send((question, seconds))
            while self._connection.poll(PATIENCE * seconds):
                told = self._connection.recv()
                yield told
                if told.done:
                    return
        self._end()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        if not self._connection.poll(STARTING):
            raise TimeoutError("the derivation did not end")
        self._connection.recv()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None


def serve(connection: Connection) -> None:
    """Answer until the other side is gone: a text to judge, and perhaps to change, or one to try.

    Each question has a process of its own where one can be forked: what was derived is at hand there.
    """
    warm_up()
    connection.send(Told(done=True))
    with suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        while True:
            question, seconds = connection.recv()
            ended = apart(partial(answer, connection, question), seconds)
            connection.send(Told(done=True, ended=ended))


def apart(work: Callable[[], None], seconds: float) -> bool:
    """Whether work ended by itself, within so much time of computing."""
    if not hasattr(os, "fork"):
        work()
        return True
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    # The system ends this process when its time is over, whatever it does then.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    with suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        work()
        os._exit(0)
    os._exit(1)


def answer(connection: Connection, question: Any) -> None:
    """Say what is tried, and what is found."""
    with told_to(lambda words: connection.send(Told(attempt=words))):
        try:
            for told in findings(question):
                connection.send(told)
        except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
            why = f"could not be judged: {type(error).__name__}: {error}"
            finding = Finding(Verdict.UNDECIDED, Evidence.NONE, why[:300])
            connection.send(Told(finding=finding))


def findings(question: Any) -> Iterator[Told]:
    """What is found of a text, and of its changes where it holds; or at points."""
    if isinstance(question, str):
        yield Told(finding=sampled(question))
        return
    text, power = question
    claim = Claim(id="", loci=(), says="", test=Stated(text))
    finding = claim.test.judge()
    yield Told(finding=finding)
    if power and finding.verdict is Verdict.HOLDS:
        yield Told(changes=judge.tried(claim))
