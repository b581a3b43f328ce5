"""Profiles and global state: every test starts with the same precision and the same seeds."""

from __future__ import annotations

import json
import os
import pickle
import re
from dataclasses import asdict
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import mpmath
import numpy as np
import pytest
import torch
from flint import ctx
from hypothesis import HealthCheck, settings

from scripts.lock import lock
from symbolic import derivation as driver
from symbolic.models import load

# Derandomised everywhere: a failure seen once is seen again. `verify --seed` explores further.
settings.register_profile(
    "project", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")


SHARED: list[Path] = []  # the folder of a run whose workers share what they derive


def pytest_configure(config):
    """Workers side by side have folders next to one another in that of the run."""
    if hasattr(config, "workerinput") and config.option.basetemp:
        SHARED.append(Path(config.option.basetemp).parent)


@cache
def derived_once(name):
    """The derivation of a network by its name, made by the first worker that asks for it.

    Others read what it pickled. `derive`, which tests of stages call themselves, is as it was.
    """
    model = load(name)  # a name that does not exist is refused before it is one of a file
    if not SHARED:
        return driver.derive(model)
    path = SHARED[0] / f"derivation-{name}.pickle"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as file:
        lock(file.fileno(), wait=True)
        if not path.exists():
            made = pickle.dumps(driver.derive(model))
            path.write_bytes(made)
        return pickle.loads(path.read_bytes())


driver.derivation = derived_once  # before any module takes the name from there


def pytest_collection_modifyitems(items):
    """Whatever needs a finding on a claim of a paper, with all its mutants, is slow.

    What needs all of them comes last: by then the test of each claim has left its own.
    """
    for item in items:
        if {"judged", "judged_claim"} & {*item.fixturenames}:
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: "judged" in item.fixturenames)


@pytest.fixture(autouse=True)
def same_state():
    """Restore the precision of mpmath and of flint, seed what draws, and check nothing leaked."""
    precision, dps = ctx.prec, mpmath.mp.dps
    np.random.seed(0)  # noqa: NPY002 - for code that might use the global state by mistake
    torch.manual_seed(0)
    yield
    leaked = (ctx.prec, mpmath.mp.dps) != (precision, dps)
    ctx.prec, mpmath.mp.dps = precision, dps
    assert not leaked, "a test changed the global precision"


@pytest.fixture(scope="session")
def judged_claim(tmp_path_factory):
    """A function of a paper's name and a claim's id: what is found, which is judged once in a run.

    Workers side by side share what the first of them found: it is written to a file of the run.
    """
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    @cache
    def numbered(name):
        return {claim.id: n for n, claim in enumerate(load_paper(name).claims())}

    return cache(
        lambda name, id: finding(name, n := numbered(name)[id], folder / f"{name}-{n}.json")
    )


@pytest.fixture(scope="session")
def judged(judged_claim):
    """A function of a paper's name: the findings on all its claims."""
    return cache(lambda name: [judged_claim(name, claim.id) for claim in load_paper(name).claims()])


def finding(name: str, number: int, path: Path):
    """Judge a claim, or read what another worker found; the first to come holds the lock."""
    from verify.audit.judge import judge
    from verify.claims.claim import Evidence, Finding, Judged, Siding, Verdict

    def read(claim, said):
        axes = {"verdict": Verdict(said["finding"]["verdict"]),
                "evidence": Evidence(said["finding"]["evidence"])}  # fmt: skip
        finding = Finding(**{**said["finding"], **axes})
        siding = Siding(**said["siding"]) if said["siding"] else None
        rest = (tuple(said[name]) for name in ("mutants", "survivors", "unneeded"))
        return Judged(claim, finding, siding, *rest)

    def written(one):
        siding = asdict(one.siding) if one.siding else None
        rest = {name: getattr(one, name) for name in ("mutants", "survivors", "unneeded")}
        return {"finding": asdict(one.finding), "siding": siding, **rest}

    paper = load_paper(name)
    claim = paper.claims()[number]
    with path.with_suffix(".lock").open("w") as file:
        lock(file.fileno(), wait=True)
        if not path.exists():
            path.write_text(json.dumps(written(judge(claim, paper))))
    return read(claim, json.loads(path.read_text()))


def load_paper(name):
    """A paper by its name."""
    from verify.papers.paper import load

    return load(name)


@pytest.fixture(scope="session")
def losses_by_hand():
    """Every loss at (f, y) by its definition, in mpmath."""
    return {
        "square": lambda f, y: (f - y) ** 2,
        "half_square": lambda f, y: (f - y) ** 2 / 2,
        "quartic": lambda f, y: (f - y) ** 4,
        "huber": lambda f, y: (
            (f - y) ** 2 / 2 if abs(f - y) <= 1 else abs(f - y) - mpmath.mpf(1) / 2
        ),
        "log_cosh": lambda f, y: mpmath.log(mpmath.cosh(f - y)),
        "logistic": lambda f, y: mpmath.log(1 + mpmath.exp(-y * f)),
        "exponential": lambda f, y: mpmath.exp(-y * f),
        "hinge": lambda f, y: max(mpmath.mpf(0), 1 - y * f),
        "binary_cross_entropy": lambda f, y: mpmath.log(1 + mpmath.exp(f)) - y * f,
    }


class Page(HTMLParser):
    """A page of HTML: tags that are open at the end, cells of every row, text outside of code."""

    def __init__(self, page):
        super().__init__()
        self.open, self.seen, self.text, self.rows = [], [], "", []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append(0)
        elif tag in ("th", "td"):
            self.rows[-1] += 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"code", "style"} & set(self.open):
            self.text += data


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


def defects_of_formulas(blocks):
    """Formulas that are not balanced."""
    from symbolic.writing import document

    for formula in document.formulas(blocks):
        left, right = (len(re.findall(rf"\\{z}(?![a-z])", formula)) for z in ("left", "right"))
        if unbalanced(formula) != ([], 0) or left != right:
            yield f"not balanced: {formula}"


def defects_of_latex(text):
    """What LaTeX would not read, or read otherwise."""
    if unbalanced(text) != ([], 0):
        yield "LaTeX: not balanced"
    yield from (f"LaTeX: {sign!r}" for sign in sorted(set(re.findall(r"[^\x00-\x7f]", text))))
    body = re.sub(r"\\[\\$#_^%&]", "", text.partition(r"\maketitle")[2])
    if body.count("$") % 2:
        yield "LaTeX: a dollar without another"
    body = re.sub(r"(?s)\\begin\{align\*?\}.*?\\end\{align\*?\}|\$[^$]*\$", "", body)
    body = re.sub(r"\\(?:hyperref\[[^]]*\]|(?:label|href)\{[^}]*\})", "", body)
    while body != (inner := re.sub(r"\\ensuremath\{(?:[^{}]|\{[^{}]*\})*\}", "", body)):
        body = inner
    yield from (f"LaTeX: {z!r}" for z in re.findall(r".{,20}[#_^%]", body))


def defects(blocks):
    """What is wrong with a document, in any of its formats."""
    from symbolic.writing import document
    from symbolic.writing.formats import RENDER

    flat = [*document.flat(blocks)]
    anchors = [document.anchor(z.text) for z in flat if isinstance(z, document.Heading)]
    tables = [z for z in flat if isinstance(z, document.Table)]
    cells = [len(z.head) for z in tables for _ in (z.head, *z.rows)]
    markdown, latex, html = (RENDER[kind](blocks) for kind in (".md", ".tex", ".html"))
    found = [*defects_of_formulas(blocks), *defects_of_latex(latex)]
    found += [f"leads nowhere: {z}" for z in document.linked(blocks) if anchors.count(z) != 1]
    page = Page(html)
    if page.open or page.rows != cells:
        found.append(f"HTML: {page.open} is open, {page.rows} cells of {cells}")
    found += [f"HTML: {sign}" for sign in re.findall(r"\\[a-zA-Z]+|\$", page.text)]
    lines = [z for z in markdown.splitlines() if z.startswith("| ")]
    if [len(re.findall(r"(?<!\\)\|", line)) - 1 for line in lines] != cells:
        found.append("Markdown: bars")
    return found


@pytest.fixture(scope="session")
def defects_of():
    """A function of a document: what is wrong with it, in any of its formats."""
    return defects


@pytest.fixture(scope="session", name="unbalanced")
def unbalanced_of():
    """A function of LaTeX: its unclosed environments, and the depth of braces at the end."""
    return unbalanced


@pytest.fixture(scope="session")
def page_of():
    """A function of HTML: its tags and its text."""
    return Page
