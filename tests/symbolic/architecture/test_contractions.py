"""Contractions: equal ones have one form, others do not."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
import torch

from symbolic.architecture.contractions import Contraction, Letter
from symbolic.architecture.sizes import Size

N = 2
A, B, T, u, v, c = map(Letter, "ABTuvc")
AXES = {A: 2, B: 2, T: 3, u: 1, v: 1, c: 0}
POINT = torch.Generator().manual_seed(0)
VALUES = {
    name: torch.randint(-4, 5, [N] * axes, generator=POINT).double() + 0.5
    for name, axes in AXES.items()
}


def drawn(draw):
    """Up to five factors, few indices, so that many stand several times."""
    names = draw.choices(list(AXES), k=draw.randint(1, 5))
    indices = draw.randint(1, 5)
    factors = tuple(
        (name, tuple(draw.randrange(indices) for _ in range(AXES[name]))) for name in names
    )
    there = sorted({i for _, own in factors for i in own})
    free = tuple(draw.choice(there) for _ in range(draw.randint(0, 2))) if there else ()
    return Contraction(free, factors)


def value(one):
    operands = [part for name, own in one.factors for part in (VALUES[name], list(own))]
    return torch.einsum(*operands, list(dict.fromkeys(one.free)))


@pytest.mark.parametrize("seed", range(200))
def test_another_order_and_other_names_are_the_same(seed):
    draw = random.Random(seed)
    one = drawn(draw)
    names = list(range(10, 30))
    draw.shuffle(names)
    factors = list(one.factors)
    draw.shuffle(factors)
    other = one._replace(factors=tuple(factors)).renamed(dict(enumerate(names)))
    form = one.canonical()
    assert other.canonical() == form == form.canonical()
    assert torch.equal(value(form), value(one))


def test_different_ones_stay_different():
    """By brute force: all products of three of these letters, compared by all renamings."""
    letters = ((A, 2), (A, 2), (u, 1))
    places = sum(axes for _, axes in letters)
    forms = {}
    for labels in itertools.product(range(3), repeat=places):
        at, factors = 0, []
        for name, axes in letters:
            factors.append((name, labels[at : at + axes]))
            at += axes
        least = min(
            tuple(sorted((f, tuple(names[i] for i in own)) for f, own in factors))
            for names in itertools.permutations(range(3))
        )
        forms.setdefault(least, set()).add(Contraction((), tuple(factors)).canonical())
    assert all(len(found) == 1 for found in forms.values())
    every = [next(iter(found)) for found in forms.values()]
    assert len(set(every)) == len(forms) > 20


def test_branches_that_look_alike_are_not_tried_in_all_orders():
    """u·(B v)³⁰ has 30! orders."""
    factors = ((u, (0,)),)
    for k in range(1, 31):
        factors += ((B, (0, k)), (v, (k,)))
    shuffled = tuple(sorted(factors, key=lambda one: -one[1][-1]))
    assert Contraction((), factors).canonical() == Contraction((), shuffled).canonical()


def test_a_trace_is_the_same_for_all_rotations():
    ring = [(A, (k, (k + 1) % 6)) for k in range(6)]
    turned = [(A, ((k + 2) % 6, (k + 3) % 6)) for k in reversed(range(6))]
    assert Contraction((), tuple(ring)).canonical() == Contraction((), tuple(turned)).canonical()
    other = [(A, ((k + 1) % 6, k)) for k in range(5)] + [(A, (5, 0))]
    assert Contraction((), tuple(ring)).canonical() != Contraction((), tuple(other)).canonical()


def test_what_looks_alike_and_is_not_is_told_apart():
    """Frucht's graph: each index is in three pairs, and no two of them are the same to the others."""
    steps = (-5, -2, -4, 2, 5, -2, 2, 5, -2, -5, 4, 2)
    edges = {frozenset((k, (k + 1) % 12)) for k in range(12)}
    edges |= {frozenset((k, (k + step) % 12)) for k, step in enumerate(steps)}
    assert len(edges) == 18
    factors = [(A, pair) for edge in edges for pair in (tuple(edge), tuple(edge)[::-1])]
    forms = set()
    for seed in range(12):
        names = list(range(12))
        draw = random.Random(seed)
        draw.shuffle(names)
        draw.shuffle(factors)
        forms.add(Contraction((), tuple(factors)).renamed(dict(enumerate(names))).canonical())
    assert len(forms) == 1


def test_an_index_that_stands_nowhere_counts_its_size():
    n = Size.of("n")
    ones = Contraction((0,)).summed(0, n)
    assert ones == Contraction((), (), ((n, 1),))
    assert ones.times(Contraction((), (), ((n, -1),))) == Contraction(())
    identity = Contraction((0, 0))
    assert identity.summed(1, n) == Contraction((0,))


def test_letters_that_count_otherwise_are_others():
    half = A.counting(Fraction(1, 2))
    assert half.counting(Fraction(-2)).counts == -1
    one, other = (Contraction((0, 1), ((letter, (0, 1)),)) for letter in (A, half))
    assert one.canonical() != other.canonical()
