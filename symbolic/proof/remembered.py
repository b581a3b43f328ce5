"""Functions of records and expressions that are computed once in a process.

The losses of a network ask the same of its neurons, one after the other: what was found, and what was
proved, of the same records and the same expressions is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple

from symbolic.proof.certificate import Record

A = TypeVarTuple("A")
R = TypeVar("R")


def remembered(function: Callable[[*A], R]) -> Callable[[*A], R]:
    """The function, run once for the same records (the same objects) and equal other arguments.

    Records never change, so that what is found of one holds as long as it lives; they are kept here,
    for another one must not be taken for one that is gone. What is raised is not remembered.
    """
    known: dict[tuple[Any, ...], tuple[tuple[*A], R]] = {}

    @wraps(function)
    def once(*args: *A) -> R:
        key = tuple(id(one) if isinstance(one, Record) else one for one in args)
        if key not in known:
            known[key] = args, function(*args)
        return known[key][1]

    return once
