"""The texts of jobs: of an earlier run where nothing changed, else made in processes and formatted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from symbolic.artefacts import jobs
from symbolic.artefacts.jobs import CLOCKS, COUNTS, NETWORK, Texts
from symbolic.artefacts.pool import Pool
from symbolic.artefacts.stored import Store

# What takes longest is begun with, so that no process is left alone with it at the end.
LONG = (
    *(NETWORK + name for name in ("linear", "cubic", "quadratic", "softplus")), CLOCKS, COUNTS,
    *(NETWORK + name for name in ("swish", "power", "gelu")),
)  # fmt: skip


def make(
    wanted: Sequence[str],
    pool: Pool,
    settings: Path,
    store: Store | None = None,
    done: Callable[[str], None] = lambda job: None,
) -> tuple[dict[str, Texts], set[str]]:
    """The texts of jobs, and which of them are those of an earlier run.

    Args:
        wanted: the jobs.
        pool: where they run.
        settings: the file that says how code is formatted.
        store: of earlier runs; None makes everything anew.
        done: called after each job that was run.

    Raises:
        RefusedError: for the first job, in their order, that nothing can be written from.
    """
    keys = {job: store.key(job) for job in wanted} if store else {}
    kept = {job: store.load(job) if store else None for job in wanted}
    missing = [job for job, content in kept.items() if content is None]
    contents = dict(zip(missing, pool.map(jobs.run, missing, LONG, done), strict=True))
    fresh = _all_formatted({job: jobs.texts_from(contents[job]) for job in missing}, settings)
    if store:
        for job, texts in fresh.items():
            store.keep(job, jobs.as_json(texts), keys[job])
    old = {job: jobs.texts_from(content) for job, content in kept.items() if content is not None}
    return {job: {**old, **fresh}[job] for job in wanted}, set(old)


def _all_formatted(made: Mapping[str, Texts], settings: Path) -> dict[str, Texts]:
    modules = {path: text for texts in made.values() for path, text in texts.modules.items()}
    written = formatted(modules, settings)
    return {
        job: replace(texts, modules={path: written[path] for path in texts.modules})
        for job, texts in made.items()
    }


def formatted(modules: Mapping[str, str], settings: Path) -> dict[str, str]:
    """Modules as the project's formatter leaves them, which is started once for all of them."""
    if not modules:
        return {}
    with TemporaryDirectory() as folder:
        files = {path: Path(folder, f"m{n}.py") for n, path in enumerate(modules)}
        for path, file in files.items():
            file.write_bytes(modules[path].encode())
        command = [sys.executable, "-m", "ruff", "format", "--quiet", "--no-cache"]
        subprocess.run(
            [*command, "--config", settings, folder], check=True, stdin=subprocess.DEVNULL
        )
        return {path: file.read_bytes().decode() for path, file in files.items()}
