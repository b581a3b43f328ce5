"""Calls of compiled functions by their addresses.

What calls a network's functions so is compiled once, and not for each network again.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic

from numeric.compiled.series import CURVATURE, POINTWISE, SERIES


def address(function: Any) -> int:
    """The address of a function of numba that has one signature, to be called in this process."""
    (compiled,) = function.overloads.values()
    return int(compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name))


def _caller(signature):
    """The code that calls a function of a signature at an address."""
    result, arguments = signature.return_type, signature.args

    def generate(context, builder, _signature, given):
        kind = context.call_conv.get_function_type(result, arguments)
        function = builder.inttoptr(given[0], kind.as_pointer())
        _, found = context.call_conv.call_function(builder, function, result, arguments, given[1:])
        return context.get_dummy_value() if result is types.none else found

    return generate


@intrinsic
def series(_typing, _address, _u, _h, _side, _given, _pace, _order, _U, _H, _F, _work):
    """A network's `series` at an address."""
    return types.void(types.int64, *SERIES.args), _caller(SERIES)


@intrinsic
def curvature(_typing, _address, _given, _order, _U, _H, _UH, _HH, _work):
    """A network's `curvature` at an address."""
    return types.void(types.int64, *CURVATURE.args), _caller(CURVATURE)


@intrinsic
def pointwise(_typing, _address, _u, _h, _given):
    """A function of one neuron at an address."""
    return types.float64(types.int64, *POINTWISE.args), _caller(POINTWISE)
