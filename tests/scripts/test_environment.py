"""The environment: made once whoever calls, whole or not at all, never taken from under a process."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import signal
import subprocess
import time

import pytest

from scripts import environment

BEGINS = "setting up .venv"
WAITS = "waiting for another start"


@pytest.fixture
def project(tiny_project):
    """A project that is quickly set up, and was."""
    project = tiny_project(quick=True)
    done = project.run()
    assert (done.returncode, done.stderr.count(BEGINS)) == (0, 1), done.stderr
    return project


def works(project, python):
    """Start a command; returns what the set-up said."""
    done = project.run("a", python=python)
    assert done.returncode == 0, done.stderr
    _, prefix, folder, argument = done.stdout.split()
    assert (folder, argument) == (str(project.root), "a")
    assert [prefix] == [str(place) for place in project.environments()], "one, and in it"
    assert os.path.realpath(project.root / ".venv") == prefix
    return done.stderr


def nothing_is_being_built(project):
    """Wait until no process of a set-up lives: each of them has the builders' lock."""
    with (project.root / ".venv.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)


def test_an_environment_that_works_is_left_alone_whatever_interpreter_calls(project, pythons):
    before = [place.stat().st_ctime_ns for place in project.environments()]
    assert [works(project, python) for python in [*pythons, *pythons]] == [""] * 4
    assert [place.stat().st_ctime_ns for place in project.environments()] == before


@pytest.mark.parametrize("damage", ["gone", "dangling", "broken", "other version"])
def test_an_interpreter_that_is_gone_or_another_is_noticed(project, pythons, damage):
    (place,) = project.environments()
    python = place / "bin" / "python"
    python.unlink()
    if damage == "dangling":
        python.symlink_to("/nowhere/python3")
    elif damage != "gone":
        python.write_text("#!/bin/sh\n" + ("exit 1\n" if damage == "broken" else "echo other-1\n"))
        python.chmod(0o755)
    assert BEGINS in works(project, pythons[1])


@pytest.mark.parametrize("stamp", [b"", b"\xff\x00", b"one two three", None])
def test_an_environment_without_a_right_stamp_does_not_count(project, pythons, stamp):
    (place,) = project.environments()
    if stamp is None:
        (place / "exactflow-key").unlink()
    else:
        (place / "exactflow-key").write_bytes(stamp)
    assert BEGINS in works(project, pythons[0])


def test_a_checkout_that_was_moved_is_set_up_anew(project, pythons):
    home = project.root
    project.root = home.with_name("elsewhere")
    home.rename(project.root)
    try:
        assert BEGINS in works(project, pythons[0])
    finally:
        project.root.rename(home)
        project.root = home
    assert BEGINS in works(project, pythons[0])


@pytest.mark.parametrize("how", ["run.py", "directly"])
def test_a_process_keeps_its_environment_when_another_replaces_it(project, pythons, how):
    (old,) = project.environments()
    if how == "run.py":
        running = project.start("--wait")
    else:
        command = [str(old / "bin" / "python"), "scripts/solve.py", "--wait"]
        running = subprocess.Popen(
            command, cwd=project.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    with running:
        assert str(old) in running.stdout.readline()
        project.change()
        done = project.run(python=pythons[1])
        assert (done.returncode, done.stderr.count(BEGINS)) == (0, 1)
        assert old in project.environments()
        running.stdin.close()
        assert running.stdout.readline().startswith(str(old))  # what it imports late is still there
        assert running.wait() == 0
    assert works(project, pythons[0]) == ""  # and now nothing is left of the old one


def test_a_link_that_is_gone_is_made_again(project, pythons):
    (project.root / ".venv").unlink()
    assert works(project, pythons[1]) == ""


def test_what_is_not_ours_stays(project, pythons):
    """A `.venv` or a `.venv.mine` of the user's; a folder that an earlier version made is put aside."""
    link = project.root / ".venv"
    (place,) = project.environments()
    link.unlink()
    link.mkdir()
    mine = project.root / ".venv.mine"
    (mine / "content").mkdir(parents=True)
    assert project.run(python=pythons[0]).stderr == ""
    assert list(link.iterdir()) == []
    (place / "exactflow-key").unlink()
    assert f"the environment is {place.name[:-1]}1" in project.run(python=pythons[0]).stderr
    assert list(link.iterdir()) == []
    (link / "exactflow-key").touch()
    said = project.run(python=pythons[0]).stderr
    assert ".venv.before0" in said
    assert said.count("\n") == 1
    assert (project.root / ".venv.before0" / "exactflow-key").exists()
    assert (mine / "content").exists()
    shutil.rmtree(mine)
    shutil.rmtree(project.root / ".venv.before0")
    assert works(project, pythons[0]) == ""


@pytest.mark.slow
def test_a_failed_installation_is_told_without_traceback_and_leaves_nothing(tiny_project):
    project = tiny_project()
    backend = project.root / "backend.py"
    text = backend.read_text()
    backend.write_text(
        text.replace("    kind =", "    raise OSError('no wheel today')\n    kind =")
    )
    done = project.run()
    assert (done.returncode, done.stdout) == (1, "")
    assert "no wheel today" in done.stderr
    assert "Traceback" not in done.stderr
    assert 'File "' not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("exactflow: pip could not set up .venv")
    assert project.environments() == []


# --- by force ---------------------------------------------------------------------------------------


def kill_at_random(processes, chance, longest):
    """Kill some, the first among them, alone or with all their group, at moments of the first seconds."""
    begun = time.monotonic()
    doomed = sorted(
        (chance.uniform(0, longest), chance.random() < 0.5, p.pid, p) for p in processes
    )
    for moment, group, pid, process in doomed:
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        if process.poll() is None:
            (os.killpg if group else os.kill)(pid, signal.SIGKILL)


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.slow
def test_ten_starts_at_once_make_one_environment(tiny_project, pythons, quick):
    project = tiny_project(quick=quick)
    starts = [project.start(python=pythons[i % 2]) for i in range(10)]
    ends = [start.communicate() for start in starts]
    assert [start.returncode for start in starts] == [0] * 10, ends
    (place,) = project.environments()
    assert {out.split()[1] for out, _ in ends} == {str(place)}
    said = [err.splitlines() for _, err in ends]
    builders = [lines for lines in said if any(BEGINS in line for line in lines)]
    assert [len(lines) for lines in builders] == [2]
    assert all(len(lines) <= 1 for lines in said if lines not in builders)
    assert all(WAITS in line for lines in said if lines not in builders for line in lines)
    if not quick:
        for folder in (".venv", place.name):
            program = [project.root / folder / "bin" / "tiny"]
            done = subprocess.run(program, capture_output=True, text=True, check=True)
            assert (done.stdout, done.stderr) == ("a program\n", "")


@pytest.mark.parametrize(("seed", "quick"), [(0, False), *((seed, True) for seed in range(1, 7))])
@pytest.mark.slow
def test_when_some_of_ten_starts_are_killed_the_others_and_all_later_ones_work(
    tiny_project, pythons, seed, quick
):
    project = tiny_project(quick=quick)
    chance = random.Random(seed)
    starts = [project.start(python=pythons[i % 2]) for i in range(10)]
    killed = chance.sample(range(10), 5)
    kill_at_random([starts[i] for i in killed], chance, longest=1 if quick else 4)
    ends = [start.communicate() for start in starts]
    for i, start in enumerate(starts):
        assert start.returncode == 0 or (i in killed and start.returncode == -signal.SIGKILL), ends
    nothing_is_being_built(project)
    for python in pythons:
        works(project, python)


@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize("moment", [0.0, 0.3])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_set_up_that_is_stopped_ends_with_all_it_started(
    tiny_project, pythons, number, group, moment
):
    """Stopped alone or with its group: what it started ends, and the next start works."""
    project = tiny_project(quick=True)
    module = project.root / "scripts" / "environment.py"
    module.write_text(module.read_text().replace("sleep(0.2)", "sleep(500)"))
    with project.start(python=pythons[0]) as start:
        assert BEGINS in start.stderr.readline()
        time.sleep(moment)
        (os.killpg if group else os.kill)(start.pid, number)
        assert start.wait() == (130 if number == signal.SIGINT else -number)
        assert start.stderr.read() == ""
    nothing_is_being_built(project)
    if number == signal.SIGINT:
        assert project.environments() == []
    module.write_text(module.read_text().replace("sleep(500)", "sleep(0)"))
    assert BEGINS in works(project, pythons[1])


def test_the_interpreter_of_the_stamp_is_not_started_and_another_one_is_asked(
    tmp_path, monkeypatch
):
    python = environment.interpreter(tmp_path)
    python.parent.mkdir()
    python.touch()
    monkeypatch.setattr(environment, "_version", lambda place: "what it said")
    known = environment._file(tmp_path)
    assert environment._works(tmp_path, ["key", "version", known])
    assert environment._works(tmp_path, ["key", "what it said"])  # a stamp without the file
    os.utime(python, (1, 1))
    assert not environment._works(tmp_path, ["key", "version", known])
    assert environment._works(tmp_path, ["key", "what it said", known])
    python.unlink()
    assert not environment._works(tmp_path, ["key", "version", known])
    assert not environment._works(tmp_path, ["key", "version"])
