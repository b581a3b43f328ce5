"""Generated modules by the network's name, as the command line and the test oracle spell it.

"linear", "quadratic", "cubic" and activations such as "tanh" are modules in `numeric/generated/`;
"power7" is the module "power" with β = 7.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numeric.generated
import numeric.generated.declared
import numeric.generated.lifts
import numeric.generated.losses
from numeric import absent, hints
from numeric.errors import InputError
from numeric.pickling import NamesModules

POWER = re.compile(r"power([1-9]\d{0,2})", re.ASCII)
OPEN = "power"
DEGREE = re.compile(r"^DEGREE = (\d+)", re.MULTILINE)
SYNONYMS = {
    "silu": "'swish'", "sin": "'sine'", "exp": "'exponential'", "identity": "'linear'",
    "id": "'linear'", "none": "'linear'", "deeplinear": "'linear'", "square": "'quadratic'",
    "squared": "'quadratic'", "h2": "'quadratic'", "h**2": "'quadratic'", "h^2": "'quadratic'",
    "cube": "'cubic'", "cubed": "'cubic'", "h3": "'cubic'", "h**3": "'cubic'", "h^3": "'cubic'",
    "leaky": "'leaky_relu'", "lrelu": "'leaky_relu'", "softrelu": "'softplus'",
    "monomial": "'power4', 'power5' …", "polynomial": "'power4', 'power5' …",
}  # fmt: skip


@dataclass(frozen=True)
class Network(NamesModules):
    """Evaluators of a network.

    Attributes:
        name: as given.
        module: the generated module.
        power: β where the module leaves it open, else None.
    """

    name: str
    module: ModuleType
    power: int | None

    @property
    def degree(self) -> int:
        """β of σ(c h) = c^β σ(h), 0 where there is none."""
        return int(self.module.DEGREE) if self.power is None else self.power

    @property
    def ray_degree(self) -> int:
        """The same for c > 0."""
        return int(self.module.RAY_DEGREE) if self.power is None else self.power

    def parameters(self, gamma: Any, eta_u: Any, eta_w: Any, rho_2: Any) -> Any:
        """The module's record of hyperparameters."""
        given = (gamma, eta_u, eta_w, rho_2)
        return self.module.Network(*given, *(() if self.power is None else (self.power,)))


def names() -> list[str]:
    """Networks without a parameter."""
    found = pkgutil.iter_modules(numeric.generated.__path__)
    return sorted(module.name for module in found if module.name != OPEN and not module.ispkg)


def of_power(beta: int) -> str:
    """The name of the network with σ(h) = h^β: its own module where there is one."""
    return next((name for name in names() if _degree(name) == beta), f"{OPEN}{beta}")


@cache  # a module is imported once, and its folder need not be searched again
def load(name: str) -> Network:
    """Evaluators by the network's name.

    Raises:
        InputError: for a name that no module has.
    """
    if match := POWER.fullmatch(name):
        beta = int(match[1])
        name = of_power(beta)
        if name not in names():
            return Network(name, _module(OPEN), beta)
    if name not in names():
        raise InputError("activation", repr(name), _expected(name))
    return Network(name, _module(name), None)


def losses() -> list[str]:
    """Losses: one module in `numeric/generated/losses/` each."""
    return sorted(module.name for module in pkgutil.iter_modules(numeric.generated.losses.__path__))


def declared() -> list[str]:
    """Declared networks: one module in `numeric/generated/declared/` each."""
    return sorted(
        module.name for module in pkgutil.iter_modules(numeric.generated.declared.__path__)
    )


@cache
def load_declared(name: str) -> ModuleType:
    """The module of a declared network by its name.

    Raises:
        InputError: for a name that no module has.
    """
    if name not in declared():
        near = hints.nearest(name, declared(), {})
        known = (f"{near}, perhaps; declared are " if near else "one of ") + ", ".join(declared())
        raise InputError("network", repr(name), known)
    return importlib.import_module(f"numeric.generated.declared.{name}")


def load_lift(name: str) -> ModuleType:
    """The linear lift of a declared network by its name.

    Raises:
        InputError: for a name that no module has.
    """
    known = sorted(one.name for one in pkgutil.iter_modules(numeric.generated.lifts.__path__))
    if name not in known:
        raise InputError("network", repr(name), "one with a lift: " + ", ".join(known))
    return importlib.import_module(f"numeric.generated.lifts.{name}")


LOSS_SYNONYMS = {
    "mse": "'square'", "squared": "'square'", "l2": "'square'", "squarederror": "'square'",
    "halfmse": "'half_square'", "half": "'half_square'", "bce": "'binary_cross_entropy'",
    "crossentropy": "'binary_cross_entropy'", "bcewithlogits": "'binary_cross_entropy'",
    "softmargin": "'logistic'", "exp": "'exponential'", "smoothl1": "'huber'", "l4": "'quartic'",
}  # fmt: skip


@cache
def load_loss(name: str) -> ModuleType:
    """The module of a loss by its name.

    Raises:
        InputError: for a name that no module has.
    """
    if name not in losses():
        near = hints.nearest(name, losses(), LOSS_SYNONYMS)
        known = (f"{near}, perhaps; losses are " if near else "one of ") + ", ".join(losses())
        raise InputError("loss", repr(name), known)
    return importlib.import_module(f"numeric.generated.losses.{name}")


def _expected(name: str) -> str:
    known = [*names(), "power4", "power5 …"]
    if hints.plain(name).startswith(OPEN):
        return f"power1 to power999, or one of {', '.join(names())}"
    if hints.plain(name) in absent.ACTIVATIONS:
        return (
            "an activation that is derived (a new one is a file like symbolic/models/tanh.py, then "
            f"`run.py derive`): {', '.join(known)}"
        )
    near = hints.nearest(name, names(), SYNONYMS)
    return (f"{near}, perhaps; networks are " if near else "one of ") + ", ".join(known)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"numeric.generated.{name}")


def _degree(name: str) -> int:
    """DEGREE of a module, read without importing it: a program that asks one network loads one."""
    text = Path(numeric.generated.__path__[0], f"{name}.py").read_text(encoding="utf-8")
    found = DEGREE.search(text)
    return int(found[1]) if found else 0
