"""Lift T: one linear flow in another time, dQ/dt = s(Q) A Q.

Where the data have one direction, so that one coefficient c = tr(T R Rᵀ)/2 of the outputs is all that
moves the weights, dR/dt = s A R with s = b − m c under half a square, and with another signal under
another loss:

    R(τ) = e^{τ A} R(0),     dτ/dt = s(R(τ)),

from any start. If A³ = κ² A, then e^{τ A} = 1 + A sinh(κτ)/κ + A² (cosh(κτ) − 1)/κ², c is of degree −1
to 1 in z = e^{2κτ}, and dz/dt = 2κ z s is a Riccati equation of one variable (`symbolic.reduced`).
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq, fmpq_mat

from symbolic.lift.frame import Frame, dense
from symbolic.proof.verdict import Proved, Undecided, Verdict


@dataclass(frozen=True)
class OneClock:
    """Lift T of a frame.

    Attributes:
        A: what acts on the rows that move.
        square: κ² with A³ = κ² A; None where there is none.
    """

    A: fmpq_mat
    square: fmpq | None


def one_clock(frame: Frame) -> OneClock | None:
    """The lift; None where more than one coefficient moves the weights.

    Args:
        frame: of the coefficients that there are.
    """
    if len(frame.actions) != 1:
        return None
    (A,) = frame.actions
    cube, square = A**3, None
    place = next((k for k, c in enumerate(A.entries()) if c != 0), None)
    if place is not None:
        ratio = cube.entries()[place] / A.entries()[place]
        square = ratio if ratio > 0 and cube == ratio * A else None
    return OneClock(A, square)


def certified(found: OneClock, frame: Frame) -> Verdict:
    """One form acts, by A where rows move, and A is of the rate that is claimed."""
    if len(frame.gram.forms) != 1:
        return Undecided("more than one coefficient moves the weights")
    K = frame.columns
    if dense(frame.gram.forms[0], frame.gram.size) * K != K * found.A:
        return Undecided("rows are moved by another matrix")
    if found.square is not None and found.square * found.A != found.A**3:
        return Undecided("A^3 is no multiple of A")
    return Proved("matrices of numbers")
