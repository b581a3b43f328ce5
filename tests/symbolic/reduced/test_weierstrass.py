"""℘ in a closed form of what runs on a quartic: the certificates, and ℘ at numbers."""

import mpmath
import pytest
import sympy
from mpmath import mp, mpf

from symbolic.proof.verdict import is_proved
from symbolic.reduced import elliptic_numbers, weierstrass
from symbolic.reduced.elliptic_numbers import point
from symbolic.reduced.weierstrass import SLOPE, Weierstrass, general

INVARIANTS = [(3, 1), (3, -1), (12, -8), (12, 8), (0, 0), (100, 7), (0, 5), (-4, 2), (-4, 0)]


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(30):
        yield


def altered(**changed):
    found = general()
    fields = ("top", "bottom", "velocity", "g_2", "g_3")
    whole = {name: changed.get(name, getattr(found, name)) for name in fields}
    return weierstrass._proofs(Weierstrass(*whole.values(), ()))


def test_every_term_of_the_solution_is_needed():
    """A coefficient twice as large, one after the other, is not proved."""
    found = general()
    assert all(is_proved(one.verdict) for one in found.certificates)
    for name in ("top", "bottom"):
        for term in getattr(found, name).args:
            wrong = {name: getattr(found, name) + term}
            value = (wrong | {"top": wrong.get("top", found.top)})["top"] / wrong.get(
                "bottom", found.bottom
            )
            wrong["velocity"] = weierstrass._slope(value, found.g_2)
            assert not all(is_proved(one.verdict) for one in altered(**wrong))


@pytest.mark.parametrize("name", ["g_2", "g_3"])
def test_every_term_of_the_invariants_is_needed(name):
    found = general()
    for term in getattr(found, name).args:
        changed = {name: getattr(found, name) + term}
        changed["velocity"] = weierstrass._slope(found.value, changed.get("g_2", found.g_2))
        assert not all(is_proved(one.verdict) for one in altered(**changed))


def test_the_start_is_needed():
    """Of the same curve, the same time later: only what is said of s = 0 fails."""
    found = general()
    turned = {SLOPE: -SLOPE}
    verdicts = {
        one.claim: is_proved(one.verdict)
        for one in altered(
            top=found.top.xreplace(turned), velocity=-found.velocity.xreplace(turned)
        )
    }
    assert list(verdicts.values()) == [True, True, False]


def test_the_invariants_of_a_cubic_in_normal_form_are_its_own():
    g_2, g_3, w, p_0 = sympy.symbols("g_2 g_3 w p_0")
    q = 4 * w**3 - g_2 * w - g_3
    r = [sympy.diff(q, w, k) / sympy.factorial(k) for k in range(1, 5)]
    at = dict(zip(weierstrass.START, (p_0, *r), strict=True))
    for found, known in ((general().g_2, g_2), (general().g_3, g_3)):
        assert sympy.expand(sympy.expand(found.subs(at)).subs(p_0**2, q) - known) == 0


def test_the_invariants_of_a_quartic_are_those_of_its_resolvent():
    """Of v (v − 1)(v − 2)(v − 3): from the products of its roots in pairs."""
    quartic = dict(zip(weierstrass.START, (0, -6, 11, -6, 1), strict=True))
    g_2, g_3 = (g.subs(quartic) for g in (general().g_2, general().g_3))
    pairs = [0 * 1 + 2 * 3, 0 * 2 + 1 * 3, 0 * 3 + 1 * 2]
    mean = sympy.Rational(sum(pairs), 3)
    e = sympy.Symbol("e")
    resolvent = 4 * sympy.prod(e - (mean - one) / 4 for one in pairs)
    assert sympy.expand(resolvent - (4 * e**3 - g_2 * e - g_3)) == 0


@pytest.mark.parametrize(("g_2", "g_3"), INVARIANTS)
def test_the_point_is_on_its_curve_and_moves_as_it_should(g_2, g_3):
    """Against an integrator that knows ℘″ = 6 ℘² − g₂/2 alone, from a pole's own series."""
    g_2, g_3 = mpf(g_2), mpf(g_3)
    first = mpf(1) / 10
    X, Y, Z = point(first, g_2, g_3)
    flow = mpmath.odefun(lambda _, z: [z[1], 6 * z[0] ** 2 - g_2 / 2], first, [X / Z, Y / Z])
    for s in (mpf(1) / 3, mpf(4) / 5):
        X, Y, Z = point(s, g_2, g_3)
        wp, slope = flow(s)
        assert mpmath.almosteq(X / Z, wp, 1e-20)
        assert mpmath.almosteq(Y / Z, slope, 1e-20)
        assert abs(Y**2 * Z - 4 * X**3 + g_2 * X * Z**2 + g_3 * Z**3) < 1e-28


@pytest.mark.parametrize("e", [mpf(1), mpf(-1) / 2, mpf(0)])
def test_where_roots_meet_it_is_elementary(e):
    for s in map(mpf, (0.2, 1.1, 3.7)):
        if e > 0:
            known = e + 3 * e / mpmath.sinh(mpmath.sqrt(3 * e) * s) ** 2
        elif e < 0:
            known = e - 3 * e / mpmath.sin(mpmath.sqrt(-3 * e) * s) ** 2
        else:
            known = s**-2
        X, _, Z = point(s, 12 * e**2, -8 * e**3)
        assert mpmath.almosteq(X / Z, known, 1e-26)
    assert all(is_proved(one.verdict) for one in weierstrass.elementary())


def test_a_period_later_it_is_the_same():
    """4 x³ − 4 x: periods 2K√… by an integral; half a period is a root, a whole one a pole."""
    half = mpmath.quad(lambda x: 1 / mpmath.sqrt(4 * x**3 - 4 * x), [1, 2, mpmath.inf])
    X, Y, Z = point(half, mpf(4), mpf(0))
    assert abs(X / Z - 1) < 1e-12
    assert abs(Y) < 1e-12
    X, Y, Z = point(2 * half, mpf(4), mpf(0))
    assert abs(Z) < 1e-12 < abs(Y)
    near, far = (point(s, mpf(4), mpf(0)) for s in (mpf(1) / 3, mpf(1) / 3 + 20 * half))
    assert mpmath.almosteq(near[0] / near[2], far[0] / far[2], 1e-9)
    assert point(mpf(0), mpf(4), mpf(0)) == (0, 1, 0)


def test_an_altered_series_leaves_the_curve(monkeypatch):
    """What is said of the point is seen to fail."""
    whole = elliptic_numbers._laurent

    def wrong(*given):
        c = list(whole(*given))
        c[5] *= 1 + mpf(10) ** -6
        return tuple(c)

    monkeypatch.setattr(elliptic_numbers, "_laurent", wrong)
    X, Y, Z = point(mpf(4) / 5, mpf(3), mpf(1))
    assert abs(Y**2 * Z - 4 * X**3 + 3 * X * Z**2 + Z**3) > 1e-12
