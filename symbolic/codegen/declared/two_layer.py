"""Where a declaration is γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ ξⱼ), ξⱼ entries of the inputs or 1: which weights are u and w.

One neuron is read and proved for any inputs (`one_neuron`), at sizes that stand for all:

* of what `symbolic.architecture.neurons` finds to be Σᵢ φ(θᵢ; x) + ψ(x), one neuron says φ + ψ, and two
  that ψ is 0;
* a size along which the network knows arrays by inner products alone (`turning`) need be no larger than
  the number of vectors that one neuron and the inputs have along it;
* sizes of the output are 1, and all others are those of a declared instance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod

from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.neurons import NoNeuronsError, neurons
from symbolic.codegen.declared.one_neuron import AsNeurons, read
from symbolic.codegen.declared.turning import Turned


def found(model: Model, turns: Mapping[str, Sequence[Turned]]) -> list[AsNeurons]:
    """At which sizes a declaration is a two-layer network, and how.

    Args:
        model: the declaration.
        turns: sizes along which arrays may be turned.
    """
    if model.graph.frozen:
        return []
    of_output = {s for size in model.graph.output.shape for s in size.symbols}
    counted = _counted(model, of_output)
    as_neurons = list[AsNeurons]()
    for fixed, base in _bases(model, turns, of_output, counted):
        if all(size.at(base) == 1 for size in model.graph.output.shape):
            as_neurons += read(model, fixed, base, counted)
    return as_neurons


def table(as_neurons: Iterable[AsNeurons]) -> list[str]:
    """What a module says of it."""
    lines = [
        "# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network",
        "# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the",
        "# axis that counts neurons, the input (None for 1), and the factor of ξ",
        "NEURONS: tuple[tuple[Any, ...], ...] = (",
    ]
    for one in as_neurons:
        seen = "".join(
            f"({each.layer!r}, {each.axis!r}, {each.input!r}, {_text(each.factor)}), "
            for each in one.seen
        )
        lines.append(
            f"    ({one.network!r}, {_text(one.scale)}, {dict(one.sizes)!r}, {one.rates!r}, "
            f"{one.outer!r}, ({seen})),"
        )
    return [*lines, ")"]


def _text(value: Fraction) -> str:
    return f"{value.numerator} / {value.denominator}" if value.denominator > 1 else f"{value}.0"


# ------------------------------------------------------------ sizes that stand for all


def _counted(model: Model, of_output: Iterable[str]) -> str | None:
    """The size that counts neurons, where all weights are theirs."""
    for symbol in model.symbols:
        if symbol in of_output:
            continue
        try:
            one = neurons(model, symbol)
        except NoNeuronsError:
            continue
        if not one.rest:
            return symbol
    return None


def _bases(
    model: Model,
    turns: Mapping[str, Sequence[Turned]],
    of_output: Iterable[str],
    counted: str | None,
) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    """Sizes that are not any, and with them those that stand for all, for one neuron."""
    turned = [s for s in turns if s not in of_output and s != counted]
    known: list[dict[str, int]] = []
    for sizes in model.sizes or ({},):
        fixed = {s: n for s, n in sizes.items() if s != counted and s not in turned}
        fixed |= dict.fromkeys(of_output, 1)
        one = {**fixed, **({counted: 1} if counted else {})}
        if fixed in known or not {*one, *turned} >= set(model.symbols):
            continue
        for symbol in turned:
            others = {**dict.fromkeys(turned, 1), **one}
            one[symbol] = _vectors(model, turns[symbol], others)
        known.append(fixed)
        yield fixed, one


def _vectors(model: Model, slots: Sequence[Turned], sizes: Sizes) -> int:
    """How many there are along the axes of a size."""
    shapes = {**model.graph.weights, **model.graph.inputs}
    return sum(
        prod(size.at(sizes) for k, size in enumerate(shapes[slot.name]) if k != slot.axis)
        for slot, _ in slots
    )
