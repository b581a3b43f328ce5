"""Classes of quadratic systems, on systems of which the class is known."""

import itertools
import random

import pytest
from flint import fmpq

from symbolic.laws.recognition import NONE, recognised


def system(*equations):
    return [{m: fmpq(c) for m, c in one.items()} for one in equations]


def matrix_riccati(n):
    """DZ = F Z + Z Fᵀ − Z B Z of symmetric matrices with whole entries, written out."""
    draw = random.Random(n)
    F = [[draw.randint(-3, 3) for _ in range(n)] for _ in range(n)]
    half = [[draw.randint(-3, 3) for _ in range(n)] for _ in range(n)]
    B = [[half[a][b] + half[b][a] for b in range(n)] for a in range(n)]
    pairs = [(a, b) for a in range(n) for b in range(a, n)]
    z = {p: k for k, p in enumerate(pairs)} | {(b, a): k for k, (a, b) in enumerate(pairs)}
    found = []
    for a, b in pairs:
        one = {}
        for k in range(n):
            for c, place in ((F[a][k], z[k, b]), (F[b][k], z[a, k])):
                one[place,] = one.get((place,), 0) + c
        for k, l in itertools.product(range(n), repeat=2):
            place = tuple(sorted((z[a, k], z[l, b])))
            one[place] = one.get(place, 0) - B[k][l]
        found.append(one)
    return system(*found)


@pytest.mark.parametrize(
    ("equations", "kind"),
    [
        ([{(): 2, (0,): 1}, {(0,): 1, (1,): -1}], "linear"),
        ([{(0,): 2, (0, 0): -1}], "logistic"),
        ([{(0,): 1, (0, 1): -1}, {(1,): -1, (0, 1): 1}], "Lotka-Volterra"),
        ([{(): 1, (0, 0): -1}], "Riccati"),
        ([{(): 1, (0, 0, 0): -1}], "separable"),
        ([{(1, 1): 1}, {(0, 0): 1}], NONE),
        ([{(1, 2): 1}, {(0, 2): -2}, {(0, 1): 1}], NONE),  # the Euler top
        ([{(0,): 2, (0, 0): -1}, {(): 1, (1, 1): -1}], "logistic and Riccati"),
    ],
)
def test_small_systems(equations, kind):
    assert recognised(system(*equations)) == kind


@pytest.mark.parametrize("n", [2, 3, 4])
def test_matrix_riccati(n):
    found = matrix_riccati(n)
    assert recognised(found) == "matrix Riccati"


@pytest.mark.parametrize("n", [2, 3])
def test_an_altered_matrix_riccati_is_none(n):
    found = matrix_riccati(n)
    for k, equation in enumerate(found):
        for place in [m for m in equation if len(m) == 2]:
            altered = list(found)
            altered[k] = equation | {place: equation[place] + 1}
            assert recognised(altered) == NONE


def test_projective_riccati():
    """Dz = z ⟨b, z⟩ + A z + a: all quadratic fields are z times a linear form, and commute."""
    n = 5
    found = system(
        *(
            {tuple(sorted((i, j))): j + 1 for j in range(n)} | {(): i, ((i + 1) % n,): 2}
            for i in range(n)
        )
    )
    assert recognised(found) == "matrix Riccati"
