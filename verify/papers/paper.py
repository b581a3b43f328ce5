"""A paper that is audited: a package beside this module whose `PAPER` says what it is.

Papers are found, not listed: one more is one folder more. It holds modules with `CLAIMS`, and a `PAPER`
that names them in printed order.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

import verify.papers
from numeric.errors import InputError
from numeric.hints import suggestion
from verify.claims.claim import Claim


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What the audit has to know of a paper besides its claims.

    Attributes:
        package: where its modules are, the `__name__` of the package that says this.
        title: as printed.
        reference: who and when, as in "Kepler 1609".
        introduction: paragraphs with which the report begins: which text it is, what of it is judged.
        equations: the numbers of its numbered equations.
        sections: its modules with claims, in the printed order.
        symbols: LaTeX and meaning of the names of symbols that the notation table does not have, or
            has with another meaning.
        published: its number at arXiv, which begins with year and month: the earliest is the one that
            is meant where none is named.
    """

    package: str
    title: str
    reference: str
    introduction: tuple[str, ...]
    equations: Sequence[int]
    sections: tuple[str, ...]
    symbols: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    published: str = "unknown"

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.package.rpartition(".")[2]

    @property
    def latex(self) -> dict[str, str]:
        """LaTeX of its own symbols, by name."""
        return {name: latex for name, (latex, _) in self.symbols.items()}

    def claims(self) -> list[Claim]:
        """All claims, in printed order.

        Raises:
            ValueError: where the sections and the modules with claims are not the same ones: a claim
                whose place is not known, or a section without claims.
        """
        found = {module.__name__.rpartition(".")[2]: module.CLAIMS for module in self._parts()}
        if amiss := sorted({*found} ^ {*self.sections}):
            said = ", ".join(amiss)
            raise ValueError(f"{self.package}: {said}: sections and modules with CLAIMS differ")
        return [claim for section in self.sections for claim in found[section]]

    def _parts(self) -> list[ModuleType]:
        """Its modules that have claims, by name."""
        folder = importlib.import_module(self.package).__path__
        modules = (
            importlib.import_module(f"{self.package}.{z.name}")
            for z in pkgutil.iter_modules(folder)
        )
        return [module for module in modules if hasattr(module, "CLAIMS")]


def papers() -> list[Paper]:
    """All papers there are, by name."""
    names = sorted(z.name for z in pkgutil.iter_modules(verify.papers.__path__) if z.ispkg)
    packages = (importlib.import_module(f"{verify.papers.__name__}.{name}") for name in names)
    return [package.PAPER for package in packages if hasattr(package, "PAPER")]


def load(name: str | None = None) -> Paper:
    """The paper of that name; without one, the first that was published.

    Raises:
        InputError: for a name that no paper has, with all that there are.
    """
    known = {paper.name: paper for paper in papers()}
    if name is None:
        return min(known.values(), key=lambda paper: paper.published)
    if name not in known:
        raise InputError("paper", repr(name[:60]), suggestion(name, known, "papers"))
    return known[name]
