"""A solution in time: expressions, their start, their limit, and what was proved of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sympy import Expr, Symbol

from symbolic.proof.certificate import Certificate, CertificateError
from symbolic.proof.verdict import is_proved


@dataclass(frozen=True)
class Solution:
    """Functions of time.

    Attributes:
        values: what is solved for, as functions of t, of the start and of named constants.
        constants: the named constants, each in terms of those before it and of the start.
        limits: what the values tend to as t → ∞.
        start: symbols of the start, by what they are the start of.
        where: the condition under which values and limits hold, in words.
        certificates: that values solve the equation, start where they should, and have the limits.
        at_zero_rate: what named constants are where R = 0, at which `constants` are 0/0.
    """

    values: Mapping[Expr, Expr]
    constants: Mapping[Symbol, Expr]
    limits: Mapping[Expr, Expr]
    start: Mapping[Expr, Symbol]
    where: str
    certificates: tuple[Certificate, ...]
    at_zero_rate: Mapping[Symbol, Expr] = field(default_factory=dict)

    def written_out(self, of: Expr) -> Expr:
        """A value without named constants: in t and the start alone."""
        found = self.values[of]
        for name, value in reversed(list(self.constants.items())):
            found = found.xreplace({name: value})
        return found


def all_proved(certificates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """The certificates, none of them open.

    Raises:
        CertificateError: at the first that is not proved.
    """
    found = tuple(certificates)
    for one in found:
        if not is_proved(one.verdict):
            raise CertificateError(f"{one.claim}: {one.verdict}")
    return found
