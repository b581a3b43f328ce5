"""A few problems of a network against gradient descent: what `derive` runs after it has written.

What torch cannot say is told before anything is derived; torch itself is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from numeric.catalogue import OPEN
from numeric.errors import InputError

if TYPE_CHECKING:
    from verify.properties.outcome import Outcome

PROPERTIES = (
    "has_the_measured_field", "keeps_its_laws", "maps_its_neurons", "agrees_with_descent",
    "starts_at_the_start", "names_its_limit",
)  # fmt: skip
POWER = "power4"  # of the powers one that has no module of its own
LONG = ("quadratic", "cubic", POWER, "linear")  # to begin with


def require_oracles(networks: Iterable[str], losses: Iterable[str]) -> None:
    """Torch must know every activation and every loss.

    Raises:
        InputError: for the first that it does not, with the file that would tell it.
    """
    from verify.losses import loss
    from verify.networks import activation

    for name in networks:
        if name != OPEN:
            _require(activation, name, "symbolic/models", "verify/networks", "activation(h)")
    for name in losses:
        _require(loss, name, "symbolic/losses", "verify/losses", "loss(f, y)")


def _require(
    look_up: Callable[[str], object], name: str, place: str, beside: str, function: str
) -> None:
    try:
        look_up(name)
    except ValueError:
        found = f"no function {name} in torch to verify it by"
        expected = f"{function} in a file {beside}/{name}.py"
        raise InputError(f"{place}/{name}.py", found, expected) from None


def samples(networks: Iterable[str]) -> list[str]:
    """Which networks are verified of those that were derived."""
    given = list(networks)
    return sorted(name for name in given if name != OPEN) + [POWER] * (OPEN in given)


def sample_of(network: str) -> str:
    """Which network is verified for one that was derived."""
    return POWER if network == OPEN else network


def verify_sample(network: str) -> list[Outcome]:
    """Outcomes of two random problems and the degenerate ones; nothing with balls."""
    from verify.oracle.problems import problems
    from verify.oracle.reference import build_reference
    from verify.properties.check import check, properties

    reference = build_reference(problems(2, 0, network=network), limits=False, balls=False)
    wanted = [one for one in properties(network) if one.__name__ in PROPERTIES]
    return check(reference, wanted=wanted)
