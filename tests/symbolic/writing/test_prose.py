"""Prose as LaTeX."""

import pytest

from symbolic.writing.prose import in_dollars, is_formula, to_latex


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("4p_iq_i = u_i² − w_i².", "$4p_iq_i = u_i^{2} - w_i^{2}$."),
        ("where y = 0, t_c⁻¹ → ∞", r"where $y = 0$, $t_c^{-1} \to \infty$"),
        ("γ = κ^{−min{0, −c/2}} is", r"$\gamma = \kappa^{-\min\{0, -c/2\}}$ is"),
        ("min{a, −c_{η_u} − max{c_u, c_w}}", r"$\min\{a, -c_{\eta_u} - \max\{c_u, c_w\}\}$"),
        ("√(η_uη_w)γρy", r"$\sqrt{\eta_u\eta_w}\gamma \rho y$"),
        ("K/√(K² + 1) at √E[x]", r"$K/\sqrt{K^{2} + 1}$ at $\surd E[x]$"),
        ("Σ_i u_iω_i of Σ_⊥", r"$\sum_i$ $u_i\omega_i$ of $\Sigma_\perp$"),
        ("w_ij of WᵀW", r"$w_{ij}$ of $W^{\mathsf T}W$"),
        ("d ~ κ^c_d", r"$d \sim \kappa^{c_d}$"),
        ("L\u0303 and ỹ", r"$\tilde{L}$ and $\tilde{y}$"),
        ("ẇ_ij = ṗ", r"$\dot{w}_{ij} = \dot{p}$"),
        ("Xavier⁻ & 50 %", r"Xavier\ensuremath{^{-}} \& 50 \%"),
        ("HOLDS_IF: words", r"HOLDS\_IF: words"),
        ("a formula $a_1 & b$ stays", "a formula $a_1 & b$ stays"),
        ("no mathematics at all, it is", "no mathematics at all, it is"),
        ("", ""),
    ],
)
def test_to_latex(prose, expected):
    assert to_latex(prose) == expected


def test_in_dollars_changes_nothing_else():
    assert in_dollars("Xavier⁻ & α: 5 %") == r"Xavier⁻ & $\alpha$: 5 %"


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        (r"\rho=\|x\|", True),
        (r"\alpha_+>1\ \text{unless}\ y=0", True),
        ("at d → ∞ the first is larger", False),
        ("1/2 from independent layers", False),
        (r"w_{ij}(0)+e^{-4t/t_c}", True),
    ],
)
def test_is_formula(text, formula):
    assert is_formula(text) == formula


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("costs $5 & more", r"costs \$5 \& more"),
        (r"a \word{x", r"a \textbackslash{}word\{x"),
        ("{x = 3", r"$\{x = 3$"),
        ("a$ = 3", r"$a\$ = 3$"),
    ],
)
def test_anybody_s_text_is_text(prose, expected):
    assert to_latex(prose) == expected
