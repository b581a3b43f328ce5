"""The written derivation: complete, in order, well formed."""

import itertools
import re
from collections import Counter

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symbolic import vocabulary as z
from symbolic.codegen.evaluators import program
from symbolic.derivation import derivation
from symbolic.models import names
from symbolic.notation.typesetting import factored, typeset
from symbolic.proof.certificate import Step
from symbolic.writing import document, glossary, latex
from symbolic.writing.derivation import notation, step, written
from symbolic.writing.document import (
    Equations,
    Heading,
    Note,
    Paragraph,
    Table,
    anchor,
    linked,
)
from symbolic.writing.formulas import equation, formulas, sheet


def prose(text):
    """What stands outside of mathematics."""
    before, mark, after = re.sub(r"\$[^$]*\$", "", text).partition(r"\ensuremath{")
    if not mark:
        return before
    depth = itertools.accumulate({"{": 1, "}": -1}.get(letter, 0) for letter in after)
    return before + prose(after[next(k for k, level in enumerate(depth) if level < 0) + 1 :])


def test_the_balance_check_notices(unbalanced):
    assert unbalanced(r"\begin{a}\frac{1}{2}\{\end{a}") == ([], 0)
    assert unbalanced(r"\begin{a}\end{b}") == (["end of b"], None)
    assert unbalanced(r"\frac{1}{2") == ([], 1)
    assert unbalanced(r"\frac{1}}{2") == ([], None)
    assert prose(r"h\ensuremath{^{\ensuremath{\beta}}} $a^2$, h^m") == "h , h^m"


@pytest.fixture(scope="module", params=names())
def derived(request):
    return derivation(request.param)


@pytest.fixture(scope="module")
def blocks(derived):
    return written(derived)


def listed(blocks):
    """What the list of symbols holds: LaTeX and meaning."""
    table = blocks[-1]
    assert blocks[-2] == Heading(2, "Notation")
    assert isinstance(table, Table)
    return {symbol[1:-1]: words for symbol, words in table.rows}


def test_the_document_holds_every_step_in_order(derived, blocks):
    laws = [item.law for record in derived.values() for item in record.steps]
    headings = [block.text for block in blocks if isinstance(block, Heading) and block.level == 3]
    assert headings == [f"Step {number}. {law}" for number, law in enumerate(laws, 1)]
    assert len(set(laws)) == len(laws)


def test_the_document_is_well_formed(blocks, defects_of):
    assert defects_of(blocks) == []
    text = latex.render(blocks)
    assert "^" not in prose(text.split(r"\section{Notation}")[1])
    assert text.startswith(r"\documentclass")
    assert text.endswith("\\end{document}\n")


def test_the_document_says_how_many_certificates_each_stage_has(derived, blocks):
    found = (re.fullmatch(r"\*(\d+) certificates? proved\.\*", z) for z in document.texts(blocks))
    numbers = [int(one[1]) for one in found if one]
    assert numbers == [len(record.certificates) for record in derived.values()]


def test_every_formula_has_its_own_name_and_is_well_formed(derived, defects_of):
    rows = list(formulas(program(derived)))
    assert [name for name, count in Counter(row.name for row in rows).items() if count > 1] == []
    assert len(rows) == sum(len(function.equations) for function in program(derived).functions)
    for row in rows:
        assert row.meaning.strip()
        assert row.latex.count(" = ") == 1
        assert defects_of(sheet(row)) == [], row.name


def every_formula(derived):
    """All that a network's document and its formulas show."""
    formulas_of_document = document.formulas(written(derived))
    return [*formulas_of_document, *(row.latex for row in formulas(program(derived)))]


NAMES = "sinh|cosh|tanh|sin|cos|tan|ln|log|exp|arctan"
FUNCTION = rf"\\(?:{NAMES}|operatorname\{{(?:erf|arsinh|sign)\}})(?![a-z])"
POWER = r"(?:\^(?:\{[^{}]*\}|\w))?+\s*+"
# What says something else than is meant, and what is code.
REFUSED = {
    "a function without brackets": rf"{FUNCTION}{POWER}(?!\(|\{{?\\left|\\frac)",
    "a power behind an argument": rf"{FUNCTION}\s*\w\^",
    "a word as subscript": r"_\{(?!\\text|\\rm)[^{}]*(?<![\\a-zA-Z])[a-zA-Z]{3,}",
    "a relation of code": r"!=|==|\*\*|<=|>=|&&",
    "an identifier": r"(?<![\\a-zA-Z])[a-zA-Z]{3,}_|_[a-zA-Z]{3,}",
    "a name of code": r"\\(?:operatorname|mathrm)\{(?!(?:erf|Li|arsinh|sign|res|const|i)\})|expm|log1p",
    "a sum that is not factored": r"- 2 f \+ 2 y|2 y - 2 f",
    "an index with a comma": r"_\{\w,\s*\w\}",
    "an equation of a relation": r"=\s*\\neq?(?![a-z])",
}


def refusals(formula):
    plain = re.sub(r"\\text\{[^{}]*\}|\\(?:begin|end)\{\w+\*?\}(?:\{\w*\})?", "", formula)
    return [kind for kind, pattern in REFUSED.items() if re.search(pattern, plain)]


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        (r"\sinh s^{3}", "a function without brackets"),
        (r"\cosh s u_i(0)", "a function without brackets"),
        (r"\frac{\alpha_{minus 1}}{2}", "a word as subscript"),
        (r"\alpha_{minus1}", "a word as subscript"),
        (r"F_i\big|_{u h' != 0}", "a relation of code"),
        (r"\operatorname{log1p}{\left(x \right)}", "a name of code"),
        (r"\operatorname{expm}_{1}{\left(x \right)}", "a name of code"),
        (r"\mathrm{velocity_u} = 1", "an identifier"),
        (r"\gamma \left(- 2 f + 2 y\right)", "a sum that is not factored"),
        (r"w_{i,j}", "an index with a comma"),
        (r"A &= \neq0", "an equation of a relation"),
        (r"x + residual_ratio", "an identifier"),
    ],
)
def test_what_is_refused_is_seen(formula, kind):
    assert kind in refusals(formula)


@pytest.mark.parametrize(
    "formula",
    [
        r"\sinh^{3}{\left(s \right)} u_i(0)", r"\cosh(s)", r"\ln\left|x\right|", r"c_{\eta_u}",
        r"L_{\min}",
        r"w_{ij}", r"\operatorname{erf}{\left(h_i \right)}", r"\max\left(a, b\right)", r"x \ne 0",
        r"\ln\frac{z-r}{z(0)-r}", r"c_\gamma^{\rm border}",
    ],
)  # fmt: skip
def test_what_is_right_is_not_refused(formula):
    assert refusals(formula) == []


def test_every_formula_says_what_it_means(derived):
    assert [(z, found) for z in every_formula(derived) if (found := refusals(z))] == []


def test_every_symbol_of_a_document_is_in_its_list(blocks):
    assert glossary.undefined(document.formulas(blocks)) == []
    assert set(listed(blocks)) == set(glossary.symbols(document.formulas(blocks[:-2])))
    assert len(blocks[-1].rows) == len(listed(blocks))


def test_every_symbol_of_an_expression_is_in_the_list(derived, blocks):
    """By the expressions themselves, whatever is found in their LaTeX."""
    pairs = (row for record in derived.values() for item in record.steps for row in item.statement)
    sides = {side for row in pairs for side in row if not isinstance(side, str)}
    rows = {row.symbol: row.latex for row in z.TABLE.values()}
    used = set().union(*(side.free_symbols | side.atoms(sympy.IndexedBase) for side in sides))
    unlisted = {
        symbol
        for symbol, latex in rows.items()
        if symbol in used and latex not in listed(blocks) and typeset(symbol) == latex
    }
    # Weights stand there with their indices.
    assert unlisted <= {z.u, z.w, z.x, z.a, z.target, z.p, z.q}


def test_a_formula_alone_brings_what_its_symbols_mean(derived):
    for row in formulas(program(derived)):
        assert glossary.undefined([row.latex]) == []
        assert row.where, row.name
        assert all(words.strip() for words in row.where.values())


def test_the_main_result_is_in_a_box_on_the_first_page(blocks):
    (box,) = (block for block in blocks if isinstance(block, Note))
    assert blocks.index(box) == 2
    headings = [anchor(block.text) for block in blocks if isinstance(block, Heading)]
    links = linked([box])
    assert "notation" in links
    assert links <= set(headings)
    assert len(set(headings)) == len(headings)
    # Every equation of it is one of the steps'.
    (theorem,) = (block for block in box.blocks if isinstance(block, Equations))
    known = {row for block in blocks if isinstance(block, Equations) for row in block.rows}
    assert theorem.rows
    assert set(theorem.rows) <= known


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
    assert step(item, "Step 7. Law") == [
        Heading(3, "Step 7. Law"),
        Paragraph("By Xu & Ziyin."),
        Equations((("t", r"\tau"), ("L", "E")), numbered=True),
    ]


def test_powers_and_roots_in_the_notation_table_are_mathematics():
    table = latex.render([Heading(1, "a"), *notation([Paragraph(r"$\beta S_\mu$")])])
    assert r"$\beta$ & power of the activation $h^\beta$ \\" in table
    assert r"$\sinh(\sqrt{\mu}$ $s)/\sqrt{\mu}$" in table


def test_the_notation_table_explains_what_occurs_and_what_that_needs():
    found = listed(notation([Paragraph(r"$\alpha = \eta_u$")]))
    assert found[r"\alpha"]
    assert found[r"\eta_u"] == "learning rate of the second layer"
    assert found["s"] == "warped time"  # α = exp(2s)
    assert r"\zeta" not in found


@pytest.mark.parametrize(
    "sign", ["\\Xi", "M_5", "\\alpha_{minus1}", "residual", "\\eta_v", "w_{ijk}"]
)
def test_what_is_defined_nowhere_is_seen(sign):
    assert glossary.undefined([rf"\gamma {sign} + 1"]) != []


FACTORED = [
    (2 * z.y - 2 * z.f, r"2 \left(y - f\right)"),
    (z.gamma * (2 * z.y - 2 * z.f), r"2 \gamma \left(y - f\right)"),
    (-4 * z.A_P + 4 * z.A_Q + 4 * z.B, r"4 \left(A_Q - A_P + B\right)"),
    (-2 * z.f - 2 * z.y, r"- 2 \left(f + y\right)"),
    (z.sinh_s**3 * z.u_i0, r"u_i(0) \sinh^{3}{\left(s \right)}"),
    (z.norm_u_2**2, r"\|u\|^{4}"),
    (sympy.sqrt(z.norm_u_2), r"\|u\|"),
    (sympy.log(sympy.Abs(z.u_i)), r"\ln\left|u_i\right|"),
    (sympy.codegen.cfunctions.log1p(z.alpha), r"\ln{\left(\alpha + 1 \right)}"),
    (sympy.asinh(z.alpha), r"\operatorname{arsinh}{\left(\alpha \right)}"),
    (z.w[z.i, z.j], "w_{ij}"),
    (1 - z.E, "1 - E"),
]


@pytest.mark.parametrize(("expression", "text"), FACTORED, ids=[text for _, text in FACTORED])
def test_how_it_is_written(expression, text):
    assert typeset(expression) == text


COEFFICIENTS = st.integers(-6, 6).filter(bool)
LINEAR = st.lists(COEFFICIENTS, min_size=2, max_size=3).map(
    lambda found: sympy.Add(*(c * s for c, s in zip(found, (z.f, z.y, z.B), strict=False)))
)


@given(LINEAR, LINEAR, st.integers(-3, 3).filter(bool), COEFFICIENTS)
def test_what_is_factored_is_the_same_and_has_no_factor_left(one, two, power, factor):
    for expression in (
        one,
        factor * one * two,
        one**power * two,
        one / two + factor,
        factor * one + z.R * two,
    ):
        written = factored(expression)
        assert sympy.simplify(written - expression) == 0
        for part in written.atoms(sympy.Add):
            numbers = [term.as_coeff_Mul()[0] for term in part.args]
            if part is not written and all(n.is_Integer for n in numbers):
                assert sympy.igcd(*numbers) == 1
