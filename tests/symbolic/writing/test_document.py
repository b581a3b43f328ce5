"""One document as Markdown, LaTeX and HTML."""

from html.parser import HTMLParser

from symbolic.writing.document import (
    Heading,
    Items,
    Paragraph,
    Table,
    as_html,
    code,
    latex,
    markdown,
)

BLOCKS = [
    Heading(1, "A title & more"),
    Paragraph(r"A norm $\|x\|$, x < 3."),
    Items(("one", "ζ = 1")),
    Heading(2, "Part"),
    Table(("where", "what"), (0.2, 0.7), (("Eq. 1", r"$\|x\|$ | y"),), ("FAILS",)),
]


def test_markdown():
    assert markdown(BLOCKS) == (
        "# A title & more\n\nA norm $\\|x\\|$, x < 3.\n\n* one\n* ζ = 1\n\n## Part\n\n"
        "| where | what |\n| --- | --- |\n| Eq. 1 | $\\\\|x\\\\|$ \\| y |\n"
    )


def test_latex():
    text = latex(BLOCKS)
    assert r"\title{A title \& more}" in text
    assert r"A norm $\|x\|$, $x < 3$." in text
    assert "\\item one\n\\item $\\zeta = 1$" in text
    assert r"\section*{Part}" in text
    assert r"\textbf{where} & \textbf{what}" in text
    assert r"Eq. 1 & $\|x\|$ $|$ y \\[2pt]" in text


class Tags(HTMLParser):
    """Opens and closes, and what is between."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_html():
    page = as_html(BLOCKS)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert [attributes for tag, attributes in tags.seen if tag == "tr"] == [{}, {"class": "FAILS"}]
    assert sum(tag == "math" for tag, _ in tags.seen) == 5
    assert "A title & more" in tags.text
    assert "src=" not in page
    assert "href=" not in page


STATEMENT = "sum(i, u[i]^2)/d_0 <= ρ & {x} if α > 0 and 5 % 3 # $y$"


def test_code_is_shown_as_it_was_written():
    blocks = [Heading(1, "a"), Paragraph(f"judged: {code(STATEMENT)}, with u_i = 1")]
    assert f"`{STATEMENT}`" in markdown(blocks)
    tags = Tags()
    tags.feed(as_html(blocks))
    assert STATEMENT in tags.text
    assert sum(tag == "math" for tag, _ in tags.seen) == 1
    text = latex(blocks).replace(r"\allowbreak{}", "")
    assert r"\texttt{sum(i, u[i]\^{}2)/d\_0 <= $\rho$ \& \{x\} if" in text
    assert r"5 \% 3 \# \$y\$}" in text
    assert text.isascii()


def test_a_backtick_without_another_is_an_apostrophe():
    blocks = [Heading(1, "a"), Paragraph("it`s ζ = 1")]
    assert "it's" in as_html(blocks).replace("&#x27;", "'")
    assert "it's $\\zeta = 1$" in latex(blocks)
    assert code("a`b\nc") == "`a'b c`"


def test_text_that_looks_like_something_else_is_text():
    page = as_html(
        [
            Heading(1, "a"),
            Paragraph("<script>x</script> costs $5"),
            Paragraph(r"a $\frac{$ formula"),
        ]
    )
    tags = Tags()
    tags.feed(page)
    assert not any(tag == "script" for tag, _ in tags.seen)
    assert "<script>x</script> costs $5" in tags.text
    assert (r"\frac{") in tags.text
