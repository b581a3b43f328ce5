"""`run.py latex`: the derivation, or one formula, as LaTeX."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.command import ROOT, parser, run, write_whole

if TYPE_CHECKING:
    from symbolic.writing.formulas import Formula

BUILD = ROOT / "build" / "latex"
NAMED = {
    "rho": "'strength'",
    "varrho": "'at.residual_ratio'",
    "zeta": "'alignment'",
    "k": "'kernel_x'",
}
DESCRIPTION = """\
Print LaTeX: the whole derivation of a network under a loss, or one formula alone.

Without a formula the document goes to build/latex/NETWORK.tex (or --output), and with --pdf is
compiled there by pdflatex. A formula is printed as LaTeX, with what its symbols mean in comments; --list
names them all. With --pdf or --output it is a document too."""


def arguments() -> argparse.ArgumentParser:
    """The command line of `latex`."""
    command = parser("latex", DESCRIPTION, "latex alignment")
    command.add_argument("formula", nargs="?", help="a formula to print, as --list names it")
    command.add_argument("--network", default="linear", help="which network (default: linear)")
    command.add_argument("--loss", default="square", help="under which loss (default: square)")
    command.add_argument("--list", action="store_true", help="list the formulas")
    command.add_argument("--pdf", action="store_true", help="compile the document with pdflatex")
    command.add_argument("--output", type=Path, help="where to write the document")
    command.add_argument(
        "--json", action="store_true", help="formulas as JSON: name, meaning, latex, where"
    )
    return command


def main(argv: list[str]) -> int:
    """Parse, derive, print or write."""
    options = arguments().parse_args(argv)
    from numeric.errors import InputError
    from numeric.hints import nearest
    from symbolic import losses, models
    from symbolic.codegen.evaluators import program
    from symbolic.derivation import derivation, derive
    from symbolic.writing import latex
    from symbolic.writing.derivation import written
    from symbolic.writing.formulas import formulas, sheet

    if options.network not in models.names():
        raise InputError("--network", options.network, f"one of {', '.join(models.names())}")
    try:
        loss = losses.load(options.loss)
    except losses.UnknownLossError as error:
        raise InputError("--loss", options.loss, str(error).partition("expected ")[2]) from None
    name = options.network
    if options.loss == "square":
        derived = derivation(name)
    else:
        derived = derive(replace(models.load(name), loss=loss))
        name += f"-{options.loss}"
    if options.formula is None and not (options.json or options.list):
        finish(latex.render(written(derived)), options.output or BUILD / f"{name}.tex", options.pdf)
        return 0
    table = {one.name: one for one in formulas(program(derived))}
    if options.formula is not None and options.formula not in table:
        near = nearest(options.formula, table, NAMED)
        perhaps = f", perhaps {near}" if near else ""
        raise InputError("formula", options.formula, f"a name from --list{perhaps}")
    chosen = [table[options.formula]] if options.formula else list(table.values())
    if options.json:
        print(json.dumps([as_json(one) for one in chosen], ensure_ascii=False))
    elif options.list:
        width = max(map(len, table))
        print("\n".join(f"{one.name:<{width}}  {one.meaning}" for one in chosen))
    elif options.pdf or options.output:
        path = options.output or BUILD / f"{name}-{options.formula}.tex"
        finish(latex.render(sheet(chosen[0])), path, options.pdf)
    else:
        print(alone(chosen[0]))
    return 0


def as_json(formula: Formula) -> dict[str, Any]:
    """For `json.dumps`."""
    where = [{"latex": latex, "meaning": words} for latex, words in formula.where.items()]
    return {
        "name": formula.name,
        "meaning": formula.meaning,
        "latex": formula.latex,
        "definitions": list(formula.definitions),
        "where": where,
    }


def alone(formula: Formula) -> str:
    """A formula and, in comments of LaTeX, what its symbols are."""
    width = max(map(len, formula.where))
    lines = [f"%   {latex:<{width}}  {words}" for latex, words in formula.where.items()]
    before = [f"%   {latex}" for latex in formula.definitions]
    return "\n".join([formula.latex, *(["% with"] if before else []), *before, "% where", *lines])


def finish(text: str, path: Path, pdf: bool) -> None:
    """Write a document, compile it if wanted, and say where it is."""
    write_whole(path, text)
    print(path)
    if pdf:
        print(compile_pdf(path))


def compile_pdf(path: Path) -> Path:
    """Compile a document twice (references) and put the PDF beside it.

    Raises:
        InputError: when pdflatex is missing or finds an error.
    """
    from numeric.errors import InputError

    program = shutil.which("pdflatex")
    if program is None:
        raise InputError(
            "pdflatex", "nothing on the path", "a TeX installation (Debian: texlive-latex-base)"
        )
    with tempfile.TemporaryDirectory() as folder:
        command = [
            program,
            "-interaction=nonstopmode",
            "-halt-on-error",
            "-output-directory",
            folder,
        ]
        for _ in range(2):
            done = subprocess.run(
                [*command, str(path.resolve())],
                capture_output=True,
                text=True,
                errors="replace",
                cwd=folder,
            )
            if done.returncode != 0:
                at = done.stdout.find("\n!")
                raise InputError(
                    str(path), done.stdout[at : at + 300].strip(), "LaTeX that compiles"
                )
        target = path.with_suffix(".pdf")
        write_whole(target, (Path(folder) / f"{path.stem}.pdf").read_bytes())
        log = (Path(folder) / f"{path.stem}.log").read_text(errors="replace")
    for line in log.splitlines():
        if line.startswith("Overfull"):
            print(f"exactflow: {line}", file=sys.stderr)
    return target


if __name__ == "__main__":
    run(main)
