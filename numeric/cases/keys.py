"""The keys of CASE.json, what other words for them mean, and objects read by their keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numeric import hints
from numeric.absent import absent
from numeric.data.decimals import shown
from numeric.errors import InputError

KEYS = (
    "beta", "activation", "gamma", "eta_u", "eta_w", "x", "y", "X", "targets", "data", "u0", "W0", "init",
    "line_tolerance", "loss", "reduction",
)  # fmt: skip
INIT_KEYS = ("kind", "width", "sigma_u", "sigma_w", "seed")
SYNONYMS = {
    "case": {
        word: key
        for key, words in {
            "'eta_u' and 'eta_w'": "lr eta rate learningrate learningrates lrs stepsize etas rates",
            "'eta_u'": "lru lra etaa lr2 eta2 learningrateu",
            "'eta_w'": "lrw lrb etab lr1 eta1 learningratew",
            "'gamma'": "scale outputscale alpha prefactor multiplier outputmultiplier g kappa",
            "'u0'": "u a a0 v v0 w2 secondlayer outputlayer outputweights readout",
            "'W0'": "w w1 firstlayer hiddenlayer inputlayer inputweights",
            "'u0' and 'W0'": "weights weights0 params parameters theta theta0 statedict",
            "'X'": "xs xtrain inputs input features points trainx",
            "'targets'": "target labels label ys ytrain trainy",
            "'beta'": "power degree exponent p",
            "'activation'": "sigma nonlinearity act phi activationfunction activationfn network model",
            "'loss'": "criterion objective lossfn lossfunction cost costfunction",
            "'reduction'": "reduce aggregation",
            "'line_tolerance'": "tol tolerance rtol atol eps epsilon",
            "'data'": "csv file dataset path datafile csvfile",
            "'init', with the key 'width'": "width d hidden hiddendim hiddensize neurons numneurons",
            "'init', with the key 'seed'": "seed randomseed rng",
            "'init', with the key 'kind'": "kind initialization initialisation weightinit",
            "'init', with the keys 'sigma_u' and 'sigma_w'": "sigmau sigmaw std variance initscale",
        }.items()
        for word in words.split()
    },
    "init": {
        word: key
        for key, words in {
            "'width'": "d n m hidden hiddendim hiddensize neurons numneurons size",
            "'sigma_u' and 'sigma_w'": "sigma std stddev variance scale initscale",
            "'sigma_u'": "stdu sigmaa",
            "'sigma_w'": "stdw sigmab",
            "'kind'": "type distribution scheme name initializer",
            "'seed'": "randomseed rng randomstate",
        }.items()
        for word in words.split()
    },
}


def fields(name: str, content: object, known: Sequence[str]) -> dict[str, Any]:
    """The content of an object whose keys are all known; `name` is "case" or that of the key it has.

    Raises:
        InputError: for an unknown key, with what it may have meant.
    """
    if not isinstance(content, dict):
        raise InputError(name, shown(content), f"an object with keys {', '.join(known)}")
    prefix = "" if name == "case" else f"{name}."
    for key in content:
        if key not in known:
            sentence = absent(key)
            expected = (
                f"{sentence}; keys are {', '.join(known)}"
                if sentence and hints.plain(key) not in map(hints.plain, known)
                else hints.suggestion(key, known, "keys", SYNONYMS[name])
            )
            raise InputError(prefix + key, "an unknown key", expected)
    return content


def required(given: dict[str, Any], name: str, prefix: str = "") -> Any:
    """The value of a key; raises InputError where there is none."""
    if name not in given:
        raise InputError(prefix + name, "nothing", "this key")
    return given[name]
