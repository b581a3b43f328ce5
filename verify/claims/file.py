"""A user's claims file: TOML with one statement per claim, judged like the paper's.

    [[claim]]
    id = "time-scale"
    says = "the time scale of learning"
    statement = "t_c = 1/sqrt(eta_u*eta_w*gamma^2*rho^2*y^2 + 4*rho^4*gamma^4*d^2*P*Q)"

A claim that cannot be read is a claim with the verdict UNREADABLE, beside the others.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from numeric.errors import InputError
from verify.claims.claim import Claim
from verify.claims.grammar import ClaimError, parse
from verify.claims.user import Stated, Unreadable

KEYS = ("id", "says", "statement")
SAYS = 200  # characters of a statement that stands for what it says


def load(path: Path) -> list[Claim]:
    """The claims of a file.

    Raises:
        InputError: for a file that is none, naming what was found and what was expected.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise InputError(str(path), reason, "a readable TOML file") from None
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputError(str(path), str(error), "TOML") from None
    tables = content.get("claim")
    if set(content) != {"claim"} or not isinstance(tables, list) or not tables:
        raise InputError(str(path), ", ".join(content)[:60] or "nothing", "[[claim]] tables")
    lines, claims, known = _lines(text, len(tables)), list[Claim](), set[str]()
    for number, table in enumerate(tables, 1):
        claims.append(_claim(number, table, lines[number - 1], known))
        known.add(claims[-1].id)
    return claims


def _lines(text: str, count: int) -> list[str]:
    """Where each claim begins; nothing where a statement hides or imitates a head."""
    heads = [
        f"line {number}, "
        for number, line in enumerate(text.split("\n"), 1)
        if re.match(r"\s*\[\[\s*[\"']?claim[\"']?\s*\]\]", line)
    ]
    return heads if len(heads) == count else [""] * count


def _claim(number: int, table: Any, line: str, known: set[str]) -> Claim:
    """A claim, readable or not."""
    place = f"{line}claim {number}"
    given = table if isinstance(table, dict) else {}
    text = given.get("statement")
    statement = text if isinstance(text, str) else ""
    name = given.get("id")
    amiss = _amiss(table, known)
    if not isinstance(name, str) or not name.strip() or name in known:
        name = _free(f"claim-{number}", known)
    says = given.get("says")
    shown = statement if len(statement) <= SAYS else statement[: SAYS - 3] + "..."
    return Claim(
        id=name, loci=(name,), says=says if isinstance(says, str) else shown,
        test=Unreadable(statement, amiss) if amiss else Stated(statement), place=place,
        statement=shown or "nothing",
    )  # fmt: skip


def _amiss(table: Any, known: set[str]) -> str:
    """What keeps a table from being a claim, in words; empty if nothing does."""
    if not isinstance(table, dict) or any(not isinstance(z, str) for z in table.values()):
        return f"found {str(table)[:60]}; expected keys with text"
    unknown = sorted(set(table) - set(KEYS))
    if unknown or "statement" not in table:
        found = f"the key {unknown[0][:60]!r}" if unknown else "no statement"
        return f"found {found}; expected statement, and perhaps id and says"
    name = table.get("id")
    if name is not None and not name.strip():
        return "found an empty id; expected a name, or no id"
    if name in known:
        return f"found the id {name[:60]!r} twice; expected each id once"
    try:
        parse(table["statement"])
    except ClaimError as error:
        return str(error)
    return ""


def _free(name: str, known: set[str]) -> str:
    return name if name not in known else _free(name + "'", known)
