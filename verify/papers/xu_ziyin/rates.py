"""Section 3.1: the two terms of t_c, and what depends on the learning rates."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, Symbol, sqrt

from symbolic import notation as n
from symbolic.enclosure import enclose
from symbolic.equality import Proved
from verify.checks import Decided, Equation, equal
from verify.claim import Claim, Evidence, Finding, Verdict
from verify.papers.xu_ziyin.data_line import M_1, M_2, M_2B, M_B, strength, target
from verify.papers.xu_ziyin.derived import limit_of_alpha, rate
from verify.papers.xu_ziyin.symbols import LARGE_D, P_OF, Q_OF, convention

ONE = Integer(1)


def _sentences() -> list[Claim]:
    eta = Symbol("eta", positive=True)
    p_2, q_2 = sympy.symbols("P_1 Q_1", positive=True)  # P and Q at η = 1, of the weights alone
    second = 4 * n.rho**4 * LARGE_D**2 * (eta * p_2) * (eta * q_2)
    return [
        Claim(
            id="first-term",
            loci=("Sec. 3.1",),
            says="ρy in the first term of t_c⁻² is the correlation of inputs and targets, E[aỹ]",
            test=Equation(
                r"\rho y", M_1,
                lambda: (strength() * target()).subs({n.beta: 1, M_2B: M_2, M_B: M_1}),
            ),
        ),
        Claim(
            id="second-term-data",
            loci=("Sec. 3.1",),
            says="the second term depends only on the input data and the initialization: not on a common rate η",
            printed=r"4\rho^4(\gamma^2d)^2PQ\ \text{depends only on the input data and on the model initialization}",
            test=Equation(
                r"\frac{\partial}{\partial\eta}4\rho^4(\gamma^2d)^2PQ", Integer(0),
                lambda: sympy.diff(_second_term().subs({n.P: eta * p_2, n.Q: eta * q_2}), eta),
                (convention(""),), corrected=2 * second / eta,
            ),
            expected=Verdict.FAILS,
            severity="substantive",
            correction="it depends on both rates, through P and Q, as the first does: a common factor of the rates "
            "leaves the ratio of both terms as it is",
            note="P and Q are means of (√η_u ω ± √η_w u)²/4. Large rates alone do not lead out of the kernel regime.",
        ),
        Claim(
            id="rates-magnitude",
            loci=("Sec. 3.1",),
            says="the converged solution depends on the magnitudes of the learning rates",
            test=Decided(
                "the converged weights depend on a common factor of both rates, and on their ratio", (True, True),
                _dependence, (("not on their ratio", (True, False)), ("on neither", (False, False))),
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="on their ratio alone",
            note="So equal rates give one end at given initial weights, as Sec. 3.2 says of the alignment; and the "
            "final alignment depends on neither (alignment-end).",
        ),
    ]  # fmt: skip


def _second_term() -> Expr:
    """Of the derived 4/(2/R)² = t_c⁻², what does not vanish at y = 0."""
    return (rate() ** 2 / 4).subs(n.y, 0)


def _dependence(values: tuple[bool, ...]) -> Finding:
    """Derivatives of u_i(∞) by a common factor k, and by η_w alone."""
    k, end = Symbol("k", positive=True), limit_of_alpha()
    u_end = (n.p_i * sqrt(end) - n.q_i / sqrt(end)) / sqrt(n.eta_w)
    scaled = {
        **{z: k * z for z in (n.eta_u, n.eta_w, n.P, n.Q)},
        **{z: sqrt(k) * z for z in (n.p_i, n.q_i)},
    }
    moved = u_end.subs(scaled, simultaneous=True)
    on_factor = not isinstance(equal(sympy.expand(u_end**2), sympy.expand(moved**2)), Proved)
    difference = enclose(u_end.subs(_one_neuron(1)) - u_end.subs(_one_neuron(4)), {})
    truth = (on_factor, not difference.contains(0))
    if values == truth:
        return Finding(Verdict.HOLDS, Evidence.PROVED, "so does the derived limit")
    if values[1] == truth[1]:
        witness = {"u": "1", "w": "1", "x": "1", "y": "3", "eta_u": "1 and 2", "eta_w": "1 and 2"}
        why = "the same end: a common factor of the rates cancels"
        return Finding(Verdict.HOLDS_IF, Evidence.PROVED, why, "their ratio changes", witness, why)
    why = f"u(∞) at η_w = 1 and 4 differs by {difference.str(6)}"
    return Finding(Verdict.FAILS, Evidence.PROVED, why, "", {"eta_w": "1 and 4"}, why)


def _one_neuron(eta_w: int) -> dict[Expr, Expr]:
    """Values for d = 1, u = w = x = γ = η_u = 1, y = 3."""
    at = {n.u_i: 1, n.h_i: 1, n.rho: 1, n.beta: 1, n.eta_u: 1, n.eta_w: eta_w}
    p, q = P_OF.subs(at), Q_OF.subs(at)
    return {
        n.eta_u: ONE, n.eta_w: Integer(eta_w), n.P: p**2, n.Q: q**2, n.p_i: p, n.q_i: q,
        n.y: Integer(3), n.gamma: ONE, n.rho: ONE, n.d: ONE,
    }  # fmt: skip


def claims() -> list[Claim]:
    """In printed order."""
    return _sentences()
