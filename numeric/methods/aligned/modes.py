"""The modes of layers and a target whose singular vectors are shared: each is a scalar chain.

    W_l = Σ_k a_lk r_lk r_(l−1)kᵀ,   B = Σ_k s_k r_Lk r_0kᵀ,   r_lk orthonormal in k

Then −∂L/∂W_l = c (W_L…W_(l+1))ᵀ (B − W_L…W_1) (W_(l−1)…W_1)ᵀ is a sum of multiples of r_lk r_(l−1)kᵀ, of
each mode alone, and a_lk′ = η_l c (s_k − ∏ a_jk) ∏_(j≠l) a_jk: a chain (Saxe et al. 2014).

No vector is asked for: modes with the same numbers are one, given by frames F_l with F_lᵀF_l = ν_l E,
E the projector onto the mode's inputs. F_l is W_l…W_1 E as long as that is not 0, and from there on the
target is pulled back. All that is used is checked: layers and target make multiples of frames of one
another, in both directions. Frames of two modes are orthogonal then: one of them goes down to its E as a
multiple of that, by what the other comes up, and E E′ = 0; so it is with what is at rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from numeric.methods.aligned.rings import Array, Ring

WEIGHTS = (1009, 613, 1777, 881, 1301)  # of operators in a sum


class NotAlignedError(ValueError):
    """The layers and the target do not share singular vectors; the message says where."""


@dataclass(frozen=True)
class Mode:
    """Modes with the same numbers.

    Attributes:
        frames: F_0 … F_L, as matrices of E's inputs.
        sizes: ν_l of each.
        steps: x_l of W_l F_(l−1) = x_l F_l: a_l = x_l √(ν_l/ν_(l−1)).
        goal: the same of B, from F_0 to F_L.
    """

    frames: tuple[Array, ...]
    sizes: tuple[Any, ...]
    steps: tuple[Any, ...]
    goal: Any

    @property
    def onto(self) -> Array:
        """E, the projector onto their inputs; their number is its trace."""
        return self.frames[0]


def modes(ring: Ring, layers: Sequence[Array], target: Array) -> list[Mode]:
    """The modes that move, by their target's size; all else of the layers is at rest.

    Args:
        ring: the numbers' kind.
        layers: W_1 … W_L.
        target: B.

    Raises:
        NotAlignedError: where there are none.
        IrrationalError: where they are not rational.
    """
    spaces = _spaces(ring, layers, target)
    moving = [one for one in spaces if not _is_at_rest(ring, layers, target, one)]
    found = [_mode(ring, layers, target, _frames(ring, layers, target, one)) for one in moving]
    return sorted(found, key=lambda mode: mode.goal**2 * mode.sizes[-1], reverse=True)


def _through(layers: Sequence[Array], start: Array) -> list[Array]:
    """Start, W_1 start, W_2 W_1 start, and so on."""
    return list(accumulate(layers, lambda found, W: W @ found, initial=start))


def _back(layers: Sequence[Array], end: Array) -> list[Array]:
    """W_1ᵀ…W_Lᵀ end, …, W_Lᵀ end, end: of nodes 0 … L."""
    return list(accumulate(reversed(layers), lambda found, W: W.T @ found, initial=end))[::-1]


def _spaces(ring: Ring, layers: Sequence[Array], target: Array) -> list[Array]:
    """Projectors onto spaces of inputs that everything in the cycle of layers and target keeps.

    They are those of one sum of all that goes out and comes back, with weights that nothing else knows.
    """
    forward, back = _through(layers[1:], layers[0]), _back(layers, target)
    parts = [(one, layers[: k + 1]) for k, one in enumerate(forward)]
    parts += [(one, [target, *layers[k:]]) for k, one in enumerate(back)]
    operators = [one.T @ one for one, factors in parts if not ring.is_zero(one, *factors)]
    around = target.T @ forward[-1]
    if not ring.is_zero(around, target, *layers):
        operators.append(around + around.T)
    total = 0 * (target.T @ target)
    for k, operator in enumerate(operators):
        if size := abs(operator).sum():
            total = total + operator * (WEIGHTS[k % len(WEIGHTS)] + k) / (WEIGHTS[0] * size)
    return ring.projectors(total)


def _frames(ring: Ring, layers: Sequence[Array], target: Array, onto: Array) -> tuple[Array, ...]:
    """F_0 … F_L of a space."""
    forward = _through(layers, onto)
    for k, W in enumerate(layers):
        if ring.is_zero(forward[k + 1], W, forward[k]):
            back = _back(layers, target @ onto)
            return (*forward[: k + 1], *back[k + 1 :])
    return tuple(forward)


def _is_at_rest(ring: Ring, layers: Sequence[Array], target: Array, onto: Array) -> bool:
    """Whether no layer has a gradient of a space."""
    forward = _through(layers, onto)
    back = _back(layers, forward[-1] - target @ onto)
    return all(
        ring.is_zero(after @ before.T, target, *(W for j, W in enumerate(layers) if j != k))
        for k, (before, after) in enumerate(zip(forward, back[1:], strict=False))
    )


def _mode(ring: Ring, layers: Sequence[Array], target: Array, frames: tuple[Array, ...]) -> Mode:
    """What layers and target do to frames: a number each."""
    onto = frames[0]
    for W, before, after in zip(layers, frames, frames[1:], strict=False):
        _multiple(ring, W.T @ after, before, W, after)
    _multiple(ring, target.T @ frames[-1], onto, target, frames[-1])
    return Mode(
        frames,
        tuple(_multiple(ring, F.T @ F, onto, F, F) for F in frames),
        tuple(_multiple(ring, W @ before, after, W, before)
              for W, before, after in zip(layers, frames, frames[1:], strict=False)),
        _multiple(ring, target @ onto, frames[-1], target, onto),
    )  # fmt: skip


def _multiple(ring: Ring, found: Array, of: Array, *factors: Array) -> Any:
    """The number that one matrix is times another.

    Raises:
        NotAlignedError: where it is none, or the other is 0.
    """
    square = (of * of).sum()
    if not square:
        raise NotAlignedError("singular vectors that end in two layers")
    number = (of * found).sum() / square
    if not ring.is_zero(found - number * of, *factors):
        raise NotAlignedError("layers with singular vectors that their neighbours lack")
    return number
