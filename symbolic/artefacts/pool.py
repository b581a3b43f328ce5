"""Independent jobs in processes side by side; where one process is enough, in this one.

Results come in the order of the jobs, whatever ended first, and so does the error of a job: what is
said does not depend on chance. An interrupt ends all processes; none outlives this one, even killed.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import forkserver
from typing import TypeVar

R = TypeVar("R")


def cores() -> int:
    """How many processes can run at the same time."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool:
    """Runs a function on many arguments, in processes that are started once and used again.

    Args:
        processes: at most; with one, everything runs in this process.
        preloaded: modules that every process needs.
    """

    def __init__(self, processes: int, preloaded: Sequence[str] = ()) -> None:
        self._executor: ProcessPoolExecutor | None = None
        if processes > 1:
            # One server imports the modules once, and forks; it has no threads and no state of ours.
            how = "spawn" if sys.platform == "win32" else "forkserver"
            context = multiprocessing.get_context(how)
            context.set_forkserver_preload(list(preloaded))
            if how == "forkserver":  # it imports while this process goes on to other things
                forkserver.ensure_running()
            self._executor = ProcessPoolExecutor(
                processes, context, initializer=_begin, initargs=(tuple(preloaded),)
            )

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        if self._executor is None:
            return
        if kind is not None:
            for child in multiprocessing.active_children():
                child.terminate()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def map(
        self,
        function: Callable[[str], R],
        arguments: Sequence[str],
        first: Sequence[str] = (),
        done: Callable[[str], None] = lambda argument: None,
    ) -> Iterator[R]:
        """The results, in the order of the arguments.

        Args:
            function: importable by its name, for other processes find it so.
            arguments: one per call.
            first: those of them to begin with, for they take longest.
            done: called with each argument when its result is there.
        """
        if self._executor is None or len(arguments) == 1:
            for argument in arguments:
                yield function(argument)
                done(argument)
            return
        order = [one for one in first if one in arguments]
        order += [one for one in arguments if one not in order]
        futures: dict[str, Future[R]] = {one: self._executor.submit(function, one) for one in order}
        for argument in arguments:
            yield futures[argument].result()
            done(argument)


def _begin(preloaded: tuple[str, ...]) -> None:
    """What a process does first: leave interrupts to the one that started it, and end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    for name in preloaded:
        importlib.import_module(name)


def _end_after(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
