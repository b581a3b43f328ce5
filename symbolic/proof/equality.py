"""Equality with three answers: proved, refuted with a witness, undecided.

*Proved* means a decision procedure said so: the normal form of the difference is zero
(`normal_form`), in every way in which its conditions can be decided (`cases`). Otherwise nothing
is proved.

*Refuted* carries a witness (`witness`): exact rational values within the symbols' assumptions at
which an Arb ball of the difference excludes zero. Everything else is *undecided* and never counts
as proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sympy
from sympy import Expr

from symbolic.proof.cases import cases
from symbolic.proof.generators import NormalFormError
from symbolic.proof.normal_form import is_zero_by_normal_form
from symbolic.proof.verdict import Proved, Refuted, Undecided, Verdict, is_proved
from symbolic.proof.witness import evaluated, find_witness


def _vanishing_divisor(expression: Expr) -> Expr | None:
    """A divisor that encloses zero wherever it can be evaluated: its generators are dependent."""
    for power in expression.atoms(sympy.Pow):
        base = power.base
        roots = [part for part in base.atoms(sympy.Pow) if not part.exp.is_Integer]
        if power.exp.is_negative and (roots or base.atoms(sympy.Function)):
            balls = [ball for _, ball in evaluated(base, points=20)]
            if balls and all(ball.contains(0) for ball in balls):
                return base
    return None


def prove_zero(
    difference: Expr,
    squares: Mapping[Expr, Expr] | None = None,
    given: Iterable[sympy.Basic] = (),
) -> Verdict:
    """Decide whether `difference` is zero for all values its symbols' assumptions allow.

    Args:
        difference: left side minus right side.
        squares: relations g² = value for atoms g; a witness search then is not attempted, since the
            atoms are not free.
        given: conditions for the witness search.
    """
    try:
        if all(is_zero_by_normal_form(case, squares) for case in cases(difference)):
            divisor = _vanishing_divisor(difference)
            if divisor is None:
                return Proved()
            return Undecided(f"normal form: zero, but {divisor} seems to be zero, and divides")
        tried = "normal form: not zero"
    except NormalFormError as error:
        tried = f"normal form: {error}"
    if squares or difference.atoms(sympy.Indexed, sympy.Sum):
        return Undecided(tried)
    return find_witness(difference, given) or Undecided(tried + "; no witness in 60 points")


def prove_equal(left: Expr, right: Expr, **options: object) -> Verdict:
    """Decide left = right; see `prove_zero`."""
    return prove_zero(left - right, **options)  # type: ignore[arg-type]


__all__ = ["Proved", "Refuted", "Undecided", "Verdict", "is_proved", "prove_equal", "prove_zero"]
