"""Two incommensurable frequencies: the residues of the integrand are not constants."""

from itertools import combinations, pairwise

import mpmath
import pytest
import sympy
from mpmath import mp, mpc, mpf

from symbolic.derivation import derivation
from symbolic.network.convexity import ConvexLoss
from symbolic.network.gradient_flow import Flow
from symbolic.proof.certificate import CertificateError
from symbolic.proof.equality import Proved, Undecided, is_proved
from symbolic.warp import transcendence
from symbolic.warp.flow_map import FlowMap
from symbolic.warp.transcendence import (
    DoesNotApply,
    NotElementary,
    _is_flow,
    _never_zero,
    z_1,
    z_2,
    zeta,
)

r = transcendence.ratio
PLACES = (2, 3, "1/3", "1+1j", "-2+1j")


@pytest.fixture(scope="module")
def record():
    return derivation("quadratic")[NotElementary]


def output(a, z):
    """The output u h² of u = a tan(a s), h = a/cos(a s) in z = exp(2 i a s): a³ sin/cos³."""
    return -4j * a**3 * z * (z - 1) / (z + 1) ** 3


def slope(a, z):
    """Its derivative by s, h² (h² + 2 u²) = a⁴ (1 + 2 sin²)/cos⁴."""
    sine, cosine = (z - 1) / (2j * mpmath.sqrt(z)), (z + 1) / (2 * mpmath.sqrt(z))
    return a**4 * (1 + 2 * sine**2) / cosine**4


def partners(ratio, first):
    """All z₂ with f(z₁) + f(z₂) = 1: roots of (1 − f₁)(z + 1)³ + 4i r³ z (z − 1)."""
    left = 1 - output(mpf(1), first)
    cubed = 4j * ratio**3
    return mpmath.polyroots(
        [left, 3 * left + cubed, 3 * left - cubed, left], maxsteps=500, extraprec=200
    )


def residues(ratio, first):
    """1/(D(1 − f)) at every pole in z₂: −1 over the tangent kernel."""
    return [-1 / (slope(mpf(1), first) + slope(ratio, second)) for second in partners(ratio, first)]


def place(text):
    if isinstance(text, str) and "/" in text:
        top, bottom = text.split("/")
        return mpc(top) / mpc(bottom)
    return mpc(complex(text))


def test_the_outputs_by_hand_have_the_slopes_by_hand():
    with mp.workdps(30):
        for a in (mpf(1), mpmath.sqrt(2)):
            at = mpf("0.3")
            moved = mpmath.diff(lambda s: output(a, mpmath.expj(2 * a * s)), at)  # noqa: B023
            assert abs(moved - slope(a, mpmath.expj(2 * a * at))) < mpf(10) ** -20
            u, h = a * mpmath.tan(a * at), a / mpmath.cos(a * at)
            assert abs(output(a, mpmath.expj(2 * a * at)) - u * h**2) < mpf(10) ** -25


def test_the_hand_written_neurons_are_integrated_neurons(orbit):
    """u′ = h², h′ = u h from (0, a): γ = η_u = ρ = 1, η_w = 1/2."""
    with mp.workdps(30):
        u, h = orbit(2, "0", "1", eta_w="1/2").at("1/3")
        assert abs(u - mpmath.tan(mpf(1) / 3)) + abs(h - mpmath.sec(mpf(1) / 3)) < mpf(10) ** -22


@pytest.mark.parametrize("ratio", ["sqrt(2)", "pi/2", "1/3 + sqrt(5)"])
def test_the_residues_are_not_constants(ratio):
    """At different points z₁ of the curve f = 1 they differ, all three of them."""
    with mp.workdps(30):
        value = mpf(sympy.N(sympy.sympify(ratio), 40))
        found = [residues(value, place(first)) for first in PLACES]
        for one, two in combinations(found, 2):
            assert min(abs(a - b) for a in one for b in two) > mpf("1e-4")
            assert abs(mpmath.fsum(one) - mpmath.fsum(two)) > mpf("1e-4")


@pytest.mark.parametrize("ratio", ["sqrt(2)", "2", "7/3"])
@pytest.mark.parametrize("first", PLACES)
def test_the_resultant_vanishes_at_the_residues(record, ratio, first):
    with mp.workdps(30):
        value, at = mpf(sympy.N(sympy.sympify(ratio), 40)), place(first)
        coefficients = [
            sympy.lambdify([r, z_1], c, "mpmath")(value, at)
            for c in sympy.Poly(record.resultant, zeta).all_coeffs()
        ]
        found = residues(value, at)
        assert len(found) == len(coefficients) - 1 == 3
        for residue in found:
            sizes = [abs(c * residue ** (3 - k)) for k, c in enumerate(coefficients)]
            assert abs(mpmath.polyval(coefficients, residue)) < mpf(10) ** -18 * max(sizes)
            assert abs(mpmath.polyval(coefficients, 2 * residue)) > mpf("1e-4") * max(sizes)
        # The record's ratio of coefficients is a symmetric function of them: minus their sum.
        ratio_of = sympy.lambdify([r, z_1], record.coefficient, "mpmath")(value, at)
        symmetric = [
            (-1) ** k * mpmath.fsum(mpmath.fprod(part) for part in combinations(found, k))
            for k in (1, 2, 3)
        ]
        assert min(abs(ratio_of - s) for s in symmetric) < mpf(10) ** -18


def test_a_rational_ratio_has_residues_that_vary_too_but_an_elementary_time():
    """At r = 2 the criterion does not apply: z₂ = z₁², and one variable is left.

    The resultant in two variables does not know that and depends on z₁ as ever; the integrand as a
    function of z₁ alone has constant residues, and t is the sum of logarithms over its roots.
    """
    with mp.workdps(30):
        one, two = (sum(residues(mpf(2), place(first))) for first in (2, 3))
        assert abs(one - two) > mpf("1e-4")
        y, end = mpf(30), mpf(1) / 4

        def f(z):
            return output(mpf(1), z) + output(mpf(2), z**2)

        expected = mpmath.quad(lambda s: 1 / (2 * (y - mpmath.re(f(mpmath.expj(2 * s))))), [0, end])
        z = sympy.Symbol("z")
        top = sympy.expand(
            (30 * (z + 1) ** 3 * (z**2 + 1) ** 3)
            + 4 * sympy.I * z * (z - 1) * (z**2 + 1) ** 3
            + 32 * sympy.I * z**2 * (z**2 - 1) * (z + 1) ** 3
        )
        coefficients = [mpmath.mpmathify(c) for c in sympy.Poly(top, z).all_coeffs()]
        roots = mpmath.polyroots(coefficients, maxsteps=500, extraprec=300)
        place_at_end, total = mpmath.expj(2 * end), mpf(0)
        for root in roots:
            kernel = slope(mpf(1), root) + slope(mpf(2), root**2)
            way = [mpmath.expj(2 * end * k / 64) for k in range(65)]
            turned = mpmath.fsum(
                mpmath.log((after - root) / (before - root)) for before, after in pairwise(way)
            )
            assert abs(mpmath.exp(turned) - (place_at_end - root) / (1 - root)) < mpf(10) ** -20
            total += turned / (2 * kernel)
        assert abs(mpmath.im(total)) < mpf(10) ** -20
        assert abs(end / (2 * y) - mpmath.re(total) - expected) < mpf(10) ** -20


def test_every_certificate_holds_at_every_ratio(record):
    claims = [certificate.claim for certificate in record.certificates]
    assert sum("residues are not constant" in claim for claim in claims) == 1
    assert sum("normal" in claim for claim in claims) == 1
    assert all(is_proved(certificate.verdict) for certificate in record.certificates)


@pytest.mark.parametrize(
    "expression",
    [
        z_1 * r**3 + z_1**2 * r,  # only at r = 0
        z_1**2 + r * z_1,
        z_1 * (r**2 - 2) + (r - 1),
        sympy.I * r * z_1**4,
    ],
)
def test_a_polynomial_that_vanishes_at_no_ratio_is_known(expression):
    assert isinstance(_never_zero(expression), Proved)


@pytest.mark.parametrize(
    "expression",
    [
        (r**2 - 2) * z_1,
        (r**2 - 2) * z_1 + (r**4 - 4),
        (sympy.I * r + sympy.I) * z_1 + (r + 1),
        (sympy.I * r + 1) * z_1 + (r - sympy.I),
        sympy.Integer(0),
        z_1 * 0,
    ],
)
def test_a_polynomial_that_may_vanish_at_a_ratio_is_not_taken(expression):
    assert isinstance(_never_zero(expression), Undecided)


def test_an_output_with_another_slope_is_noticed():
    derived = derivation("quadratic")
    right = -4 * sympy.I * z_1 * (z_1 - 1) / (z_1 + 1) ** 3
    for a, z in ((sympy.Integer(1), z_1), (r, z_2)):
        output_there = a**3 * right.subs(z_1, z)
        assert is_proved(_is_flow(derived[Flow], derived[FlowMap], output_there, a, z))
        # The second agrees at the start, z = 1, with its first derivative.
        for wrong in (2 * output_there, output_there + (z - 1) ** 2):
            assert not is_proved(_is_flow(derived[Flow], derived[FlowMap], wrong, a, z))


def test_the_step_names_what_is_shown(record):
    (step,) = record.steps
    assert "incommensurable" in step.law
    assert not sympy.sympify(record.coefficient).has(z_2)


@pytest.mark.parametrize("name", ["linear", "cubic", "tanh"])
def test_without_exponentials_it_does_not_apply(name):
    derived = derivation(name)
    with pytest.raises(DoesNotApply, match="frequency" if name == "linear" else "exponentials"):
        transcendence.derive(derived[ConvexLoss], derived[Flow], derived.get(FlowMap))


def test_a_warp_that_does_not_fit_is_refused(forge):
    derived = derivation("quadratic")
    wrong = forge(derived[FlowMap], u=2 * derived[FlowMap].u)
    with pytest.raises(CertificateError, match="tangent kernel"):
        transcendence.derive(derived[ConvexLoss], derived[Flow], wrong)
