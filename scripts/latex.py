"""`run.py latex`: the derivation, or one formula, as LaTeX."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.command import ROOT, parser, run, write_whole

BUILD = ROOT / "build" / "latex"
DESCRIPTION = """\
Print LaTeX: the whole derivation of a network, or one formula alone.

Without a formula the document goes to build/latex/NETWORK.tex (or --output), and with --pdf is
compiled there by pdflatex. With a formula its LaTeX is printed; --list names them all."""


def arguments() -> argparse.ArgumentParser:
    """The command line of `latex`."""
    command = parser("latex", DESCRIPTION, "latex alignment")
    command.add_argument("formula", nargs="?", help="a formula to print, as --list names it")
    command.add_argument("--network", default="linear", help="which network (default: linear)")
    command.add_argument("--list", action="store_true", help="list the formulas")
    command.add_argument("--pdf", action="store_true", help="compile the document with pdflatex")
    command.add_argument("--output", type=Path, help="where to write the document")
    command.add_argument(
        "--json", action="store_true", help="formulas as JSON: name, meaning, latex"
    )
    return command


def main(argv: list[str]) -> int:
    """Parse, derive, print or write."""
    options = arguments().parse_args(argv)
    import difflib

    from numeric.errors import InputError
    from symbolic import model
    from symbolic.codegen.evaluators import program
    from symbolic.derivation import derivation
    from symbolic.latex import document, formulas

    if options.network not in model.names():
        raise InputError("--network", options.network, f"one of {', '.join(model.names())}")
    derived = derivation(options.network)
    table = {name: (words, text) for name, words, text in formulas(program(derived))}
    if options.formula is not None and options.formula not in table:
        near = difflib.get_close_matches(options.formula, table, n=1, cutoff=0.0)[0]
        raise InputError("formula", options.formula, f"a name from --list, perhaps {near!r}")
    if options.json:
        chosen = [options.formula] if options.formula else list(table)
        rows = [{"name": n, "meaning": table[n][0], "latex": table[n][1]} for n in chosen]
        print(json.dumps(rows, ensure_ascii=False))
    elif options.list:
        width = max(map(len, table))
        print("\n".join(f"{name:<{width}}  {words}" for name, (words, _) in table.items()))
    elif options.formula:
        print(table[options.formula][1])
    else:
        path = options.output or BUILD / f"{options.network}.tex"
        write_whole(path, document(derived))
        print(path)
        if options.pdf:
            print(compile_pdf(path))
    return 0


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
