"""The keys of CASE.json, and what other words for them mean."""

from __future__ import annotations

KEYS = (
    "beta", "activation", "gamma", "eta_u", "eta_w", "x", "y", "X", "targets", "data", "u0", "W0", "init",
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
