"""Reports on declared networks: a user's words are no markup, and what is undecided is one sentence."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from fractions import Fraction

import pytest
from flint import fmpq

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.declared.chain import ScalarChain
from symbolic.declared.count import Count
from symbolic.declared.left import Left
from symbolic.declared.lift import Lift
from symbolic.declared.mirror import MirrorFlow
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.reach import Reach
from symbolic.declared.recognised import Solvable
from symbolic.declared.summary import Summary, Unreached
from symbolic.declared.widths import EveryWidth
from symbolic.declared.written import LATEX, Written
from symbolic.derivation import derive, made_in
from symbolic.models import shelf
from symbolic.writing import declared_document, declared_words, html, latex, markdown
from symbolic.writing.declared import lines
from symbolic.writing.declared_lift import chain_line, lift_lines
from symbolic.writing.document import Heading, Paragraph, verbatim

ODD = "50% of $x_1 & <b>a_b</b> #1 ~ ^ \\alpha {x} `c` *s* [l](http://a.b) | $$ 1 < 2\n\t日 😀 _u_ é λ"

DOCUMENTS = ("chain_3", "diagonal_classes", "tanh_any_data")  # rendered in each run of the tests


def model(**more):
    given = {
        "name": ODD, "title": ODD, "source": ODD,
        "layers": {
            "W__1": Layer("h", "n", rate="eta__W"), "u_1": Layer("m_", "h", rate="eta_"),
            "xhat": Layer("h", rate="eta_x"),
        },
        "inputs": {"x_": ("n",)}, "output": lambda w, x, F: w.u_1 @ (w.xhat * (w.W__1 @ x.x_)),
        "sizes": ({"h": 2, "n": 2, "m_": 1},),
    }  # fmt: skip
    return Model(**(given | more))


@pytest.fixture(scope="module")
def odd():
    declared = model()
    derived = derive(Instance(declared, declared.sizes[0]))
    return declared, Summary(derived.given, derived, derived.reasons)


def test_words_of_a_user_are_as_they_stand():
    blocks = [Heading(1, verbatim(ODD)), Paragraph(verbatim("# " + ODD))]
    line = " ".join(ODD.split())
    page = unicodedata.normalize("NFC", html.render(blocks))  # letters apart from their marks
    assert "<b>" not in page
    assert "<code>" not in page
    assert "<a href" not in page
    text = re.sub(r"<math.*?<mi>(.*?)</mi>.*?</math>", r"\1", page).replace("&#x003BB;", "λ")
    escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"<h1>{escaped}</h1>" in text
    assert f"<title>{escaped}</title>" in text
    assert f"<p># {escaped}</p>" in text
    marked = markdown.render(blocks)
    assert marked.startswith(
        r"# 50% of \$x\_1 \& \<b>a\_b\</b> #1 \~ ^ \\alpha {x} \`c\` \*s\* \[l\](http://a.b) | "
    )
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", marked.splitlines()[0]) == f"# {line}"
    written = latex.render(blocks)
    assert r"50\% of \$x\_1 \& \textless{}b\textgreater{}a\_b\textless{}/b\textgreater{}" in written
    assert r"\#1 \textasciitilde{} \^{} \textbackslash{}alpha \{x\} \textasciigrave{}c" in written
    assert r"\textbar{} \$\$ 1 \textless{} 2 ? ? \_u\_ é $\lambda$" in written
    assert r"\href" not in written


def test_an_odd_declaration_compiles_without_a_complaint(odd, tmp_path):
    declared, summary = odd
    text = latex.render(declared_document.document(declared, [summary]))
    assert r"{W^{1}_{11}}^{2}" in text
    assert r"\frac{{W^{1}_{11}}^{2} + {W^{1}_{12}}^{2}}{{\eta^{W}}}" in text
    assert r"\hat{x}_{1}^{2}" in text
    assert r"$x\_$" in text or r"x\_" in text
    if shutil.which("pdflatex"):
        (tmp_path / "a.tex").write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "a.tex"], cwd=tmp_path, capture_output=True
        )
        assert [z for z in done.stdout.decode("latin-1").splitlines() if z.startswith("!")] == []
        assert done.returncode == 0


def test_a_law_of_names_with_superscripts_has_brackets():
    written = Written(Instance(model(), {"h": 1, "n": 1, "m_": 1}), LATEX)
    law = {(0, 0): {(("eta__W", Fraction(-1)),): fmpq(1)}, (1, 1): {(): fmpq(-3)}}
    assert written.law(law) == r"\frac{{W^{1}_{11}}^{2}}{{\eta^{W}}} - 3 u_{1 11}^{2}"


@pytest.mark.parametrize(
    ("prose", "is_latex"),
    [
        ("turns U_11 with A_1_12", "turns $U_{11}$ with $A_{1 12}$"),
        ("row 1 of W__1, x_ and x_.", r"row 1 of $W_{1}$, $x\_$ and $x\_$."),
        ("x_i, x_1, W_ij, w_(i j)", "$x_i$, $x_1$, $W_{ij}$, $w_(i$ j)"),
    ],
)
def test_names_of_weights_within_words(prose, is_latex):
    from symbolic.writing.prose import to_latex

    assert to_latex(prose) == is_latex


def test_lines_are_no_wider_than_they_are_to_be(odd):
    declared, summary = odd
    whole = list(lines(declared, [summary]))
    assert max(map(len, whole)) > 120
    for width in (80, 120):
        cut = list(lines(declared, [summary], width))
        assert max(map(len, cut)) <= width
        assert cut.count("") == whole.count("") > 2
        assert " ".join(" ".join(cut).split()) == " ".join(" ".join(whole).split())
        assert not any(re.fullmatch(r" *[+−/].{0,3}", line) for line in cut)
    assert "\N{NO-BREAK SPACE}" not in "".join(whole)


def test_what_goes_on_is_set_in_by_two():
    declared = shelf.load("lora")
    derived = derive(Instance(declared, declared.sizes[0]))
    found = list(lines(declared, [Summary(derived.given, derived, derived.reasons)], 60))
    start = found.index("  (B_11 B_12 + B_21 B_22 + B_31 B_32)/eta_B − (A_11 A_21")
    assert found[start + 1] == "    + A_12 A_22 + A_13 A_23)/eta_A"


def test_no_law_is_said():
    declared = shelf.load("squared_diagonal")
    derived = derive(Instance(declared, {"n": 2}))
    found = list(lines(declared, [Summary(derived.given, derived, derived.reasons)]))
    assert "At n = 2: no law" in found
    assert "  That is all: 0 laws and Lie rank 2 make 2 weights." in found


def broken(one, **found):
    """A record with other numbers than those that were proved."""
    other = object.__new__(type(one))
    other.__dict__.update(vars(one) | found)
    return other


@pytest.fixture(scope="module")
def two():
    declared = shelf.load("two_layer_linear")
    derived = derive(Instance(declared, {"n": 2, "h": 2, "m": 1}))
    return declared, Summary(derived.given, derived, derived.reasons)


def test_a_gap_is_said_with_what_was_tried(two):
    declared, one = two
    count = one.count
    gap = broken(
        count, rank=2, gap=1, reach=broken(count.reach, tried="brackets of up to 2 fields")
    )
    said = "\n".join(lines(declared, [Summary(one.instance, dict(one.records) | {Count: gap}, {})]))
    assert "  That is all: 3 laws and Lie rank 3 make 6 weights." in "\n".join(
        lines(declared, [one])
    )
    assert (
        "  Not decided whether that is all: 3 laws and Lie rank 2 leave 1 of 6 weights, for laws that "
        "are missing or brackets that were not tried (brackets of up to 2 fields)."
    ) in said
    assert "That is all" not in said
    assert "not decided: gap 1" in said


def test_one_law_is_no_laws():
    declared = shelf.load("chain_2")
    derived = derive(Instance(declared, {}))
    said = "\n".join(lines(declared, [Summary(derived.given, derived, derived.reasons)]))
    assert "  That is all: 1 law and Lie rank 1 make 2 weights." in said
    assert "  Left for any loss: 1 variable; no fewer do." in said


def test_equal_rates_are_said_where_a_proof_takes_them(two):
    declared, one = two
    (width,) = one.records[EveryWidth].proved
    for any_rates, ends in ((True, "with n = 2, m = 1: proved"), (False, "at equal rates: proved")):
        other = broken(one.records[EveryWidth], proved=(broken(width, any_rates=any_rates),))
        said = list(
            lines(declared, [Summary(one.instance, dict(one.records) | {EveryWidth: other}, {})])
        )
        (line,) = (z for z in said if "Complete at every h" in z)
        assert line.endswith(ends)
        assert ("equal" in line) == (not any_rates)


def test_what_was_not_decided_is_one_sentence_beside_what_was_found(two):
    declared, one = two
    late = {
        Reach: "not decided in 3 s", Count: "it needs reach, and not decided in 3 s",
        Solvable: "not reached in 3 s",
    }  # fmt: skip
    records = {kind: z for kind, z in one.records.items() if kind not in late}
    reasons = {Reach: late[Reach], Solvable: late[Solvable]}
    summary = Summary(one.instance, records, reasons, late)
    said = list(lines(declared, [summary]))
    assert said[-1].startswith(
        "  Not decided in 3 s: Lie rank, whether a law is missing, the class of the flow. "
        "Found: fields, laws at all sizes, polynomial laws, "
    )
    assert sum("decided" in line for line in said) == 2  # and the table
    assert summary.as_json()["not_decided"] == {
        "Reach": "not decided in 3 s", "Count": "it needs reach, and not decided in 3 s",
        "Solvable": "not reached in 3 s",
    }  # fmt: skip
    assert summary.as_json()["does_not_apply"] == {}
    text = markdown.render(declared_document.document(declared, [summary]))
    assert "### Not decided\n\n* Lie rank: not decided in 3 s." in text
    assert "* Whether a law is missing: it needs Lie rank, and not decided in 3 s." in text
    assert "What does not apply" not in text


def test_every_stage_has_words():
    assert {kind.__name__ for kind in made_in("declared")} == set(declared_words.STAGES)


def test_what_is_not_needed_is_not_undecided(two):
    declared, one = two
    assert one.as_json()["not_decided"] == {}
    reason = "polynomial laws and the rank account for all weights"
    several = "the outputs move weights along several fields"
    assert one.as_json()["does_not_apply"] == {
        "OneField": several, "ProductLaws": reason, "Regions": "there are no gates",
        "MirrorFlow": "it has not one hidden unit between a number and a vector",
        "ScalarChain": "U is no scalar",
    }  # fmt: skip
    text = markdown.render(declared_document.document(declared, [one]))
    listed = f"* Rational and product laws: {reason}.", f"* One field: {several}."
    start = text.index("### What does not apply\n\n")
    assert all(one in text[start:] for one in listed)
    assert "Not decided" not in text


def test_without_polynomial_laws_there_is_no_claim_of_none(two):
    declared, one = two
    records = {
        kind: z for kind, z in one.records.items() if kind not in (PolynomialLaws, Count)
    }  # fmt: skip
    said = list(lines(declared, [Summary(one.instance, records, {})]))
    assert "At n = 2, h = 2, m = 1: laws are not decided" in said


def test_sizes_that_were_not_reached_say_so_beside_others(two):
    declared, one = two
    other = Unreached(declared, {"n": 30, "h": 30, "m": 30}, "not decided in 1 s")
    said = list(lines(declared, [other, one]))
    assert "n=30 h=30 m=30  1800     ?     ?         not decided  ?" in said
    assert "  Uᵀ U/eta_U − V Vᵀ/eta_V   h × h, symmetric" in said
    assert (
        "At n = 30, h = 30, m = 30: nothing is found: outputs were not expanded in time, "
        "not decided in 1 s"
    ) in said
    assert "Not decided: what is conserved at all sizes." in lines(declared, [other])
    as_json = other.as_json()
    assert as_json.keys() == one.as_json().keys()
    assert as_json["kinds"].keys() == one.as_json()["kinds"].keys()
    assert (as_json["complete"], as_json["independent"], as_json["weights"]) == (False, None, 1800)
    assert as_json["not_decided"] == {"Instance": "not decided in 1 s"}
    text = markdown.render(declared_document.document(declared, [other, one]))
    assert "## At n = 30, h = 30, m = 30\n\nOutputs were not expanded in time: not decided" in text


def test_without_a_count_the_table_has_what_was_found(two):
    declared, one = two

    def without(*kinds):
        records = {kind: z for kind, z in one.records.items() if kind not in kinds}
        found = Summary(one.instance, records, {})
        (line,) = (z for z in lines(declared, [found]) if z.startswith("n=2 h=2 m=1"))
        return re.split("  +", line), found.as_json()

    row, as_json = without(Count)
    assert row == ["n=2 h=2 m=1", "6", "≥ 3", "≥ 3", "not decided", "3"]
    named = ("independent", "lie_rank", "complete", "gap")
    assert [as_json[name] for name in named] == [3, 3, False, None]
    row, as_json = without(Count, Reach)
    assert (row[2:4], as_json["lie_rank"]) == (["≥ 3", "?"], None)
    _, as_json = without(Count, Reach, PolynomialLaws)
    assert as_json["independent"] is None


def test_a_rank_that_rests_on_functions_is_none_without_a_count():
    """Nobody looked whether they are independent: where they are not, it is a bound from above."""
    declared = shelf.load("tanh_any_data")
    derived = derive(Instance(declared, {"n": 1, "h": 2, "m": 1}))
    records = {kind: z for kind, z in derived.items() if kind is not Count}
    found = Summary(derived.given, records, {})
    assert Reach in found.records
    assert (found.independent, found.lie_rank, found.rank) == (0, None, "?")


@pytest.mark.parametrize(
    "name",
    [
        name if name in DOCUMENTS else pytest.param(name, marks=pytest.mark.slow)
        for name in shelf.names()
    ],
)
def test_documents_have_no_character_that_latex_has_not(name):
    """Base LaTeX knows letters up to U+017F; all others have commands."""
    declared = shelf.load(name)
    sizes = declared.sizes[0] if declared.sizes else {}
    derived = derive(Instance(declared, sizes), wanted=made_in("declared"))
    blocks = declared_document.document(
        declared, [Summary(derived.given, derived, derived.reasons)]
    )
    assert {z for z in latex.render(blocks) if ord(z) > 0x17F} == set()


def test_white_data_are_said_as_they_are():
    declared = shelf.load("diagonal")
    derived = derive(Instance(declared, {"n": 2}))
    said = list(lines(declared, [Summary(derived.given, derived, derived.reasons)]))
    assert said[1].endswith("; any loss, white data (the mean of x xᵀ is 1)")


def said(one, records=None, reasons=None, undecided=None):
    found = dict(one.records) | (records or {})
    found = {kind: z for kind, z in found.items() if z is not None}
    return list(
        lines(one.instance.model, [Summary(one.instance, found, reasons or {}, undecided or {})])
    )


def test_what_is_left_has_a_number_bounds_or_a_reason(two):
    _, one = two
    left = one.records[Left]
    assert "  Left for any loss: 3 variables; no fewer do." in said(one)
    other = broken(left, at_least=1, at_most=2, reason="weights less laws")
    assert "  Left for any loss: 1 to 2 variables (weights less laws)." in said(one, {Left: other})
    rest = broken(left, at_least=0, at_most=0)
    assert "  Left for any loss: nothing; the outputs never change." in said(one, {Left: rest})
    why = {Left: "ranks are of nothing"}
    assert "  Left: ranks are of nothing" in said(one, {Left: None}, why)
    for reasons, undecided in (({}, {}), (why, why)):
        found = said(one, {Left: None}, reasons, undecided)
        assert not any(line.startswith("  Left") for line in found)


def test_the_class_is_said_with_its_solution_or_why_there_is_none(two):
    _, one = two
    kind = "  Under half a square on white data: matrix Riccati on a leaf of a law, "
    assert kind + "solved in time" in said(one)
    blocks = tuple(broken(z, solution=None) for z in one.records[Solvable].recognition.blocks)
    recognition = broken(one.records[Solvable].recognition, blocks=blocks)
    other = broken(one.records[Solvable], recognition=recognition)
    assert kind + "without a solution in time here" in said(one, {Solvable: other})
    why = {Solvable: "outputs are no polynomials"}
    because = "  Under half a square on white data: outputs are no polynomials"
    assert because in said(one, {Solvable: None}, why)
    for reasons, undecided in (({}, {}), (why, why)):
        found = said(one, {Solvable: None}, reasons, undecided)
        assert not any("half a square" in line for line in found)


def test_many_laws_and_symmetries_are_counted_not_listed():
    declared = shelf.load("two_layer_linear")
    derived = derive(Instance(declared, {"n": 5, "h": 5, "m": 1}))
    found = said(Summary(derived.given, derived, derived.reasons))
    start = next(k for k, line in enumerate(found) if line.startswith("At n = 5"))
    assert (
        found[start] == "At n = 5, h = 5, m = 1: 15 quadratic, all of them by the laws at all sizes"
    )
    assert found[start + 13] == "  … and 3 more (--report FILE has them all)"
    why = found.index("  Why: each of these gives a law:")
    assert [line[:4] for line in found[why + 1 : why + 6]] == ["    "] * 5
    assert found[why + 5] == "    … and 11 more"
    assert found[why + 4].startswith("    scales column 4 of U by exp(ε), row 4 of V")


def of_lift(name, sizes):
    instance = Instance(shelf.load(name), sizes)
    derived = derive(instance, wanted={Lift, MirrorFlow})
    return "\n".join(lift_lines(Summary(instance, derived, derived.reasons)))


def test_the_lift_is_said_with_the_data_that_it_needs():
    said = of_lift("single_neuron", {"n": 2})
    assert "dN/dt = F N with Q Qᵀ = N C⁻¹ Nᵀ, dC/dt = 2 Nᵀ S N, at all sizes" in said
    assert "second moments h have h_12 = 0, −h_11 + h_22 = 0." in said
    assert "ends where its potential is least" in said
    said = of_lift("chain_2", {})
    assert "It needs data" not in said
    assert "with one clock under any loss" in said
    assert "with one clock for each block under any loss" in of_lift("diagonal", {"n": 2})
    assert of_lift("chain_3", {}) == ""


def test_a_scalar_chain_is_said_where_neurons_are_said_too():
    """a² b is the neuron of h² as well, whose line is the last of the class."""
    own = Model(
        name="own", title="own", source="own", inputs={"x": ()},
        layers={"a": Layer(rate="slow"), "b": Layer(rate="fast")},
        output=lambda w, x, F: w.a**2 * w.b * x.x, sizes=({},),
    )  # fmt: skip
    derived = derive(Instance(own, {}))
    said = list(lines(own, [Summary(derived.given, derived, derived.reasons)]))
    line = (
        "  Scalar chain, on any data: outputs move with a² b alone, as a product of 3 factors under half "
        "a square. Its time is a closed form from any start."
    )
    assert said[-1] == line
    assert said[-2].startswith("  Neurons of one activation, h²")


def test_where_there_is_no_scalar_chain_nothing_is_said_of_one():
    instance = Instance(shelf.load("chain_2"), {})
    derived = derive(instance, wanted={ScalarChain})
    assert list(chain_line(Summary(instance, derived, derived.reasons))) == []
    assert "of degree 2" in derived.reasons[ScalarChain]


def test_moments_of_many_inputs_are_told_apart_and_few_are_written_out():
    record = derive(Instance(shelf.load("single_neuron"), {"n": 11}), wanted={Lift})[Lift]
    (conditions,) = record.conditions
    names = {str(symbol) for one in conditions for symbol in one.free_symbols}
    assert len(names) == 11 * 12 // 2  # one name for each moment
    assert {"h_1,10", "h_11", "h_11,11", "h_9,11"} <= names
    said = of_lift("single_neuron", {"n": 11})
    assert said.count(" = 0") == 5
    assert "and 60 more like these." in said  # of the 65 conditions that white inputs are
    *_, step = record.steps
    assert step.proof.count(" = 0") == 5
    assert "60 more" in step.proof


@pytest.mark.parametrize(
    ("name", "whatever"),
    [
        ("single_neuron", "every loss and all data if"),
        ("two_layer_linear_on_a_line", "every loss and all data on the line if"),
        ("diagonal_classes", "every loss of differences of outputs and all data if"),
    ],
)
def test_the_written_laws_say_for_which_losses_and_data_they_are(name, whatever):
    model = shelf.load(name)
    derived = derive(Instance(model, model.sizes[0]), wanted={PolynomialLaws})
    (step,) = (one for one in derived[PolynomialLaws].steps if one.law == "Polynomial laws")
    assert f"A polynomial is conserved for {whatever}" in step.proof
