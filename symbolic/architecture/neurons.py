"""Whether a size counts neurons: the output is Σ_j φ(θ_j; x) + ψ(ζ; x), read off the graph.

Every node is one of these, for the symbol h of the size and j = 1 … h:

| kind | value |
|---|---|
| data | of inputs, frozen weights and numbers |
| rest | of data and of layers ζ without the axis h |
| neuron | with one axis h, whose entry j is one function, the same for all j, of θ_j and data |
| sum | a sum over j of functions of θ_j and data, plus a function of ζ and data |

What the rules do not give is refused: then h counts no neurons in this sense, or that is not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from symbolic.architecture.model import Model
from symbolic.architecture.sizes import Size
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import in_order


class NoNeuronsError(ValueError):
    """A size does not count neurons, as far as the rules see; the message is the place."""


@dataclass(frozen=True)
class Kind:
    """What a node is.

    Attributes:
        name: of the table above.
        axis: of a neuron's node, the axis h.
    """

    name: str
    axis: int = -1


DATA, REST, SUM = Kind("data"), Kind("rest"), Kind("sum")


@dataclass(frozen=True)
class Neurons:
    """A network as a sum over neurons.

    Attributes:
        symbol: the size that counts them.
        layers: θ_j: the layers with that axis, and which axis it is.
        rest: ζ: the layers without.
    """

    symbol: str
    layers: dict[str, int]
    rest: tuple[str, ...]


def neurons(model: Model, symbol: str) -> Neurons:
    """The sum over neurons that a size counts.

    Args:
        model: the declaration.
        symbol: the size.

    Raises:
        NoNeuronsError: where the rules do not give one.
    """
    own = Size.of(symbol)
    layers, rest = dict[str, int](), []
    for name, layer in model.layers.items():
        axes = [k for k, size in enumerate(layer.shape) if symbol in size.symbols]
        if len(axes) > 1 or any(layer.shape[k] != own for k in axes):
            raise NoNeuronsError(f"{name} has the axes {', '.join(map(str, layer.shape))}")
        if axes:
            layers[name] = axes[0]
        else:
            rest.append(name)
    kinds = dict[int, Kind]()
    for tensor in in_order(model.graph.output):
        kinds[id(tensor)] = _kind(tensor, [kinds[id(part)] for part in tensor.of], own, symbol)
    root = kinds[id(model.graph.output)]
    if not layers or root != SUM:
        raise NoNeuronsError(f"the output is no sum over {symbol}")
    return Neurons(symbol, layers, tuple(rest))


def _kind(tensor: Tensor, of: list[Kind], own: Size, symbol: str) -> Kind:
    axes = [k for k, size in enumerate(tensor.shape) if symbol in size.symbols]
    if tensor.operation == "leaf":
        return _leaf(tensor, axes, own)
    if tensor.operation in ("number", "eye"):
        powers = tensor.detail[1] if tensor.operation == "number" else ()
        if axes or any(symbol in size.symbols for size, _ in powers):
            raise _refused(tensor, symbol)
        return DATA
    if all(kind == DATA for kind in of) and not axes:
        return DATA
    if all(kind in (DATA, REST) for kind in of) and not axes:
        return REST
    rule = {
        "add": _add, "multiply": _multiply, "matmul": _matmul, "sum": _sum, "transpose": _transposed,
        "repeat": _repeated, "apply": _entries, "power": _entries, "correlate": _correlated,
    }[tensor.operation]  # fmt: skip
    found = rule(tensor, of)
    if found is None or (found.name == "neuron") != (len(axes) == 1):
        raise _refused(tensor, symbol)
    return found


def _refused(tensor: Tensor, symbol: str) -> NoNeuronsError:
    return NoNeuronsError(f"{tensor.operation} of what is no sum over {symbol}")


def _leaf(tensor: Tensor, axes: list[int], own: Size) -> Kind:
    kind, name = tensor.detail
    if axes and kind != "weight":
        raise NoNeuronsError(f"{name} is not trained, and has the axis {own}")
    if axes:
        return Kind("neuron", axes[0])
    return REST if kind == "weight" else DATA


def _add(tensor: Tensor, of: list[Kind]) -> Kind | None:
    one, other = sorted(of, key=lambda kind: kind.name)  # data < neuron < rest < sum
    if other == SUM and one in (DATA, REST, SUM):
        return SUM
    if one.name == "neuron" and other == one:
        return one
    if one == DATA and other.name == "neuron":
        return other
    return None


def _multiply(tensor: Tensor, of: list[Kind]) -> Kind | None:
    one, other = sorted(of, key=lambda kind: kind.name)
    if one == DATA and (other == SUM or other.name == "neuron"):
        return other
    return one if one.name == "neuron" and other == one else None


def _matmul(tensor: Tensor, of: list[Kind]) -> Kind | None:
    one, other = of
    last, first = len(tensor.of[0].shape) - 1, 0
    if one.name == other.name == "neuron":
        return SUM if one.axis == last and other.axis == first else None
    if {one, other} == {SUM, DATA}:
        return SUM
    if one.name == "neuron" and other == DATA:
        return one if one.axis != last else None
    if one == DATA and other.name == "neuron":
        return Kind("neuron", last - 1 + other.axis) if other.axis != first else None
    return None


def _sum(tensor: Tensor, of: list[Kind]) -> Kind | None:
    (one,) = of
    if one.name == "neuron" and one.axis == len(tensor.of[0].shape) - 1:
        return SUM
    return one


def _transposed(tensor: Tensor, of: list[Kind]) -> Kind:
    (one,), axes = of, len(tensor.shape)
    if one.name != "neuron" or one.axis < axes - 2:
        return one
    return Kind("neuron", 2 * axes - 3 - one.axis)


def _repeated(tensor: Tensor, of: list[Kind]) -> Kind | None:
    return of[0]


def _entries(tensor: Tensor, of: list[Kind]) -> Kind | None:
    return of[0] if of[0].name == "neuron" else None


def _correlated(tensor: Tensor, of: list[Kind]) -> Kind | None:
    """Filters by neuron over data."""
    filters, signal = of
    by_filter = filters.name == "neuron" and filters.axis == 0 and len(tensor.of[0].shape) > 1
    return filters if by_filter and signal == DATA else None
