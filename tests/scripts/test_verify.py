"""`verify`: bad arguments are refused before anything is simulated; what is printed is complete."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from numeric import catalogue
from scripts import verify, verify_models
from verify.oracle.named.drawn import FAMILIES
from verify.properties import descent
from verify.properties.judge import Found
from verify.properties.outcome import Outcome

ROOT = Path(__file__).resolve().parents[2]


def verified(arguments, folder):
    return subprocess.run(
        [sys.executable, "-m", "scripts.verify", *arguments, "--no-mutants", "--json"],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--problems", "-1"], "--problems"),
        (["--problems", "many"], "--problems"),
        (["--problems", "2.5"], "--problems"),
        (["--seed", "x"], "--seed"),
        (["--seed", "-1"], "--seed"),
        (["--spread", "wide"], "--spread"),
        (["--spread", "nan"], "--spread"),
        (["--spread", "-1"], "--spread"),
        (["--network", "qubic"], "'cubic', perhaps"),
        (["--network", "cubic", "--network", "power0"], "--network"),
        (["--network"], "--network"),
        (["--loss", "logistik"], "'logistic', perhaps"),
        (["--loss", "huber", "--loss", "mse"], "'square', perhaps"),
        (["--loss"], "--loss"),
        (["--reduction", "median"], "--reduction"),
        (["--mutant"], "--mutant"),
        (["extra"], "extra"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_arguments_are_one_line_and_code_2(arguments, named, tmp_path):
    done = verified(arguments, tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_json_has_properties_branches_and_what_was_left_out(tmp_path):
    done = verified(["--network", "exponential", "--problems", "0"], tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["mutants"] == {}
    (found,) = report["networks"].values()
    names = {one["name"] for one in found["properties"]}
    assert {"agrees_with_descent", "keeps_its_laws", "has_the_measured_field"} <= names
    assert all(one["holds"] and one["cases"] > 0 for one in found["properties"])
    assert found["branches"] == {}
    assert found["left_out"]["ignores_the_order_of_neurons"] == {"one neuron has one order": 4}


@pytest.mark.slow
def test_a_loss_is_named_beside_the_network_and_its_mutants_are_not_a_network_s(tmp_path):
    arguments = ["--network", "sine", "--loss", "huber", "--reduction", "sum", "--problems", "0"]
    done = verified(arguments, tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    (found,) = report["networks"].values()
    assert list(report["networks"]) == ["sine, huber (sum)"]
    assert all(one["holds"] and one["cases"] > 0 for one in found["properties"])
    assert descent.KINKS in found["left_out"]["ends_where_descent_ends"]


def test_losses_are_named_once_and_all_is_all():
    assert verify.wanted_losses(None) == ["square"]
    assert verify.wanted_losses(["huber", "square", "huber"]) == ["huber", "square"]
    assert verify.wanted_losses(["huber", "all"]) == catalogue.losses()


def test_every_network_is_verified_unless_some_are_named():
    assert verify.wanted(None) == [*catalogue.names(), "power4", "power5"]
    assert verify.wanted(["tanh", "power7", "tanh"]) == ["tanh", "power7"]


GOOD = Outcome("one", 0.5, 3, "")


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        (Found([GOOD], {"c > 0": 1}), True),
        (Found([GOOD], {"c > 0": 1, "c < 0, growing": 0}), False),
        (Found([GOOD, Outcome("two", 1.5, 3, "")], {}), False),
        (Found([GOOD, Outcome("none", 0.0, 0, "")], {}), False),
        (Found([GOOD], {}, verdicts=[]), False),  # no mutant was tried
    ],
)
def test_a_failure_of_any_kind_fails_the_command(found, holds, capsys):
    assert found.holds == holds
    verify.show({"cubic": found})
    assert ("NONE" in capsys.readouterr().out) == (0 in found.branches.values())


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--model", "chains"], "'chain', perhaps"),
        (["--model", "xy"], "one of chain, deep_linear, relu_neuron, single_neuron"),
        (["--model", "chain", "--network", "cubic"], "--network"),
        (["--model", "chain", "--loss", "huber"], "--loss"),
        (["--model"], "--model"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_model_that_cannot_be_verified_is_one_line_and_code_2(arguments, named, tmp_path):
    done = verified(arguments, tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def test_models_are_named_once_and_all_is_all():
    every = ["chain", "deep_linear", "relu_neuron", "single_neuron"]
    assert verify_models.wanted(["relu_neuron", "chain", "relu_neuron"]) == ["relu_neuron", "chain"]
    assert verify_models.wanted(["chain", "all"]) == every == sorted(FAMILIES)


@pytest.mark.slow
def test_a_model_is_verified_as_networks_are(tmp_path):
    done = verified(["--model", "relu_neuron", "--problems", "1"], tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["mutants"] == {}
    assert list(report["networks"]) == ["relu_neuron"]
    found = report["networks"]["relu_neuron"]
    names = {one["name"] for one in found["properties"]}
    assert {"agrees_with_descent", "passes_zero", "drifts_exactly", "keeps_its_digits"} <= names
    assert all(one["holds"] and one["cases"] > 0 for one in found["properties"])
    assert (found["branches"], "has_order_one" in found["left_out"]) == ({}, True)
