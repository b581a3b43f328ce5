"""What was found without rates, at all rates: a law or a symmetry of plain gradients, for any rates η.

Symmetries of the outputs know nothing of rates: dθ/dε = A θ + b as it was found. Laws and isometries do,
dθ/dt = −η ∂L/∂θ, and are carried over in two cases:

* no product of weights of different rates in it: h = Σ_g h_g(θ_g) is a law of plain gradients if and
  only if Σ_g h_g(θ_g)/η_g is one at rates η_g;
* all fields homogeneous in the weights of every rate: then φ = θ/√η moves along plain gradients.

Elsewhere it holds at equal rates, and nothing is said of others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sympy
from sympy import Expr
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement, PolyRing

from symbolic.architecture.fields import Field, Terms
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import number, rate, weight
from symbolic.laws.ansatz import Law
from symbolic.proof.verdict import Proved, Undecided, Verdict

Powers = dict[str, int]
"""Powers of the roots of rates, by the rate's name."""


def are_homogeneous(fields: Sequence[Field], rates: Sequence[str]) -> bool:
    """Whether each field is the gradient of what is homogeneous in the weights of every rate."""
    for one in fields:
        degrees = set()
        for i, entry in one.items():
            for m in entry:
                degree: Powers = defaultdict(int)
                degree[rates[i]] += 1
                for name, exponent in zip(rates, m, strict=True):
                    degree[name] += exponent
                degrees.add(tuple(sorted((name, e) for name, e in degree.items() if e)))
        if len(degrees) > 1:
            return False
    return True


def roots_below(instance: Instance, law: Law, is_homogeneous: bool) -> list[Powers] | None:
    """By which powers of roots of rates each monomial of a law is divided; None where nothing is known.

    Args:
        instance: whose rates.
        law: of plain gradients.
        is_homogeneous: whether the fields are, in the weights of every rate.
    """
    if len(set(instance.rates)) == 1:
        return [{} for _ in law]
    own = [{instance.rates[i] for i in factors} for factors in law]
    if all(len(names) == 1 for names in own):
        return [{next(iter(names)): 2} for names in own]
    if not is_homogeneous:
        return None
    found = []
    for factors in law:
        powers: Powers = defaultdict(int)
        for i in factors:
            powers[instance.rates[i]] += 1
        found.append(dict(powers))
    return found


def law_at_rates(instance: Instance, law: Law, is_homogeneous: bool) -> Expr | None:
    """A law in the weights and all rates; None where it is known at equal rates alone.

    Args:
        instance: whose weights and rates.
        law: of plain gradients.
        is_homogeneous: whether the fields are, in the weights of every rate.
    """
    below = roots_below(instance, law, is_homogeneous)
    if below is None:
        return None
    return sympy.Add(
        *(
            number(c)
            * sympy.Mul(*(weight(instance.names[i]) for i in factors))
            / sympy.Mul(*(sympy.sqrt(rate(name)) ** k for name, k in powers.items()))
            for (factors, c), powers in zip(law.items(), below, strict=True)
        )
    )


def is_law_at_rates(
    instance: Instance, fields: Sequence[Field], law: Law, is_homogeneous: bool
) -> Verdict:
    """Whether Σ_i η_i ∂h/∂θ_i ∂c/∂θ_i = 0 for every field, as polynomials in weights and roots of rates.

    Args:
        instance: whose weights and rates.
        fields: plain gradients, up to factors.
        law: of these.
        is_homogeneous: whether the fields are, in the weights of every rate.
    """
    below = roots_below(instance, law, is_homogeneous)
    if below is None:
        return Undecided("weights of different rates meet in it")
    names = list(dict.fromkeys(instance.rates))
    D = instance.weights
    ring = PolyRing([*(f"w{i}" for i in range(D)), *(f"e{k}" for k in range(len(names)))], QQ)
    gens = list(ring.gens)
    w, root = gens[:D], dict(zip(names, gens[D:], strict=True))
    most = {name: max((powers.get(name, 0) for powers in below), default=0) for name in names}
    h = ring.zero
    for (factors, c), powers in zip(law.items(), below, strict=True):
        term = ring.one * QQ(int(c.p), int(c.q))
        for i in factors:
            term = term * w[i]
        for name in names:  # times the same powers everywhere
            term = term * root[name] ** (most[name] - powers.get(name, 0))
        h += term
    slopes = {i: s * root[instance.rates[i]] ** 2 for i in range(D) if (s := h.diff(w[i])) != 0}
    for one in fields:
        total = ring.zero
        for i, entry in one.items():
            if i in slopes:
                total += slopes[i] * _polynomial(ring, w, entry)
        if total != 0:
            return Undecided("a field moves it")
    return Proved("polynomials in weights and roots of rates")


def _polynomial(ring: PolyRing, w: Sequence[PolyElement], entry: Terms) -> PolyElement:
    found = ring.zero
    for m, c in entry.items():
        term = ring.one * QQ(int(c.p), int(c.q))
        for value, exponent in zip(w, m, strict=True):
            if exponent:
                term = term * value**exponent
        found += term
    return found
