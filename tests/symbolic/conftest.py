"""Small explicit networks, integrated without the derivation, and expressions as numbers."""

import copy
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

import mpmath
import pytest
import sympy
from mpmath import mp, mpf

from symbolic import vocabulary as z
from symbolic.derivation import derivation
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime

DIGITS = 30


def exact(value):
    """A fraction as an mpmath number at the current precision; such a number as it is."""
    if isinstance(value, mpf):
        return value
    fraction = Fraction(value)
    return mpf(fraction.numerator) / fraction.denominator


def dot(left, right):
    return mpmath.fsum(a * b for a, b in zip(left, right, strict=True))


@dataclass(frozen=True)
class Point:
    """Weights of a network and what can be measured on them, written by hand."""

    network: "Network"
    u: list
    W: list

    @property
    def h(self):
        return [dot(row, self.network.inputs) for row in self.W]

    @property
    def omega(self):
        return [h / self.network.rho for h in self.h]

    @property
    def f(self):
        return exact(self.network.gamma) * dot(self.u, self.h)

    @property
    def residual(self):
        return self.f - exact(self.network.y)

    @property
    def p(self):
        root_u, root_w = self.network.roots
        return [(root_u * o + root_w * u) / 2 for u, o in zip(self.u, self.omega, strict=True)]

    @property
    def q(self):
        root_u, root_w = self.network.roots
        return [(root_u * o - root_w * u) / 2 for u, o in zip(self.u, self.omega, strict=True)]


@dataclass(frozen=True)
class Network:
    """f = γ Σ u_i w_ij x_j with loss (f − y)², all exact; `time` is how long it is trained."""

    name: str
    gamma: str
    eta_u: str
    eta_w: str
    x: tuple
    y: str
    u: tuple
    W: tuple
    time: str

    @property
    def inputs(self):
        return [exact(value) for value in self.x]

    @property
    def rho(self):
        return mpmath.sqrt(dot(self.inputs, self.inputs))

    @property
    def roots(self):
        return mpmath.sqrt(exact(self.eta_u)), mpmath.sqrt(exact(self.eta_w))

    @property
    def start(self):
        return self.point(
            [*map(exact, self.u), *(exact(value) for row in self.W for value in row)],
        )

    def point(self, flat):
        d, d0 = len(self.u), len(self.x)
        rows = [list(flat[d + k * d0 : d + (k + 1) * d0]) for k in range(d)]
        return Point(self, list(flat[:d]), rows)

    def loss(self, *flat):
        return self.point(flat).residual ** 2

    def velocity(self, flat):
        """−η ∂L/∂θ, weight by weight."""
        at = self.point(flat)
        common = -2 * at.residual * exact(self.gamma)
        by_u = [exact(self.eta_u) * common * h for h in at.h]
        by_w = [exact(self.eta_w) * common * u * x for u in at.u for x in self.inputs]
        return [*by_u, *by_w]

    @cached_property
    def end(self):
        """The weights at `time`, by Taylor series."""
        with mp.workdps(DIGITS):
            at = self.start
            flat = [*at.u, *(value for row in at.W for value in row)]
            return self.point(mpmath.odefun(lambda t, w: self.velocity(w), 0, flat)(self.t))

    @property
    def t(self):
        return exact(self.time)

    @property
    def alpha(self):
        """p(t)²/p(0)², or by q where all p are zero."""
        before, after = self.start, self.end
        if any(before.p):
            return dot(after.p, after.p) / dot(before.p, before.p)
        return dot(before.q, before.q) / dot(after.q, after.q)

    @property
    def values(self):
        """The symbols of the notation table that the start fixes."""
        at, d = self.start, len(self.u)
        return {
            z.gamma: exact(self.gamma),
            z.eta_u: exact(self.eta_u),
            z.eta_w: exact(self.eta_w),
            z.rho: self.rho,
            z.y: exact(self.y),
            z.d: mpf(d),
            z.P: dot(at.p, at.p) / d,
            z.Q: dot(at.q, at.q) / d,
            z.pq: dot(at.p, at.q) / d,
            z.residual_0: at.residual,
            z.t: self.t,
        }

    def __str__(self):
        return self.name


NETWORKS = (
    Network("one weight each, alpha grows", "1", "1", "1", ("1",), "2", ("1/2",), (("1/3",),), "1/4"),
    Network(
        "alpha falls", "1/2", "3/2", "2/3", ("1", "-2", "1/3"), "-2",
        ("1/3", "-1/2"), (("1/4", "1/5", "-1/7"), ("2/3", "1/9", "1/2")), "1/5",
    ),
    Network(
        "negative scale", "-1/2", "2", "1/3", ("3/5", "1/2"), "3/2",
        ("1/2", "-2/3", "1/4"), (("1/3", "1"), ("-1/2", "1/5"), ("1", "-1/6")), "1/3",
    ),
    Network(
        "P = 0, into the saddle", "1", "1", "1", ("2",), "1",
        ("1/2", "-1/3"), (("-1/2",), ("1/3",)), "1/8",
    ),
    Network(
        "P = 0, to the target", "1", "1", "1", ("3", "4"), "-1/2",
        ("-3/10",), (("1/2", "0"),), "1/16",
    ),
    Network(
        "Q = 0, into the saddle", "1", "1", "1", ("3", "4"), "-1",
        ("3/10", "1/5"), (("1/2", "0"), ("0", "1/4")), "1/32",
    ),
)  # fmt: skip


def normal(h):
    """The cumulative normal distribution."""
    return (1 + mpmath.erf(h / mpmath.sqrt(2))) / 2


def power(beta):
    """σ(h) = h^β and its slope."""
    return lambda h: h**beta, lambda h: beta * h ** (beta - 1)


# σ and σ′, written by hand; two pairs, for h > 0 and for h < 0, where σ has a kink
SIGMAS = {
    "cubic": power(3),
    "erf": (mpmath.erf, lambda h: 2 * mpmath.exp(-(h**2)) / mpmath.sqrt(mpmath.pi)),
    "exponential": (mpmath.exp, mpmath.exp),
    "gelu": (lambda h: h * normal(h), lambda h: normal(h) + h * mpmath.npdf(h)),
    "leaky_relu": (power(1), (lambda h: h / 100, lambda h: mpf(1) / 100)),
    "linear": power(1),
    "power": power(5),
    "quadratic": power(2),
    "relu": (power(1), (lambda h: mpf(0), lambda h: mpf(0))),
    "sine": (mpmath.sin, mpmath.cos),
    "softplus": (lambda h: mpmath.log(1 + mpmath.exp(h)), lambda h: 1 / (1 + mpmath.exp(-h))),
    "swish": (lambda h: h / (1 + mpmath.exp(-h)),
              lambda h: (1 + mpmath.exp(-h) * (1 + h)) / (1 + mpmath.exp(-h)) ** 2),
    "tanh": (mpmath.tanh, lambda h: 1 / mpmath.cosh(h) ** 2),
    "elu": (power(1), (mpmath.expm1, mpmath.exp)),
}  # fmt: skip


@dataclass(frozen=True)
class Orbit:
    """One neuron in warped time, from its definition: u′ = η_u γ σ(h), h′ = η_w ρ² γ u σ′(h)."""

    sigma: tuple
    u: str
    h: str
    gamma: str = "1"
    eta_u: str = "1"
    eta_w: str = "1"
    rho_2: str = "1"

    def branch(self, side):
        """σ and σ′ for h of one sign."""
        if callable(self.sigma[0]):
            return self.sigma
        return self.sigma[0] if side > 0 else self.sigma[1]

    def velocity(self, u, h, side):
        sigma, slope = self.branch(side)
        common = exact(self.gamma)
        return (
            exact(self.eta_u) * common * sigma(h),
            exact(self.eta_w) * exact(self.rho_2) * common * u * slope(h),
        )

    def output(self, u, h):
        return exact(self.gamma) * u * self.branch(h)[0](h)

    def kernel(self, u, h):
        """df/ds, by the chain rule."""
        sigma, slope = self.branch(h)
        du, dh = self.velocity(u, h, h)
        return exact(self.gamma) * (du * sigma(h) + u * slope(h) * dh)

    def at(self, s, digits=DIGITS):
        """(u, h) at warped time s, by Taylor series; pieces meet where h crosses a kink at 0."""
        return place_at(self, s, digits)

    def integrated(self, start, s, side):
        if s == 0:
            return start
        sign = 1 if s > 0 else -1

        def field(time, place):
            return [sign * v for v in self.velocity(*place, side)]

        path = mpmath.odefun(field, 0, start)
        end = tuple(path(abs(s)))
        if callable(self.sigma[0]) or end[1] * side >= 0:
            return end
        when = mpmath.findroot(lambda time: path(time)[1], (0, abs(s)), solver="anderson")
        return self.integrated((path(when)[0], mpf(0)), s - sign * when, -side)

    @property
    def values(self):
        """The symbols of the notation table, with the neuron at its start."""
        return {
            z.gamma: exact(self.gamma),
            z.eta_u: exact(self.eta_u),
            z.eta_w: exact(self.eta_w),
            z.rho: mpmath.sqrt(exact(self.rho_2)),
            z.u_i: exact(self.u),
            z.h_i: exact(self.h),
        }


@cache
def place_at(orbit, s, digits):
    with mp.workdps(digits):
        return orbit.integrated((exact(orbit.u), exact(orbit.h)), exact(s), exact(orbit.h))


@pytest.fixture(scope="session")
def orbit():
    """An orbit of a network by its name or of a power by its β, integrated without the derivation."""

    def make(kind, *start, **rates):
        sigma = power(kind) if isinstance(kind, int) else SIGMAS[kind]
        return Orbit(sigma, *start, **rates)

    return make


@pytest.fixture(scope="session")
def linear():
    """The derivation of the linear network."""
    return derivation("linear")


@pytest.fixture
def forge():
    """A record with fields that it refuses to be built with: what a later stage must see for itself."""

    def make(record, **changes):
        forge = copy.copy(record)
        for name, value in changes.items():
            assert name in record.found()
            object.__setattr__(forge, name, value)
        return forge

    return make


@pytest.fixture(params=NETWORKS, ids=str)
def network(request):
    """Explicit networks: both branches, and P or Q zero."""
    with mp.workdps(DIGITS):
        yield request.param


@pytest.fixture
def number():
    """Expressions as mpmath numbers, by SymPy's own printer."""

    def evaluate(expression, values):
        with mp.workdps(DIGITS):
            symbols = list(values)
            function = sympy.lambdify(symbols, sympy.sympify(expression), "mpmath")
            return +mpmath.mpmathify(function(*(values[symbol] for symbol in symbols)))

    return evaluate


@pytest.fixture
def close():
    """Equality to ten digits fewer than are computed with."""

    def check(left, right, digits=DIGITS - 10):
        return abs(left - right) <= mpf(10) ** -digits * max(1, abs(left), abs(right))

    return check


@pytest.fixture
def solution(linear, number):
    """A network's closed form: every symbol the generated code computes, at its time."""

    def solve(network):
        values = dict(network.values)
        closed = linear[ClosedForm]
        values[z.lam] = number(linear[Reduction].rate, values)
        for symbol, coefficient in linear[RiccatiTime].coefficients.items():
            values[symbol] = number(coefficient, values)
        values[z.R] = number(closed.rate, values)
        larger, smaller = number(closed.larger, values), number(closed.smaller, values)
        positive = values[z.B] >= 0
        values[z.r_plus], values[z.r_minus] = (larger, smaller) if positive else (smaller, larger)
        values[z.E], values[z.tau] = number(closed.decaying, values), number(closed.elapsed, values)
        for symbol in (z.numerator, z.denominator):
            values[symbol] = number(getattr(closed, symbol.name), values)
        values[z.alpha] = values[z.numerator] / values[z.denominator]
        return values

    return solve
