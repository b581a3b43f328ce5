"""A few problems of a network against gradient descent: what `derive` runs after it has written."""

from __future__ import annotations

from verify.oracle.problems import problems
from verify.oracle.reference import build_reference
from verify.properties.check import check, properties
from verify.properties.outcome import Outcome

PROPERTIES = (
    "has_the_measured_field", "keeps_its_laws", "maps_its_neurons", "agrees_with_descent",
    "starts_at_the_start", "names_its_limit",
)  # fmt: skip


def verify_sample(network: str) -> list[Outcome]:
    """Outcomes of two random problems and the degenerate ones; nothing with balls."""
    reference = build_reference(problems(2, 0, network=network), limits=False, balls=False)
    wanted = [one for one in properties(network) if one.__name__ in PROPERTIES]
    return check(reference, wanted=wanted)
