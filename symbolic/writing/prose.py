r"""Prose with mathematical characters as LaTeX: "where ζ = c/√(c² + G)," with its formulas in dollars."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise

COMMANDS = {
    "ε": r"\varepsilon",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ζ": r"\zeta", "η": r"\eta",
    "θ": r"\theta", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ξ": r"\xi", "π": r"\pi",
    "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "ω": r"\omega", "Δ": r"\Delta", "Θ": r"\Theta",
    "Σ": r"\Sigma", "ν": r"\nu", "∫": r"\int", "…": r"\ldots",
    "√": r"\surd", "‖": r"\|", "·": r"\cdot", "×": r"\times", "±": r"\pm", "½": r"\tfrac12",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≪": r"\ll", "≫": r"\gg", "→": r"\to",
    "∞": r"\infty",
    "∂": r"\partial",
    "∑": r"\sum", "∗": r"\ast", "ℓ": r"\ell", "℘": r"\wp",
    "⊥": r"\perp", "φ": r"\varphi", "ψ": r"\psi", "Ψ": r"\Psi", "⊕": r"\oplus",
    "⟨": r"\langle", "⟩": r"\rangle", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "~": r"\sim",
    "−": "-", "′": "'", "″": "''", "<": "<", ">": ">", "=": "=", "|": "|",
}  # fmt: skip
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀ", [*"0123456789+-", r"\mathsf T"], strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼ", "0123456789+-ij", strict=True))
MARKS = {"\u0303": r"\tilde", "\u0307": r"\dot"}  # stand behind their letter
FUNCTIONS = ("sinh", "cosh", "tanh", "cos", "sin", "exp", "log", "max", "min")
SPECIAL = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "^": r"\^{}", "{": r"\{", "}": r"\}"}
DOLLAR = "\uff04"  # one that opens no formula
SPECIAL |= {"\\": r"\textbackslash{}", "—": "---", "–": "--"}
SHIELDED = "$_%<>&#~^\\{}|[]*`=+/"  # what somebody else's words may have, and means nothing there
SHIELD = 0xF0000  # added to a character, it is one of a plane that is private
SIGNS = set(COMMANDS) | set(RAISED) | set(LOWERED) | {"_", "^"} | set(MARKS)
OPERATORS = set("=+−-/<>≤≥≠≈≪≫→⇒⇔·±~")
LANGUAGE = re.compile(
    rf"(?<![a-z])(?!(?:{'|'.join(FUNCTIONS)})(?![a-z]))[a-z]{{3,}}|[A-Z][a-z]{{2,}}|[A-Z]{{4,}}"
)
SPACE = re.compile(r" (?![^{}]*(?:\{[^{}]*\}[^{}]*)*\})")  # none within braces
ROOT = re.compile(r"√(\((?:[^()]|\([^()]*\))*\)|[^\W_](?:_\{[^{}]*\}|_\w)?(?![\[(]))")
TIE = "\u00a0"  # a space within a root
INDICES = re.compile(
    r"(?<=[A-Za-z])_(\d{2,}|[A-Za-z0-9]*_\d+)(?![\w{])"
)  # of a weight: U_12, A_1_12
SHORT = re.compile(r"[(]?(?:[a-z]{2}|[A-Z][a-z])[)]?[.,;:]*")  # of, is, Eq.


def to_latex(prose: str) -> str:
    """LaTeX of prose; what stands in dollars is LaTeX already.

    In a word of the language, as "Xavier⁻", a character alone is mathematics.
    """
    parts = in_dollars(prose).split("$")
    parts[::2] = map(_words, parts[::2])
    return "$".join(parts).replace(DOLLAR, r"\$")


def shielded(text: str) -> str:
    """Somebody else's words on one line: nothing in them is markup or a formula, until `unshielded`."""
    words = " ".join(text.split())
    return "".join(z if _is_prose(z) else chr(SHIELD + ord(z)) for z in words)


def _is_prose(character: str) -> bool:
    """Whether it means the same everywhere: letters, marks of prose, what has a command."""
    if character in SHIELDED:
        return False
    is_known = ord(character) < 0x180 or unicodedata.category(character) == "Mn"
    return is_known or character in {*COMMANDS, *RAISED, *LOWERED, *"‘’“”…—–"}


def unshielded(text: str, spelled: Callable[[str], str]) -> str:
    """A text with its shielded characters as a format spells them."""
    return "".join(spelled(chr(ord(z) - SHIELD)) if ord(z) >= SHIELD else z for z in text)


def in_dollars(prose: str) -> str:
    """Prose with its formulas as LaTeX in dollars, and nothing else changed.

    A word with a mathematical character is a formula, and so are letters and numbers beside an operator.
    """
    if prose.count("$") % 2:
        prose = prose.replace("$", DOLLAR)
    parts = prose.split("$")
    parts[::2] = (_prose(_unmarked(part)) for part in parts[::2])
    return "$".join(parts)


def _unmarked(text: str) -> str:
    """Letters apart from their marks."""
    return "".join(unicodedata.normalize("NFD", z) if z.isalpha() else z for z in text)


def is_formula(text: str) -> bool:
    r"""Whether a text is LaTeX of one formula rather than prose: no word stands outside of \text."""
    return not re.search(r"(?<![\\A-Za-z])[a-z]{3,}", re.sub(r"\\(?:text|rm)\{[^}]*\}", "", text))


def _prose(text: str) -> str:
    text = ROOT.sub(lambda root: root[0].replace(" ", TIE), text)
    words = SPACE.split(text)
    formula = [_is_mathematical(word) for word in words]
    for k, word in enumerate(words):
        beside = words[max(k - 1, 0) : k] + words[k + 1 : k + 2]
        is_short = SHORT.fullmatch(word) or LANGUAGE.search(word) or not word
        if word in OPERATORS or (OPERATORS & set(beside) and not is_short):
            formula[k] = True
    joined = [
        one and two and not left.endswith((",", ";", ".", ":")) and bool({left, right} & OPERATORS)
        for (left, right), (one, two) in zip(pairwise(words), pairwise(formula), strict=True)
    ]
    runs, joins = [[0]], iter(joined)
    for k, with_last in enumerate(joins, 1):
        if with_last:
            runs[-1].append(k)
        else:
            runs.append([k])
    return " ".join(
        _dollars(" ".join(words[k] for k in run)) if formula[run[0]] else words[run[0]]
        for run in runs
    ).replace(TIE, " ")


def _is_mathematical(word: str) -> bool:
    looks = SIGNS & set(word) or re.match(rf"({'|'.join(FUNCTIONS)})\(", word)
    return bool(looks) and not LANGUAGE.search(word)


def _dollars(text: str) -> str:
    body = text.rstrip(".,;:")
    return f"${_formula(body)}${text[len(body) :]}"


def _words(prose: str) -> str:
    """Characters outside of formulas."""
    return "".join(
        rf"\ensuremath{{{_formula(z)}}}" if z in COMMANDS | RAISED | LOWERED else SPECIAL.get(z, z)
        for z in unicodedata.normalize("NFC", prose)  # é is one character again
    )


def _formula(text: str) -> str:
    """Characters of one formula as commands: runs of raised or lowered ones are one script."""
    text = re.sub("Σ(?=_[ijkl])", "∑", text.replace("\\", r"\backslash "))
    text = INDICES.sub(lambda z: f"_{{{' '.join(z[1].split('_')).strip()}}}", text)
    text = re.sub(r"(?<!\w)([A-Za-z]\w*)_(?=$|[\s.,;:)=])", r"\1\_", text)  # of nothing
    for mark, signs in (("^", RAISED), ("_", LOWERED)):
        runs = f"[{''.join(signs)}]+"
        text = re.sub(runs, lambda run, m=mark, s=signs: _script(m, run[0], s), text)  # type: ignore[misc]
    text = _braces(text.replace(TIE, " "))
    text = ROOT.sub(lambda root: rf"\sqrt{{{root[1].removeprefix('(').removesuffix(')')}}}", text)
    for mark, command in MARKS.items():
        text = re.sub(f"(.){mark}", lambda found, c=command: f"{c}{{{found[1]}}}", text)  # type: ignore[misc]
    text = re.sub(r"_([ijkl]{2}|\d[a-z])(?![a-z])", r"_{\1}", text)
    text = re.sub(r"\^([a-z]_[a-z])", r"^{\1}", text)
    text = re.sub(rf"(?<![a-z\\])({'|'.join(FUNCTIONS)})(?![a-z])", r"\\\1", text)
    text = re.sub(r"[&%#]", lambda found: SPECIAL[found[0]], text)
    text = re.sub("(.)(?=(.?))", lambda found: _command(found[1], found[2]), text)
    return text


def _braces(text: str) -> str:
    """Braces of scripts as they are, those of sets escaped; from the inside."""
    innermost = re.compile(r"([_^]?)\{([^{}]*)\}")
    while innermost.search(text):
        text = innermost.sub(lambda z: f"{z[1]}\1{z[2]}\2" if z[1] else f"\3{z[2]}\4", text)
    text = text.replace("{", "\3").replace("}", "\4")  # without a partner
    for sign, brace in zip("\1\2\3\4", ("{", "}", r"\{", r"\}"), strict=True):
        text = text.replace(sign, brace)
    return text


def _command(character: str, after: str) -> str:
    """A character's command, apart from the letter after it."""
    command = COMMANDS.get(character, character)
    return (
        command + " " if len(command) > 1 and command[-1].isalpha() and after.isalpha() else command
    )


def _script(mark: str, run: str, signs: dict[str, str]) -> str:
    return f"{mark}{{{''.join(signs[z] for z in run)}}}"
