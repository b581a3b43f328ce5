"""The operators of `host` for jax: calls back to the host, with first derivatives by reverse mode.

`vmap` solves the networks of a batch one by one. Numbers are float64 where `jax_enable_x64` is set.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import numpy as np
from jax import numpy as jnp

from numeric.methods.tensors import host
from numeric.methods.tensors.host import Numbers


def _wide(given: Any) -> Numbers:
    return Numbers(*(np.asarray(z, dtype=np.float64) for z in given))


def _shaped(shape: tuple[int, ...]) -> Any:
    return jax.ShapeDtypeStruct(shape, jnp.result_type(float))


def _called(function: Any, shapes: Any, *given: Any) -> Any:
    def on_host(*arrays: Any) -> Any:
        cast = partial(np.asarray, dtype=jnp.result_type(float))
        return jax.tree.map(cast, function(*arrays))

    return jax.pure_callback(on_host, shapes, *given, vmap_method="sequential")


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def scalars(setting: str, given: Numbers) -> Any:
    """`host.scalars`."""
    shape = _shaped((3, *given.t.shape))
    return _called(lambda *z: host.scalars(setting, _wide(z)), shape, *given)


@partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def neurons(setting: str, changes: bool, given: Numbers) -> Any:
    """`host.neurons`."""
    shape = _shaped((2, *given.t.shape, *given.u0.shape))
    return _called(lambda *z: host.neurons(setting, _wide(z), changes), shape, *given)


def _pulled(setting: str, given: Numbers, by_scalars: Any, by_neurons: Any) -> Numbers:
    shapes = tuple(_shaped(z.shape) for z in given[: len(host.Gradients._fields)])

    def pull(one: Any, other: Any, *numbers: Any) -> Any:
        wide = (np.asarray(z, dtype=np.float64) for z in (one, other))
        return tuple(host.pull(setting, _wide(numbers), *wide))

    found = _called(pull, shapes, by_scalars, by_neurons, *given)
    return Numbers(*found, *(jnp.zeros_like(z) for z in (given.W0, given.X)))


def _pulled_scalars(setting: str, given: Numbers, cotangents: Any) -> tuple[Numbers]:
    return (_pulled(setting, given, cotangents, jnp.zeros((2, 0, 0))),)


def _pulled_neurons(setting: str, changes: bool, given: Numbers, cotangents: Any) -> tuple[Numbers]:
    """A change is felt by the start, too."""
    found = _pulled(setting, given, jnp.zeros((3, 0)), cotangents)
    if changes:
        by_u, by_h = cotangents.sum(axis=1)
        found = found._replace(u0=found.u0 - by_u, h0=found.h0 - by_h)
    return (found,)


scalars.defvjp(lambda setting, given: (scalars(setting, given), given), _pulled_scalars)
neurons.defvjp(
    lambda setting, changes, given: (neurons(setting, changes, given), given), _pulled_neurons
)
