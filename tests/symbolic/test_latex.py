"""The written derivation: complete, in order, well formed."""

import itertools
import re
from collections import Counter

import pytest
import sympy

from symbolic import notation as z
from symbolic.codegen.evaluators import program
from symbolic.derivation import derivation
from symbolic.latex import document, equation, formulas, notation_table, step, typeset
from symbolic.model import names
from symbolic.record import Step


def unbalanced(text):
    """Unclosed environments, and the depth of braces at the end (None where it falls below 0)."""
    stack, depth = [], 0
    for kind, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", text):
        if kind == "begin":
            stack.append(name)
        elif not stack or stack.pop() != name:
            return ["end of " + name], None
    for brace in re.findall(r"\\[{}\\]|[{}]", text):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return stack, None
    return stack, depth


def prose(text):
    """What stands outside of mathematics."""
    before, mark, after = re.sub(r"\$[^$]*\$", "", text).partition(r"\ensuremath{")
    if not mark:
        return before
    depth = itertools.accumulate({"{": 1, "}": -1}.get(letter, 0) for letter in after)
    return before + prose(after[next(k for k, level in enumerate(depth) if level < 0) + 1 :])


def test_the_balance_check_notices():
    assert unbalanced(r"\begin{a}\frac{1}{2}\{\end{a}") == ([], 0)
    assert unbalanced(r"\begin{a}\end{b}") == (["end of b"], None)
    assert unbalanced(r"\frac{1}{2") == ([], 1)
    assert unbalanced(r"\frac{1}}{2") == ([], None)
    assert prose(r"h\ensuremath{^{\ensuremath{\beta}}} $a^2$, h^m") == "h , h^m"


@pytest.fixture(scope="module", params=names())
def derived(request):
    return derivation(request.param)


def test_the_document_holds_every_step_in_order(derived):
    laws = [item.law for _, record in derived.records() for item in record.steps]
    assert re.findall(r"^\\step\{([^}]*)\}", document(derived), re.MULTILINE) == laws
    assert len(set(laws)) == len(laws)


def test_the_document_is_well_formed(derived):
    text = document(derived)
    assert unbalanced(text) == ([], 0)
    assert text.count(r"\left") - text.count(r"\leftarrow") == text.count(r"\right")
    assert text.count("$") % 2 == 0
    assert text.isascii()
    assert "^" not in prose(text.split(r"\section*{Notation}")[1])
    assert text.startswith(r"\documentclass")
    assert text.endswith("\\end{document}\n")


def test_the_document_says_how_many_certificates_each_stage_has(derived):
    numbers = re.findall(r"\\emph\{(\d+) certificates? proved\.\}", document(derived))
    assert list(map(int, numbers)) == [len(record.certificates) for _, record in derived.records()]


def test_every_formula_has_its_own_name_and_is_well_formed(derived):
    rows = list(formulas(program(derived)))
    assert [name for name, count in Counter(name for name, _, _ in rows).items() if count > 1] == []
    assert len(rows) == sum(len(function.equations) for function in program(derived).functions)
    for _, words, text in rows:
        assert words.strip()
        assert unbalanced(text) == ([], 0)
        assert text.count(" = ") == 1


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (z.numerator / z.denominator, r"\frac{N}{D}"),
        (sympy.Symbol("eta_u", real=True) * z.lam, r"\eta_u \lambda"),
        (sympy.sqrt(z.M_aa), r"\sqrt{\overline{a^2}}"),
        (r"\frac{d}{dt}", r"\frac{d}{dt}"),
        (sympy.log(z.alpha), r"\ln{\left(\alpha \right)}"),
    ],
)
def test_symbols_are_typeset_as_the_notation_table_has_them(expression, text):
    assert typeset(expression) == text


def test_an_equation_joins_its_sides():
    assert equation(z.alpha, z.numerator / z.denominator) == r"\alpha = \frac{N}{D}"


def test_a_step_shows_law_proof_and_every_statement():
    item = Step("Law", ((z.t, z.tau), ("L", z.E)), "By Xu & Ziyin.")
    assert step(item) == (
        "\\step{Law} By Xu \\& Ziyin.\n\\begin{align}\n  t &= \\tau \\\\\n  L &= E\n\\end{align}\n"
    )


def test_powers_and_roots_in_the_notation_table_are_mathematics():
    table = notation_table([r"\beta S_\mu"])
    assert r"$\beta$ & power of the activation $h^\beta$ \\" in table
    assert r"$\sinh(\sqrt{\mu}$ $s)/\sqrt{\mu}$" in table


def test_the_notation_table_explains_what_occurs_and_nothing_else():
    table = notation_table([r"\alpha = \eta_u"])
    assert r"$\alpha$ & " in table
    assert r"$\eta_u$ & learning rate of the second layer" in table
    assert r"\zeta" not in table
