"""What all commands share: parsers, errors, exit codes, files written whole or not at all.

Exit codes: 0 done, 1 a check failed, 2 bad input or usage, 3 an answer that cannot be (a fault of
this program, never a number), 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from numeric.errors import (
    LONGEST_EXPECTED,
    LONGEST_FOUND,
    InputError,
    InternalCheckError,
    one_line,
)

ROOT = Path(__file__).resolve().parent.parent
WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line, like all other errors."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and where help is; exit code 2."""
        line = one_line(" ".join(message.split()), LONGEST_FOUND + LONGEST_EXPECTED)
        self.exit(2, f"exactflow: {line}; {self.prog} --help explains\n")


def parser(name: str, description: str, example: str) -> argparse.ArgumentParser:
    """An argument parser whose help ends with an example."""
    return OneLineParser(
        prog=f"run.py {name}",
        description=description,
        epilog=f"example:\n  python3 scripts/run.py {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def run(main: Callable[[list[str]], int]) -> None:
    """Run a command's main and exit with its code; bad input is one line on stderr."""
    try:
        if sys.stdout is None:
            raise InputError("standard output", "it closed", "somewhere to print to")
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except InputError as error:
        print(f"exactflow: {error}", file=sys.stderr)
        code = 2
    except InternalCheckError as error:
        print(f"exactflow: {error}", file=sys.stderr)
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
        if not WHOLE.fullmatch(text) or not smallest <= int(text) <= largest:
            raise argparse.ArgumentTypeError(
                f"found {text[:30]!r}; expected a whole number from {smallest} to {largest}"
            )
        return int(text)

    return parse


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file completely or leave what was there.

    Raises:
        InputError: when the file cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            temporary = Path(file.name)
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise InputError(str(path), error.strerror or str(error), "a place to write to") from None
