"""Stage: the functions of one neuron in forms that floats can compute for every preactivation.

1 ± erf, 1 − tanh² and what is rational in eʰ have no digits left where they are small, or overflow; they
are written in functions that do neither (`symbolic.proof.stable_forms`). The slopes of the tangent
kernel, and the slope of an orbit whose law is no closed form, are found here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Expr, Integral, diff

from symbolic.laws.conservation import Conservation, unit_law
from symbolic.network.gradient_flow import Flow
from symbolic.network.model import Model
from symbolic.notation.source import XU_ZIYIN, Source
from symbolic.notation.symbols import h_i, u_i
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, is_proved
from symbolic.proof.fractions import without_bare_fractions
from symbolic.proof.same_function import prove_same
from symbolic.proof.stable_forms import stable, with_log1p
from symbolic.warp.equation import ScalarEquation


@dataclass(frozen=True)
class Form:
    """A function of a neuron.

    Attributes:
        plain: as it was derived, over one number, and log(1 + z) as one function of z.
        stable: as it is computed.
    """

    plain: Expr
    stable: Expr


@dataclass(frozen=True, kw_only=True)
class StableNeuron(Record):
    """What every network's neuron has.

    Attributes:
        model: the activation.
        flow: its contribution to the output, and its field.
        laws: what it conserves.
        equation: its contribution to the tangent kernel.
        forms: activation, output, velocity_u, velocity_h, kernel, kernel_by_u and kernel_by_h, in u_i and
            h_i; conserved, in units of u², or orbit_slope where that is an integral or a polylogarithm:
            g(h) of u du = g(h) dh.
    """

    sources: ClassVar[Mapping[str, Source]] = {
        "activation": XU_ZIYIN.at("Eq. 1"),
        "output": XU_ZIYIN.at("Eq. 1"),
        "velocity_u": XU_ZIYIN.at("Eq. 22"),
        "velocity_h": XU_ZIYIN.at("Eq. 22"),
        "kernel": XU_ZIYIN.at("Eq. 32"),
        "kernel_by_u": XU_ZIYIN.at("Eq. 32"),
        "kernel_by_h": XU_ZIYIN.at("Eq. 32"),
        "conserved": XU_ZIYIN.at("Eq. 23"),
        "orbit_slope": XU_ZIYIN.at("Eq. 23, any activation"),
    }

    model: Need[Model]
    flow: Need[Flow]
    laws: Need[Conservation]
    equation: Need[ScalarEquation]
    forms: dict[str, Form]

    def certify(self) -> Iterator[Certificate]:
        """Form by form, against what it was derived as."""
        exact = derived(self.model, self.flow, self.laws, self.equation)
        yield Certificate("every function is there", _are_all(self.forms, exact))
        for name, form in self.forms.items():
            yield Certificate(f"{name}", prove_same(form.plain, exact[name], h_i))
            yield Certificate(f"{name}, as computed", prove_same(form.stable, form.plain, h_i))

    def explain(self) -> Iterator[Step]:
        """The forms that are not the derived ones, but for slopes."""
        shown = (("activation", r"\sigma(h_i)"), ("velocity_h", "v(h_i)"))
        rows = tuple(
            (left, self.forms[name].stable)
            for name, left in shown
            if self.forms[name].stable != self.forms[name].plain
        )
        if rows:
            yield Step(
                "Neuron without cancellation",
                rows,
                r"The same functions on either side of $h_i=0$, in what neither overflows nor cancels.",
            )


def derived(
    model: Model, flow: Flow, laws: Conservation, equation: ScalarEquation
) -> dict[str, Expr]:
    """The functions of a neuron by their names, as other stages have them."""
    law, kernel = unit_law(laws), equation.kernel_i
    found = {
        "activation": model.activation(h_i),
        "output": flow.output_i,
        "velocity_u": flow.velocity_u,
        "velocity_h": flow.velocity_h,
        "kernel": kernel,
        "kernel_by_u": diff(kernel, u_i),
        "kernel_by_h": diff(kernel, h_i),
    }
    if law.has(Integral, sympy.polylog):
        return found | {"orbit_slope": sympy.expand_func(-diff(law, h_i) / 2)}
    return found | {"conserved": law}


def derive(model: Model, flow: Flow, laws: Conservation, equation: ScalarEquation) -> StableNeuron:
    """Look for a form of each function, and take it where it is proved."""
    exact = derived(model, flow, laws, equation)
    if "orbit_slope" in exact:
        exact["orbit_slope"] = sympy.simplify(exact["orbit_slope"])
    forms = {name: _form(value) for name, value in exact.items()}
    return StableNeuron(model=model, flow=flow, laws=laws, equation=equation, forms=forms)


def _form(exact: Expr) -> Form:
    """What cannot be proved to be the same function is left as it was derived."""
    plain = without_bare_fractions(with_log1p(sympy.powsimp(exact)))
    if not is_proved(prove_same(plain, exact, h_i)):
        plain = exact
    found = stable(plain, h_i)
    return Form(plain, found if is_proved(prove_same(found, plain, h_i)) else plain)


def _are_all(forms: Mapping[str, Form], exact: Mapping[str, Expr]) -> Verdict:
    return Proved("names") if list(forms) == list(exact) else Undecided(f"{list(forms)}")
