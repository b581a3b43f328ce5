"""How steps, records and derivations are shown and handed on: in notebooks, and between processes."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace

import pytest
import sympy
from sympy import Symbol

from symbolic import losses
from symbolic.derivation import derivation, stage_name, stages
from symbolic.laws.conservation import Conservation
from symbolic.models import load, names
from symbolic.network.losses import Loss
from symbolic.network.model import Model
from symbolic.proof.certificate import Step

ALIGNED = re.compile(r"\$\$\\begin\{aligned\}\n(.*)\n\\end\{aligned\}\$\$", re.DOTALL)


def test_a_step_is_its_equations():
    z = Symbol("z")
    step = Step("a law", (("f", z**2), (z + 1, r"\mathrm{const}")), "for a reason")
    (rows,) = ALIGNED.fullmatch(step._repr_latex_()).groups()
    assert rows.split(" \\\\\n") == ["f &= z^{2}", r"z + 1 &= \mathrm{const}"]


def test_a_record_is_named_with_what_was_found_and_shows_all_its_equations():
    record = derivation("tanh")[Conservation]
    assert repr(record) == "<Conservation: linear, own, own_rows, between>"
    (rows,) = ALIGNED.fullmatch(record._repr_latex_()).groups()
    assert rows.count("&=") == sum(len(step.statement) for step in record.steps) > 1


@pytest.mark.parametrize("name", ["linear", "cubic", "tanh"])
def test_every_record_is_short(name):
    for record in derivation(name).values():
        assert len(repr(record)) < 300
        assert repr(record).startswith(f"<{type(record).__name__}: ")
        assert ALIGNED.fullmatch(record._repr_latex_())


def test_a_derivation_is_a_table_of_stages():
    tanh = derivation("tanh")
    assert repr(tanh) == "<derivation of tanh: 11 records, 83 proved>"
    rows = re.findall(r"<tr>(.*)</tr>", tanh._repr_html_())
    cells = [re.findall("<td>(.*?)</td>", row) for row in rows]
    assert [row[0] for row in cells] == ["stage", *(stage_name(one.makes) for one in stages())]
    assert sum(int(row[1] or 0) for row in cells[1:]) == 83
    found = dict(zip([row[0] for row in cells], cells, strict=True))
    assert found["conservation"][1:] == [
        str(len(tanh[Conservation].certificates)),
        "linear, own, own_rows, between",
    ]
    assert found["flow_map"][2].startswith("does not apply: the activation is not a power")


def test_what_a_table_says_is_escaped():
    tanh = derivation("tanh")
    sign = type(tanh)(replace(tanh.model, title="a < b"), {}, dict.fromkeys(tanh, "<b>"), {})
    assert "a &lt; b" in sign._repr_html_()
    assert "&lt;b&gt;" in sign._repr_html_()
    assert "<b>" not in sign._repr_html_()


@pytest.mark.parametrize("name", names())
def test_a_derivation_survives_pickling(name):
    derived = derivation(name)
    again = pickle.loads(pickle.dumps(derived))
    assert again.model is derived.model
    assert dict(again) == dict(derived)
    assert [r.certificates for r in again.values()] == [r.certificates for r in derived.values()]
    assert [r.steps for r in again.values()] == [r.steps for r in derived.values()]
    assert (again.reasons, again.seconds) == (derived.reasons, derived.seconds)


def test_models_and_losses_are_pickled_by_their_files():
    other = replace(load("tanh"), loss=losses.load("huber"))
    own = Model(name="own", title="own", source="own", activation=sympy.atan)
    for amiss in (other, own, Loss(name="own", title="own", value=lambda f, y: f - y)):
        with pytest.raises(
            TypeError, match=f"cannot pickle .* {amiss.name!r}: no file in symbolic/"
        ):
            pickle.dumps(amiss)
    for loss in losses.names():
        assert pickle.loads(pickle.dumps(losses.load(loss))) is losses.load(loss)
