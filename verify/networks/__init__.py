"""Networks are known by the name of their activation σ, in f(x) = γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ xⱼ).

A name is looked up, not listed: in a file of that name beside this one, among the powers, and in
torch. Only what torch calls differently, or computes with too few digits, has a line here.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import math
import re
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

Activation = Callable[[Tensor], Tensor]

POWERS = {"linear": 1, "quadratic": 2, "cubic": 3}
PLACES = (torch, torch.special, F)


def _softplus(h: Tensor) -> Tensor:
    """σ(h) = log(1 + eʰ): torch's own is h above a threshold of 20, off by 2e-9 there."""
    return torch.logaddexp(h, torch.zeros_like(h))


def _gelu(h: Tensor) -> Tensor:
    """σ(h) = h (1 + erf(h/√2)) / 2: as torch sums it, all digits are gone at h = −9."""
    return h * torch.erfc(-h / math.sqrt(2)) / 2


OWN: dict[str, Activation] = {
    "swish": F.silu,
    "sine": torch.sin,
    "exponential": torch.exp,
    "softplus": _softplus,
    "gelu": _gelu,
}


def power(name: str) -> int | None:
    """β of σ(h) = h^β: "linear", "quadratic", "cubic", "power7"; None for any other name."""
    found = re.fullmatch(r"power([1-9][0-9]*)", name)
    return int(found[1]) if found else POWERS.get(name)


@functools.cache
def activation(name: str) -> Activation:
    """σ of a network by its name.

    Raises:
        ValueError: for a name that nobody knows.
    """
    if name.isidentifier() and name.islower() and not (name[0] == "_" or name[-1] == "_"):
        found = _from_file(name) or _from_powers(name) or OWN.get(name) or _from_torch(name)
        if found:
            return found
    raise ValueError(
        f"no network {name!r}: no power (linear, quadratic, cubic, power4, power5, …) and no function of "
        f"single numbers in {', '.join(place.__name__ for place in PLACES)}; a file "
        f"verify/networks/{name}.py with a function activation(h) would be used"
    )


@functools.cache
def degree(name: str) -> int | None:
    """β where σ(c h) = c^β σ(h) for every c > 0, else None; other than the powers, only β = 1."""
    sigma, h = activation(name), 1.25 * 2.0 ** torch.arange(-30, 30, dtype=torch.float64)
    h = torch.cat([h, -h])
    # Doubling is exact in floats, so that a homogeneous function passes without a tolerance.
    return power(name) or (1 if torch.equal(sigma(2 * h), 2 * sigma(h)) else None)


def _from_file(name: str) -> Activation | None:
    module = f"{__name__}.{name}"
    if importlib.util.find_spec(module) is None:
        return None
    return getattr(importlib.import_module(module), "activation", None)


def _from_powers(name: str) -> Activation | None:
    beta = power(name)
    return None if beta is None else lambda h: h**beta


def _from_torch(name: str) -> Activation | None:
    for place in PLACES:
        function = getattr(place, name, None)
        if callable(function) and _acts_on_numbers(function):
            return function
    return None


def _acts_on_numbers(function: Activation) -> bool:
    """Whether each number is mapped by itself, to the same each time: most of torch does not."""
    h = torch.linspace(-2, 3, 20, dtype=torch.float64)
    try:
        together, alone = function(h), torch.stack([function(z) for z in h])
    except Exception:  # whatever a function meant for something else makes of this argument
        return False
    return (
        isinstance(together, Tensor)
        and together.dtype == h.dtype
        and together.shape == h.shape == alone.shape
        and torch.allclose(together, alone, rtol=1e-12, atol=0, equal_nan=True)
    )
