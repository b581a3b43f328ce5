"""Locks of files, which the system releases when the processes that hold them end, however they end."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def lock(file: int, *, shared: bool = False, wait: bool = False) -> bool | None:
    """Whether the lock of an open file is ours now; None where the file system has no locks.

    It belongs to the descriptor and to what inherits it; closing the last one releases it.
    """
    if sys.platform == "win32":
        import msvcrt

        while True:
            try:
                msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
                return True
            except OSError:
                if not wait:
                    return False
            time.sleep(0.2)
    import fcntl

    how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def hold(path: Path) -> int | None:
    """Share the lock of a file, in the program this process becomes too; None if it cannot be had.

    On Windows nothing is locked: the system keeps the folder of a running program.
    """
    if sys.platform == "win32":
        return os.open(os.devnull, os.O_RDONLY)
    import fcntl

    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        # A duplicate is inherited; one above 2 is not taken for a standard stream that is closed.
        return None if lock(file, shared=True) is False else fcntl.fcntl(file, fcntl.F_DUPFD, 3)
    finally:
        os.close(file)


def is_held(path: Path) -> bool:
    """Whether some process shares the lock of a file, as far as is known."""
    if sys.platform == "win32":
        return False
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return lock(file) is not True
    finally:
        os.close(file)
