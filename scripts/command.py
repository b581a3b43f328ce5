"""What all commands share: parsers, errors, exit codes, files written whole or not at all.

Exit codes: 0 done, 1 a check failed, 2 bad input or usage, 3 an answer that cannot be (a fault of
this program, never a number), 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, NoReturn

from numeric.errors import InputError, InternalCheckError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

ROOT = Path(__file__).resolve().parent.parent
UNFINISHED = ".exactflow-"  # how the name of a file begins that is not whole yet
LINE = 1000  # characters of an error, at most


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line, like all other errors."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and where help is; exit code 2."""
        self.exit(2, f"exactflow: {one_line(message)}; {self.prog} --help explains\n")


def parser(name: str, description: str, example: str) -> argparse.ArgumentParser:
    """An argument parser whose help ends with an example."""
    return OneLineParser(
        prog=f"run.py {name}",
        description=description,
        epilog=f"example:\n  python3 scripts/run.py {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def one_line(text: str) -> str:
    """A text on one line, of a long one the beginning and the end."""
    line = " ".join(text.split())
    half = LINE // 2 - 2
    return line if len(line) <= LINE else f"{line[:half]} … {line[-half:]}"


def console(stderr: bool = False, width: int | None = None) -> Console:
    """What prints tables: text as it stands, [i] being no markup and :t: no picture.

    A pipe gets whole lines: no wrapping to a terminal that is not there.

    Args:
        stderr: where to.
        width: of lines, if not the terminal's.
    """
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    if width is None and not stderr and not stream.isatty():
        width = 100_000
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, width=width)


def progress() -> Progress:
    """A bar on stderr while something lasts; nothing where no one watches."""
    from rich.progress import Progress

    return Progress(console=console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def spell_what_cannot_be_shown() -> None:
    """Let streams write a character that their encoding lacks as an escape, as JSON does."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def run(main: Callable[[list[str]], int]) -> None:
    """Run a command's main and exit with its code; bad input is one line on stderr."""
    spell_what_cannot_be_shown()
    try:
        if sys.stdout is None:
            raise InputError("standard output", "it closed", "somewhere to print to")
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except InputError as error:
        print(f"exactflow: {one_line(str(error))}", file=sys.stderr)
        code = 2
    except InternalCheckError as error:
        print(f"exactflow: {one_line(str(error))}", file=sys.stderr)
        code = 3
    except ArithmeticError as error:  # a fault of ours, but no reason to show the program
        reason = one_line(f"{type(error).__name__}: {error}")
        print(f"exactflow: internal check failed: {reason}", file=sys.stderr)
        code = 3
    except KeyboardInterrupt:
        code = 130
    except MemoryError:
        print("exactflow: found too little memory; expected a smaller case", file=sys.stderr)
        code = 2
    except BrokenPipeError:
        # The reader went away (| head): not an error of ours; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        print(f"exactflow: {error.strerror or error}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    sys.exit(code)


def whole(smallest: int, largest: int = 2**32 - 1) -> Callable[[str], int]:
    """An argparse type: a whole number within bounds."""

    def parse(text: str) -> int:
        if (
            not text.isascii()
            or not text.lstrip("+-").isdecimal()
            or len(text) > 20
            or not smallest <= int(text) <= largest
        ):
            raise argparse.ArgumentTypeError(
                f"found {text[:30]!r}; expected a whole number from {smallest} to {largest}"
            )
        return int(text)

    return parse


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file completely or leave what was there, and nothing beside it unless killed.

    Raises:
        InputError: when the file cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=UNFINISHED, delete=False) as file:
            temporary = Path(file.name)
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise InputError(str(path), error.strerror or str(error), "a place to write to") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
