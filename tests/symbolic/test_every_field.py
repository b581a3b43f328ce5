"""Every field of every record is bound: a change of it is refused by the record's own certificates."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any

import pytest
import sympy
from sympy import Expr
from sympy.logic.boolalg import Boolean

from symbolic import losses, models
from symbolic.derivation import derivation, derive
from symbolic.laws import counting
from symbolic.laws.conservation import Conservation
from symbolic.models import names
from symbolic.network.convexity import ConvexLoss
from symbolic.network.effective_point import EffectivePoint
from symbolic.network.stable_loss import StableLoss
from symbolic.proof.certificate import CertificateError, Record
from symbolic.proof.equality import is_proved, prove_equal
from symbolic.proof.local_changes import local_changes
from symbolic.warp import linear_powers
from symbolic.warp.constant_speed import ConstantSpeed
from symbolic.warp.elapsed import ElapsedTime
from symbolic.warp.equation import ScalarEquation
from symbolic.warp.exponential_losses import NotElementaryLoss
from symbolic.warp.rational_time import RationalTime

Change = tuple[str, Callable[[], Any]]  # what is changed, and how to build the value that has it


def changes(path: str, value: Any) -> Iterator[Change]:
    """A value with one part changed, all parts of it, and with one part missing."""
    if isinstance(value, Expr):
        yield from changes_of_expression(path, value)
    elif isinstance(value, Record):
        yield from changes_of_fields(path, value, value.found())
    elif dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        yield from changes_of_fields(path, value, fields)
    elif isinstance(value, Mapping):
        yield from changes_of_mapping(path, value)
    elif isinstance(value, tuple):
        yield from changes_of_tuple(path, value)
    else:
        yield path, lambda: another(value)


def another(value: Any) -> Any:
    """Another value of a kind without parts."""
    if isinstance(value, bool | Boolean):
        return sympy.Not(value) if isinstance(value, Boolean) else not value
    if isinstance(value, Enum):
        return next(one for one in type(value) if one is not value)
    if isinstance(value, int | str):
        return value + type(value)(1)
    if value is None:
        return sympy.Integer(0)
    raise TypeError(f"no change is known of {value!r}")


def changes_of_expression(path: str, value: Expr) -> Iterator[Change]:
    """Twice, with the other sign, one more, and a change somewhere inside."""
    plain = [("doubled", 2 * value), ("negative", -value), ("one more", value + 1)]
    local = sorted(local_changes(value), key=str)
    if local:
        plain.append(random.Random(path).choice(local))
    for name, changed in plain:
        if not is_proved(prove_equal(changed, value)):
            yield f"{path}, {name}", lambda changed=changed: changed


def one_of(path: str, value: Any) -> Iterator[Change]:
    """One of the changes of an expression; all of anything else."""
    found = list(changes(path, value))
    yield from [random.Random(path).choice(found)] if found and isinstance(value, Expr) else found


def changes_of_fields(path: str, value: Any, fields: Mapping[str, Any]) -> Iterator[Change]:
    """One field changed."""
    for name, part in fields.items():
        for what, build in one_of(f"{path}.{name}", part):
            yield what, lambda name=name, build=build: dataclasses.replace(value, **{name: build()})


def changes_of_mapping(path: str, value: Mapping[Any, Any]) -> Iterator[Change]:
    """One entry changed or missing."""
    for key, part in value.items():
        for what, build in one_of(f"{path}[{key}]", part):
            yield what, lambda key=key, build=build: {**value, key: build()}
    for key in random.Random(path).sample(list(value), min(1, len(value))):
        yield f"{path} without {key}", lambda key=key: {z: value[z] for z in value if z != key}


def changes_of_tuple(path: str, value: tuple[Any, ...]) -> Iterator[Change]:
    """One part changed, or the last one missing."""
    for index, part in enumerate(value):
        for what, build in one_of(f"{path}[{index}]", part):
            yield (
                what,
                lambda index=index, build=build: (*value[:index], build(), *value[index + 1 :]),
            )
    if value:
        yield f"{path} without its last", lambda: value[:-1]


SAME = {Conservation: "negative"}  # a law with the other sign is the same law


def accepted(record: Record) -> list[str]:
    """Changes of a record that its own certificates let pass."""
    found = []
    for field, value in record.found().items():
        for what, build in changes(f"{type(record).__name__}.{field}", value):
            if what.endswith(SAME.get(type(record), "no change")):
                continue
            try:
                dataclasses.replace(record, **{field: build()})
            except CertificateError:
                continue
            except Exception as error:
                raise AssertionError(f"{what}: neither refused nor accepted") from error
            found.append(what)
    return found


QUICK = {"cubic", "tanh", "relu", "exponential", "logistic", "huber"}  # the others are slow


def some_slow(every):
    """Parameters of which all but a few are left to the slow run."""
    return [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in every]


@pytest.mark.parametrize("name", some_slow(names()))
def test_a_changed_field_is_refused(name):
    assert [what for record in derivation(name).values() for what in accepted(record)] == []


OF_LOSSES = (
    ConvexLoss, EffectivePoint, ScalarEquation, ElapsedTime, ConstantSpeed, NotElementaryLoss,
    RationalTime, StableLoss,
)  # fmt: skip


@pytest.mark.parametrize("loss", some_slow(sorted({*losses.names()} - {"square"})))
@pytest.mark.slow
def test_a_changed_field_is_refused_whatever_the_loss(loss):
    for network in ("linear", "cubic"):
        model = dataclasses.replace(models.load(network), loss=losses.load(loss))
        for kind in OF_LOSSES:
            if (record := of_loss(model).get(kind)) is not None:
                assert accepted(record) == []


@cache
def of_loss(model):
    return derive(model)


def test_a_changed_field_of_what_holds_for_all_networks_is_refused():
    assert accepted(linear_powers.derive()) == []
    assert accepted(counting.derive([(1, 2, 2, 2), (2, 2, 2, 1)])) == []
