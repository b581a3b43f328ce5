"""One document as Markdown, LaTeX and HTML."""

import pytest

from symbolic.writing import document, html, latex, markdown
from symbolic.writing.document import (
    Equations,
    Heading,
    Items,
    Note,
    Paragraph,
    Table,
    anchor,
    code,
    dumps,
    loads,
    plain,
)
from symbolic.writing.formats import RENDER

BLOCKS = [
    Heading(1, "A title & more"),
    Paragraph(r"A norm $\|x\|$, x < 3."),
    Items(("one", "ζ = 1")),
    Heading(2, "Part"),
    Table(("where", "what"), (0.2, 0.7), (("Eq. 1", r"$\|x\|$ | y"),), ("FAILS",)),
    Note((Paragraph("**So** it *is*, [by](#part)"), Equations((("a", "b", "+ c"), ("d", "e"))))),
    Equations((("x = 1",),)),
]


def test_markdown():
    assert markdown.render(BLOCKS) == (
        "# A title & more\n\nA norm $\\|x\\|$, x < 3.\n\n* one\n* ζ = 1\n\n## Part\n\n"
        "| where | what |\n|---|---|\n| Eq. 1 | $\\\\|x\\\\|$ \\| y |\n\n"
        "> **So** it *is*, [by](#part)\n>\n> $$\n> \\begin{aligned}\n> a &= b \\\\\n> &\\quad + c \\\\\n"
        "> d &= e\n> \\end{aligned}\n> $$\n\n$$\n\\begin{aligned}\nx = 1\n\\end{aligned}\n$$\n"
    )


def test_latex():
    text = latex.render(BLOCKS)
    assert r"\title{A title \& more}" in text
    assert r"A norm $\|x\|$, $x < 3$." in text
    assert "\\item one\n\\item $\\zeta = 1$" in text
    assert r"\section{Part}\label{part}" in text
    assert r"\textbf{where} & \textbf{what}" in text
    assert r"Eq. 1 & $\|x\|$ $|$ y \\[2pt]" in text
    assert r"\textbf{So} it \emph{is}, \hyperref[part]{by}" in text
    assert (
        "by}\n\\begin{align*}\n  a &= b \\notag\\\\\n  &\\quad + c \\\\\n  d &= e\n\\end{align*}"
        in text
    )


def test_html(page_of):
    text = html.render(BLOCKS)
    page = page_of(text)
    assert page.open == []
    assert [attributes for tag, attributes in page.seen if tag == "tr"] == [{}, {"class": "FAILS"}]
    assert sum(tag == "math" for tag, _ in page.seen) == 7
    assert [attributes for tag, attributes in page.seen if tag == "h2"] == [{"id": "part"}]
    assert ("a", {"href": "#part"}) in page.seen
    assert "<strong>So</strong> it <em>is</em>" in text
    assert "A title & more" in page.text
    assert "src=" not in text


STATEMENT = "sum(i, u[i]^2)/d_0 <= ρ & {x} if α > 0 and 5 % 3 # $y$ * 2 * 3"


def test_code_is_shown_as_it_was_written(page_of):
    blocks = [Heading(1, "a"), Paragraph(f"judged: {code(STATEMENT)}, with u_i = 1")]
    assert f"`{STATEMENT}`" in markdown.render(blocks)
    page = html.render(blocks)
    assert "<code>sum(i, u[i]^2)/d_0 &lt;= ρ &amp; {x} if α &gt; 0 and 5 % 3 # $y$ * 2 * 3" in page
    assert sum(tag == "math" for tag, _ in page_of(page).seen) == 1
    text = latex.render(blocks).replace(r"\allowbreak{}", "")
    assert r"\texttt{sum(i, u[i]\^{}2)/d\_0 <= $\rho$ \& \{x\} if" in text
    assert r"5 \% 3 \# \$y\$ * 2 * 3}" in text
    assert text.isascii()


def test_a_backtick_without_another_is_an_apostrophe():
    blocks = [Heading(1, "a"), Paragraph("it`s ζ = 1")]
    assert "it's" in html.render(blocks).replace("&#x27;", "'")
    assert "it's $\\zeta = 1$" in latex.render(blocks)
    assert code("a`b\nc") == "`a'b c`"


def test_text_that_looks_like_something_else_is_text(page_of):
    blocks = [
        Heading(1, "a"),
        Paragraph("<script>x</script> costs $5"),
        Paragraph(r"a $\frac{$ formula"),
    ]
    page = page_of(html.render(blocks))
    assert not any(tag == "script" for tag, _ in page.seen)
    assert "<script>x</script> costs $5" in page.text
    assert r"<code>\frac{</code>" in html.render(blocks)
    assert r"\<script>x\</script> costs \$5" in markdown.render(blocks)


SPECIAL = {  # a text, and what it is in Markdown, LaTeX and HTML
    "an_identifier": ("an_identifier", r"an\_identifier", "an_identifier"),
    "_x_": (r"\_x_", "$_x_$", None),
    "one & two &amp; co": (r"one & two \&amp; co", r"one \& two \&amp; co", "one &amp; two &amp;amp; co"),
    "5 % of all": ("5 % of all", r"5 \% of all", "5 % of all"),
    "# of neurons": (r"\# of neurons", r"\# of neurons", "# of neurons"),
    "> of neurons": (r"\> of neurons", r"$>$ of neurons", None),
    "1. is first": (r"1\. is first", "1. is first", "1. is first"),
    "the <em>": (r"the \<em>", "the $<em>$", None),
    "costs $5": (r"costs \$5", r"costs \$5", "costs $5"),
    "many words, a|b": ("many words, a|b", "many words, $a|b$", None),
}  # fmt: skip


@pytest.mark.parametrize("text", SPECIAL)
def test_special_characters_are_escaped_in_every_format(text):
    blocks = [Heading(1, "a"), Paragraph(text)]
    in_markdown, in_latex, in_html = SPECIAL[text]
    assert markdown.render(blocks) == f"# a\n\n{in_markdown}\n"
    assert f"\n\n{in_latex}\n\n" in latex.render(blocks)
    assert in_html is None or f"<p>{in_html}</p>" in html.render(blocks)


def test_a_text_that_was_not_written_for_documents_has_no_markup():
    text = "h**2 and 3*eta_w*rho**2 costs $5 and $6, `x`"
    blocks = [Heading(1, "a"), Paragraph(plain(text))]
    assert "<p>h**2 and 3*eta_w*rho**2 costs $5 and $6, &#x27;x&#x27;</p>" in html.render(blocks)
    assert r"h\*\*2 and 3\*eta_w\*rho\*\*2 costs \$5 and \$6, 'x'" in markdown.render(blocks)
    assert r"costs \$5 and \$6, 'x'" in latex.render(blocks)
    assert "<strong>" in html.render([Heading(1, "a"), Paragraph("h **2 - 3** eta")])


def test_lines_of_a_text_are_one_paragraph():
    blocks = [Heading(1, "a"), Paragraph("one β =\n  2 two")]
    assert markdown.render(blocks) == "# a\n\none β =\n  2 two\n"
    assert r"one $\beta = 2$ two" in latex.render(blocks)


@pytest.mark.parametrize(
    ("widths", "rows", "kinds"),
    [
        ((0.2, 0.2), (("one",),), ()),
        ((0.2,), (("one", "two"),), ()),
        ((0.2, 0.9), (("one", "two"),), ()),
        ((0.2, 0.2), (("one", "two"),), ("red", "green")),
    ],
)
def test_a_table_has_as_many_cells_as_heads(widths, rows, kinds):
    with pytest.raises(ValueError, match="expected"):
        Table(("a", "b"), widths, rows, kinds)


def test_a_document_is_the_same_from_json():
    assert loads(dumps(BLOCKS)) == BLOCKS


def test_formulas_are_those_displayed_and_those_in_texts():
    assert document.formulas(BLOCKS) == ["a = b + c", "d = e", "x = 1", r"\|x\|", r"\|x\|"]


def test_an_anchor_is_what_readers_of_markdown_make_of_a_heading():
    assert anchor("Step 3. One scalar equation, d/ds") == "step-3-one-scalar-equation-dds"


def test_the_title_is_first_in_latex():
    with pytest.raises(ValueError, match="expected the title"):
        latex.render([Paragraph("no title")])


FAULTY = {
    "a brace": Paragraph(r"$\frac{1}{2$"),
    "a delimiter": Equations(((r"\left(x", "1"),)),
    "a link": Paragraph("[there](#nowhere)"),
    "a dollar": Equations((("$x", "1"),)),
    "a letter without a command": Paragraph("ю"),
    "a command that HTML has not": Paragraph("a \\frac{1} alone"),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_defects_are_seen(defects_of, fault):
    assert defects_of(BLOCKS) == []
    assert defects_of([*BLOCKS, FAULTY[fault]]) != []


@pytest.mark.parametrize("kind", RENDER)
def test_defects_of_a_format_are_seen(defects_of, kind, monkeypatch):
    broken = {
        ".md": lambda text: text.replace(r"\| y", "| y"),
        ".tex": lambda text: text.replace("A norm", "A_norm"),
        ".html": lambda text: text.replace("</td>", "", 1).replace("<td>", "", 1),
    }[kind]
    render = RENDER[kind]
    monkeypatch.setitem(RENDER, kind, lambda blocks: broken(render(blocks)))
    assert defects_of(BLOCKS) != []
