"""Arb balls with the special functions of the clocks of chains, complex where a root is."""

from __future__ import annotations

from typing import Any

from flint import acb, arb, fmpq

from numeric.namespaces import Balls


class SpecialBalls(Balls):
    """Balls, and what `numeric.generated.chains` needs beside."""

    def log(self, z: Any) -> Any:
        """Logarithm, principal."""
        return z.log()

    def elliprj(self, x: Any, y: Any, z: Any, p: Any) -> Any:
        """Carlson's R_J; its real part is the principal value where p < 0."""
        return acb.elliptic_rj(acb(x), acb(y), acb(z), acb(p))

    def elliprf(self, x: Any, y: Any, z: Any) -> Any:
        """Carlson's R_F."""
        return acb.elliptic_rf(acb(x), acb(y), acb(z))

    def hyp2f1(self, a: Any, b: Any, c: Any, z: Any) -> Any:
        """Gauss's 2F1."""
        return arb(z).hypgeom_2f1(a, b, c)


def ball(number: fmpq) -> arb:
    """A fraction at the present precision."""
    return arb(number.p) / arb(number.q)


def root(number: fmpq) -> arb:
    """Its square root."""
    return ball(number).sqrt()


XP = SpecialBalls()
