"""Tables of symbols: one meaning for one sign, one symbol for one name."""

import pytest
from sympy import IndexedBase, Symbol, cosh, erf, exp, log
from sympy.codegen.cfunctions import log1p

from symbolic import vocabulary
from symbolic.notation import symbols
from symbolic.notation.table import Notation, Registry
from symbolic.notation.typesetting import typeset
from symbolic.proof.stable_forms import mean_decay, one_plus_erf


def test_every_entry_says_what_it_is():
    table = vocabulary.TABLE
    assert len(table) > 110
    assert len(table.meanings()) > len(table) + 60
    assert all(row.latex.strip() for row in table.values())
    assert all(words.strip() for words in table.meanings().values())
    signs = [row.latex for row in table.values()]
    assert len(set(signs)) == len(signs)


@pytest.mark.parametrize(
    "entry",
    [
        Notation("x", "another", Symbol("x", positive=True)),
        Notation("x", "another", IndexedBase("x", real=True)),
        Notation(r"\xi", "the same sign", Symbol("other")),
        Notation(r"\xi", "another", Symbol("x")),
        Notation(r"\xi", "another"),
    ],
)
def test_a_second_symbol_of_a_name_and_a_second_meaning_are_refused(entry):
    registry = Registry()
    first = Notation(r"\xi", "a number", Symbol("x"))
    registry.add(first)
    registry.add(first)  # declared again as it is, as by a module that is loaded twice
    with pytest.raises(ValueError, match="expected one"):
        registry.add(entry)
    assert dict(registry) == {"x": first}
    assert registry.meaning(r"\xi") == "a number"


def test_an_entry_of_written_text_is_found_by_its_latex():
    assert vocabulary.TABLE.meaning(r"\theta") == "all weights"
    assert r"\theta" not in vocabulary.TABLE


def test_symbols_of_all_tables_have_one_name():
    assert vocabulary.alpha is vocabulary.TABLE["alpha"].symbol
    assert vocabulary.u_i is symbols.u_i
    assert vocabulary.mu is vocabulary.TABLE["mu"].symbol
    assert vocabulary.c_d is vocabulary.TABLE["c_d"].symbol
    with pytest.raises(AttributeError, match="no table has the symbol alfa"):
        vocabulary.alfa  # noqa: B018


def test_a_name_of_code_is_printed_as_what_it_stands_for():
    assert vocabulary.TABLE["cosh_s"].value == cosh(symbols.s)
    assert typeset(vocabulary.cosh_s) == r"\cosh{\left(s \right)}"
    assert typeset(vocabulary.norm_u_2**2) == r"\|u\|^{4}"
    assert vocabulary.TABLE["norm_u_2"].latex == r"\|u\|^2"


def test_a_function_of_ours_is_printed_as_a_reader_knows_it():
    assert typeset(one_plus_erf(symbols.s)) == typeset(1 + erf(symbols.s))
    assert typeset(mean_decay(symbols.s)) == typeset((1 - exp(-symbols.s)) / symbols.s)
    assert typeset(log1p(one_plus_erf(symbols.s) - 1)) == typeset(log(1 + erf(symbols.s)))
