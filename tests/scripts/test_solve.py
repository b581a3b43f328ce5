"""`solve` as a user runs it: answers, files, one line on stderr and exit code 2 for bad input."""

from __future__ import annotations

import errno
import json
import os
import struct
import subprocess
import sys
import zlib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from numeric.errors import InputError
from scripts import solve as command
from scripts.command import write_whole

ROOT = Path(__file__).resolve().parents[2]
CASE = {
    "gamma": 1, "eta_u": "0.5", "eta_w": 2, "x": [1, "0.5"], "y": 1.5,
    "u0": [0.3, "-0.2"], "W0": [[0.1, 0.2], [0.3, 0.4]],
}  # fmt: skip
# u = w and rates 1: the output is 1 / (1 + (1/0.09 − 1) e^{−4t}).
LOGISTIC = {"gamma": 1, "eta_u": 1, "eta_w": 1, "x": [1], "y": 1, "u0": ["0.3"], "W0": [["0.3"]]}
KEYS = {
    "t", "u", "W", "output", "residual", "loss", "alignment", "norm_u", "norm_W", "alpha", "t_c",
    "limit", "method",
}  # fmt: skip
AT_THE_END = {"output", "residual", "loss", "alignment", "norm_u", "norm_W", "kind"}


@pytest.fixture
def solve(tmp_path):
    """Runs `solve` in an empty folder with a case."""

    def run(*arguments, case=CASE):
        if case is not None:
            text = case if isinstance(case, str) else json.dumps(case)
            (tmp_path / "case.json").write_text(text)
        environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"}
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "scripts.solve", *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def strict(text):
    def refuse(constant):
        raise ValueError(constant)

    return json.loads(text, parse_constant=refuse)


# --- answers ---------------------------------------------------------------------------------------


def test_json_has_exactly_the_promised_keys(solve):
    done = solve("case.json", "--times", "0,0.1,1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    content = strict(done.stdout)
    assert set(content) == KEYS
    assert set(content["limit"]) == {"u", "W", *AT_THE_END}
    assert content["t"] == [0, 0.1, 1]
    assert content["u"][0] == [0.3, -0.2]
    assert content["W"][0] == [[0.1, 0.2], [0.3, 0.4]]
    # 0.3·(0.1 + 0.1) − 0.2·(0.3 + 0.2) = −0.04
    assert content["output"][0] == pytest.approx(-0.04, rel=1e-14)
    assert content["residual"][0] == pytest.approx(-1.54, rel=1e-14)
    assert content["loss"][0] == pytest.approx(1.54**2, rel=1e-14)
    assert (content["method"], content["limit"]["kind"]) == ("balls", "target")
    for key in KEYS - {"t_c", "limit", "method"}:
        assert len(content[key]) == 3
    for k in range(3):
        u, W = content["u"][k], content["W"][k]
        output = sum(a * (row[0] + 0.5 * row[1]) for a, row in zip(u, W, strict=True))
        assert content["output"][k] == pytest.approx(output, rel=1e-12)
        assert content["norm_u"][k] ** 2 == pytest.approx(sum(a * a for a in u), rel=1e-12)
    assert content["limit"]["loss"] == content["limit"]["residual"] == 0
    assert content["limit"]["output"] == 1.5
    ends = sum(a * a for a in content["limit"]["u"])
    assert content["limit"]["norm_u"] ** 2 == pytest.approx(ends, rel=1e-12)


@pytest.mark.parametrize("digits", [7, 60])
def test_digits_are_strings_of_so_many_digits(solve, digits):
    done = solve("case.json", "--times", "0.8", "--digits", str(digits), "--json", case=LOGISTIC)
    assert (done.returncode, done.stderr) == (0, "")
    content = strict(done.stdout)
    with mp.workdps(digits + 10):
        exact = 1 / (1 + (1 / mpf("0.09") - 1) * mpmath.exp(-mpf(16) / 5))
        (printed,) = content["output"]
        assert isinstance(printed, str)
        unit = mpf(10) ** (Decimal(printed).adjusted() - digits + 1)
        assert abs(mpmath.mpmathify(printed) - exact) <= unit
        assert len(printed.lstrip("0.")) == digits
        assert Decimal(content["t"][0]) == Decimal("0.8")
        assert Decimal(content["t_c"]) == 1


def test_data_off_a_line_are_integrated_and_the_table_says_so(solve, tmp_path):
    (tmp_path / "off.json").write_text(json.dumps(OFF_LINE))
    done = solve("off.json", "--times", "0,1", "--json")
    assert done.returncode == 0
    assert "X: found rows off one line" in done.stderr
    content = strict(done.stdout)
    assert content["method"] == "march"
    assert "X: found rows off one line" in content["why"]
    u, W = (np.array(content[key][1]) for key in "uW")
    outputs = np.array(OFF_LINE["X"]) @ W.T @ u * OFF_LINE["gamma"]
    assert content["output"][1] == pytest.approx(outputs, rel=1e-13)
    table = solve("off.json", "--times", "0,1").stdout
    assert "alignment" not in table


def test_without_weights(solve):
    done = solve("case.json", "--times", "0.5", "--json", "--no-weights")
    content = strict(done.stdout)
    assert set(content) == KEYS - {"u", "W"}
    assert set(content["limit"]) == AT_THE_END
    full = strict(solve("case.json", "--times", "0.5", "--json", "--weights").stdout)
    assert {key: full[key] for key in set(content) - {"limit"}} == {
        key: content[key] for key in set(content) - {"limit"}
    }


def test_many_weights_are_left_out_and_said_so(solve, monkeypatch, tmp_path, capsys):
    (tmp_path / "case.json").write_text(json.dumps(CASE))
    monkeypatch.setattr(command, "MANY_NUMBERS", 5)
    arguments = [str(tmp_path / "case.json"), "--times", "0", "--json"]
    assert command.main(arguments) == 0
    said = capsys.readouterr()
    assert "u" not in strict(said.out)
    assert "weights left out" in said.err
    assert command.main([*arguments, "--weights"]) == 0
    assert strict(capsys.readouterr().out)["u"] == [[0.3, -0.2]]


def test_the_table_has_the_numbers(solve):
    done = solve("case.json", "--times", "0,0.5")
    assert (done.returncode, done.stderr) == (0, "")
    assert "-0.206010481" in done.stdout  # −0.04 / |u| |W x| at t = 0
    assert "2.3716" in done.stdout
    assert "t_c = " in done.stdout
    with_weights = solve("case.json", "--times", "0", "--weights")
    assert "u = [0.3, -0.2]" in with_weights.stdout


def test_default_times(solve):
    content = strict(solve("case.json", "--json").stdout)
    assert len(content["t"]) == 21
    assert content["t"][0] == 0
    assert content["t"][-1] == pytest.approx(2 * content["t_c"], rel=0.05)


def test_a_bare_number_is_a_float_and_a_string_is_not(solve):
    outputs = []
    for eta in ("0.1", 0.1):
        case = {**CASE, "eta_u": eta}
        done = solve("case.json", "--times", "0.5", "--digits", "30", "--json", case=case)
        outputs.append(Fraction(strict(done.stdout)["output"][0]))
    relative = abs(outputs[0] - outputs[1]) / abs(outputs[0])
    assert Fraction(1, 10**20) < relative < Fraction(1, 10**15)


def test_a_data_file_lies_beside_the_case(solve, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "points.csv").write_text("0.1,0.2,1\n-0.2,-0.4,-1\n")
    case = {key: value for key, value in CASE.items() if key not in "xy"}
    (tmp_path / "sub" / "case.json").write_text(json.dumps({**case, "data": "points.csv"}))
    done = solve("sub/case.json", "--times", "0", "--json", case=None)
    # W x = (0.05, 0.11), −2 times that; u = (0.3, −0.2).
    f = 0.3 * 0.05 - 0.2 * 0.11
    loss = ((f - 1) ** 2 + (-2 * f + 1) ** 2) / 2
    assert strict(done.stdout)["loss"] == [pytest.approx(loss, rel=1e-12)]


# --- pictures --------------------------------------------------------------------------------------


def test_a_png_is_whole_and_shows_something(solve, tmp_path):
    done = solve("case.json", "--plot", "out/picture.png")
    assert done.returncode == 0
    assert done.stderr == "exactflow: wrote out/picture.png\n"
    data = (tmp_path / "out" / "picture.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, kinds, pixels = 8, [], b""
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(kind + body)
        kinds.append(kind)
        pixels += body if kind == b"IDAT" else b""
        at += 12 + length
    assert kinds[-1] == b"IEND"
    assert len(set(zlib.decompress(pixels))) > 50  # grey, colours, antialiased lines
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["picture.png"]


def test_a_pdf_is_whole(solve, tmp_path):
    done = solve("case.json", "--times", "0,1,2", "--plot", "picture.PDF", "--digits", "20")
    assert (done.returncode, done.stderr) == (0, "exactflow: wrote picture.PDF\n")
    data = (tmp_path / "picture.PDF").read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["case.json", "picture.PDF"]


# --- refusals --------------------------------------------------------------------------------------

OFF_LINE = {key: value for key, value in CASE.items() if key not in "xy"} | {
    "X": [[1, 2], [2, 5]], "targets": [1, 2],
}  # fmt: skip
BAD = {
    "missing file": (["none.json"], CASE, "none.json"),
    "broken JSON": (["case.json"], '{"gamma": 1,}', "line 1"),
    "unknown key": (["case.json"], {**CASE, "gama": 1}, "gama"),
    "duplicate key": (["case.json"], '{"gamma": 1, "gamma": 1}', "gamma"),
    "code": (["case.json"], {**CASE, "gamma": "__import__('os')"}, "gamma"),
    "boolean": (["case.json"], {**CASE, "y": True}, "y"),
    "NaN": (["case.json"], {**CASE, "y": float("nan")}, "y"),
    "zero rate": (["case.json"], {**CASE, "eta_w": 0}, "eta_w"),
    "beta": (["case.json"], {**CASE, "beta": 0}, "beta"),
    "shapes": (["case.json"], {**CASE, "u0": [1]}, "W0"),
    "off the line, digits": (
        ["case.json", "--times", "0", "--digits", "9"], OFF_LINE, "singular value",
    ),
    "missing data": (["case.json"], {k: v for k, v in CASE.items() if k != "y"}, "y"),
    "negative time": (["case.json", "--times", "0,-1"], CASE, "--times, entry 2"),
    "time of text": (["case.json", "--times", "0,1e"], CASE, "--times, entry 2"),
    "no time": (["case.json", "--times", ""], CASE, "--times, entry 1"),
    "digits zero": (["case.json", "--digits", "0"], CASE, "--digits"),
    "digits of text": (["case.json", "--digits", "abc"], CASE, "--digits"),
    "unknown option": (["case.json", "--digit", "3"], CASE, "--digit"),
    "no case": ([], CASE, "CASE.json"),
    "kind of picture": (["case.json", "--plot", "a.gif"], CASE, "--plot"),
    "number beyond float64": (["case.json"], {**CASE, "gamma": "1e400"}, "gamma"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_and_code_2(solve, tmp_path, name):
    arguments, case, field = BAD[name]
    plot = [] if "--plot" in arguments else ["--plot", "picture.png"]
    done = solve(*arguments, *plot, "--json", case=case)
    assert done.stdout == ""
    assert done.returncode == 2
    assert field in done.stderr
    assert done.stderr.endswith("\n")
    assert done.stderr.count("\n") == 1, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["case.json"]


def test_a_picture_that_cannot_be_written_leaves_everything_as_it_was(solve, tmp_path):
    (tmp_path / "file").write_text("a file, not a folder")
    done = solve("case.json", "--plot", "file/picture.png", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "file/picture.png" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.json", "file"]


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")

    def full(self, *_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "chmod", full)
    with pytest.raises(InputError) as caught:
        write_whole(path, b"new")
    assert (caught.value.field, caught.value.found) == (str(path), "No space left on device")
    monkeypatch.undo()
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("picture.png", b"old")]
    write_whole(path, "ζ")
    assert path.read_bytes() == "ζ".encode()


def test_a_picture_replaces_a_whole_one_only(solve, tmp_path):
    (tmp_path / "picture.png").write_bytes(b"old")
    solve("case.json", "--plot", "picture.png", case={**CASE, "eta_u": -1})
    assert (tmp_path / "picture.png").read_bytes() == b"old"
    solve("case.json", "--plot", "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
