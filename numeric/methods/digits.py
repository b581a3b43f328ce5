"""Every number to so many digits: balls of a precision that is doubled until each of them has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, NamedTuple, Protocol

from flint import arb, fmpq

from numeric.namespaces import UndecidedError, precision

GUARD_BITS = 40
BITS_OF_A_DIGIT = 3.33
SPARE = 96  # bits beyond those wanted, to begin with
Progress = Callable[[int], None]


class Snapshot(NamedTuple):
    """The network at one time. Weights are None when not asked for."""

    u: list[arb] | None
    W: list[list[arb]] | None
    output: arb
    residual: arb | None
    loss: arb
    alignment: arb | None
    norm_u: arb
    norm_W: arb
    alpha: arb | None


class InBalls(Protocol):
    """What evaluates a flow at the precision that flint has.

    Attributes:
        MULTIPLES: of the bits that are wanted, at which a number that has none is taken for zero.
    """

    MULTIPLES: ClassVar[int]

    def evaluate(
        self, times: Sequence[fmpq | None], weights: bool, last: bool
    ) -> tuple[Sequence[Snapshot | None], arb]:
        """Every time, None where the precision is too low for it, and t_c.

        At the `last` precision what cannot be told from zero is taken for zero, or refused.
        """


def silent(bits: int) -> None:
    """Progress that nobody asked for."""


def to_digits(
    flow: InBalls,
    times: Sequence[fmpq | None],
    digits: int,
    *,
    weights: bool = True,
    progress: Progress = silent,
) -> tuple[list[Snapshot], arb]:
    """A flow at exact times, every number to `digits` digits, and its time scale t_c.

    Args:
        flow: evaluated again and again.
        times: t ≥ 0; None stands for t = ∞.
        digits: correct decimal digits wanted of every number.
        weights: whether the weights are wanted.
        progress: called with each working precision, in bits.

    A number that is zero is the exact ball 0 wherever the program can prove it, and otherwise a ball
    around 0 whose radius shows how far the precision was driven.

    Raises:
        UndecidedError: where no precision decides what has to be decided.
    """
    wanted = int(digits * BITS_OF_A_DIGIT) + GUARD_BITS
    bits, limit = wanted + SPARE, flow.MULTIPLES * (wanted + SPARE)
    done = dict[int, Snapshot]()
    while True:
        last = bits > limit
        progress(bits)
        # What has its digits is not computed again: one number that is zero takes all bits.
        pending = [k for k in range(len(times)) if k not in done]
        try:
            with precision(bits):
                found, scale = flow.evaluate([times[k] for k in pending], weights, last)
        except UndecidedError:
            if last:
                raise
        else:
            for k, one in zip(pending, found, strict=True):
                if one and (last or all(has_bits(z, wanted) for z in numbers(one))):
                    done[k] = one
            if last or (len(done) == len(times) and has_bits(scale, wanted)):
                return [done[k] for k in range(len(times))], scale
        bits *= 2


def has_bits(value: arb, bits: int) -> bool:
    """Whether a number is exact, not finite, or has these correct leading bits."""
    return bool(value == 0 or not value.is_finite() or value.rel_accuracy_bits() >= bits)


def numbers(snapshot: Snapshot) -> Iterator[arb]:
    """All numbers of a snapshot."""
    yield from (z for z in snapshot[2:] if z is not None)
    yield from snapshot.u or ()
    for row in snapshot.W or ():
        yield from row
