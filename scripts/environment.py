"""The environment `.venv`: made once, aside, and put in place when whole. Standard library only.

An environment is a folder `.venv.KEY.NUMBER` that is never moved, since its programs name their
interpreter by its full path. It counts once its stamp is there, which is written last. `.venv` is a link
to it, for people and tools, replaced by a rename; `run.py` never goes through the link.

Who builds or deletes holds the lock `.venv.lock`. Every process that runs in an environment shares the
lock of its file `in-use`, and an environment in use is not deleted. Without locks nothing is deleted.

Where one is there nothing is started, and what making one needs is not imported: every command waits.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.lock import hold, is_held, lock

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"\.venv\.[0-9a-f]{8}\.\d+(\.gone)?")
STAMP, IN_USE = "exactflow-key", "in-use"
VENV = ["-I", "-m", "venv"]
PIP = ["-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
# Tells nothing about an environment: who asks has too little of something.
TOO_LITTLE = {errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
HOOK = """\
# Written by scripts/environment.py: a process that runs here keeps the environment from being deleted.
import os

try:
    import fcntl

    fcntl.flock(os.open({path!r}, os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)
except (ImportError, OSError):
    pass
"""


class SetupError(Exception):
    """The environment cannot be made; the message says why."""


def ready() -> Path:
    """The environment of the present pyproject.toml, made first if there is none.

    It is not deleted while this process, or the program it becomes, lives.

    Raises:
        SetupError: when it cannot be made.
        OSError: when the project's folder cannot be written to, or no program be started.
    """
    place = _current()
    if place is None:
        with _builders_lock(wait=True) as builders:
            place = _current() or _make(builders)
            _link(place)
            if not _is_linked(place):
                _say(f".venv stays as it is, not ours to replace; the environment is {place.name}")
            if builders is not None:
                _clear(place)
    elif not _is_linked(place) or _folders() != [place]:
        with suppress(OSError), _builders_lock(wait=False) as builders:
            if builders is not None:
                _link(place)
                _clear(place)
    return place


def interpreter(place: Path) -> Path:
    """The Python of a virtual environment, on any system."""
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def key() -> str:
    """What an environment was made from: pyproject.toml and the place, whoever's interpreter calls."""
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()).hexdigest()


def _folders() -> list[Path]:
    """All environments, whole, half made and half deleted."""
    return sorted((p for p in ROOT.glob(".venv.*") if NAME.fullmatch(p.name)), reverse=True)


def _current() -> Path | None:
    """An environment that was made from the present pyproject.toml and works; held."""
    for place in _folders():
        stamp = _stamp(place)
        if stamp[:1] != [key()] or (held := hold(place / IN_USE)) is None:
            continue
        # Read again, now that nobody can delete it.
        if stamp == _stamp(place) and _works(place, stamp):
            return place
        os.close(held)
    return None


def _stamp(place: Path) -> list[str]:
    try:
        return (place / STAMP).read_text(errors="replace").split()
    except OSError:
        return []


def _works(place: Path, stamp: list[str]) -> bool:
    """Whether its interpreter is the one it was made with: the same file, or else the same version."""
    return stamp[2:] == [_file(place)] or stamp[1:2] == [_version(place)]


def _file(place: Path) -> str:
    """Which file its interpreter is, without starting it; empty if that is gone."""
    try:
        found = interpreter(place).stat()
    except OSError:
        return ""
    return f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}"


def _version(place: Path) -> str:
    """The version its interpreter has today; empty if that is gone or cannot start."""
    import subprocess

    ask = "import sys; print(sys.implementation.cache_tag)"
    command = [str(interpreter(place)), "-I", "-S", "-c", ask]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except OSError as error:
        if error.errno in TOO_LITTLE:
            raise
        return ""


@contextmanager
def _builders_lock(*, wait: bool) -> Iterator[int | None]:
    """The lock of who builds or deletes, as a descriptor; None if it cannot be had."""
    file = os.open(ROOT / ".venv.lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        ours = lock(file)
        if ours is False and wait:
            _say("waiting for another start, which sets up .venv")
            ours = lock(file, wait=True)
        yield file if ours else None
    finally:
        os.close(file)


def _make(builders: int | None) -> Path:
    """A new environment with the project installed, editable; held."""
    _say("setting up .venv (once; a few minutes)")
    made_from, begun = key(), time.monotonic()
    place = _new_folder(made_from)
    try:
        (place / IN_USE).touch()
        hold(place / IN_USE)
        _step("Python's venv", [sys.executable, *VENV, str(place)], builders)
        _step("pip", [str(interpreter(place)), *PIP, "--editable", str(ROOT)], builders)
        _write_hook(place)
        (place / STAMP).write_text(f"{made_from}\n{_version(place)}\n{_file(place)}\n")
    except BaseException:
        import shutil

        shutil.rmtree(place, ignore_errors=True)
        raise
    _say(f".venv is ready ({time.monotonic() - begun:.0f} s)")
    return place


def _new_folder(made_from: str) -> Path:
    for number in itertools.count():
        place = ROOT / f".venv.{made_from[:8]}.{number}"
        with suppress(FileExistsError):
            place.mkdir()
            return place
    raise AssertionError


def _step(name: str, command: list[str], builders: int | None) -> None:
    from scripts.guard import run_guarded

    said = run_guarded(command, ROOT, [] if builders is None else [builders])
    if said:
        _say("\n".join(said), sender="")
        raise SetupError(f"{name} could not set up .venv; its message stands above")


def _write_hook(place: Path) -> None:
    """Let each Python of the environment share its lock, also one that `run.py` does not start."""
    if sys.platform != "win32":
        import sysconfig

        packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(place)}))
        (packages / "exactflow_in_use.py").write_text(HOOK.format(path=str(place / IN_USE)))
        (packages / "exactflow_in_use.pth").write_text("import exactflow_in_use\n")


def _clear(kept: Path) -> None:
    """Delete all other environments that nobody runs in."""
    for place in _folders():
        with suppress(OSError):
            if place == kept or is_held(place / IN_USE):
                continue
            if not place.name.endswith(".gone"):
                # On Windows this fails, rightly, while a program runs from there.
                place = place.rename(f"{place}.gone")
            import shutil

            shutil.rmtree(place, ignore_errors=True)


def _is_linked(place: Path) -> bool:
    link = ROOT / ".venv"
    return link.exists() and link.samefile(place)


def _link(place: Path) -> None:
    """Let `.venv` lead to an environment; a `.venv` of someone else stays."""
    link = ROOT / ".venv"
    if _is_linked(place):
        return
    if sys.platform == "win32":
        import _winapi

        with suppress(OSError):
            link.rmdir()  # a junction; no folder that has content
        if _is_free(link):
            with suppress(OSError):
                _winapi.CreateJunction(str(place), str(link))
    elif _is_free(link):
        new = ROOT / ".venv.link"
        new.unlink(missing_ok=True)
        new.symlink_to(place.name)
        new.replace(link)


def _is_free(link: Path) -> bool:
    """Whether `.venv` may be replaced; a folder that earlier versions made is put aside."""
    if link.is_symlink():
        return NAME.fullmatch(os.readlink(link)) is not None
    if not link.exists():
        return True
    if not (link / STAMP).exists():
        return False
    aside = next(p for n in itertools.count() if not (p := ROOT / f".venv.before{n}").exists())
    link.rename(aside)
    _say(f"the former .venv is {aside.name} now; delete it when nothing runs in it")
    return True


def _say(words: str, sender: str = "exactflow: ") -> None:
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"{sender}{words}", file=sys.stderr, flush=True)
