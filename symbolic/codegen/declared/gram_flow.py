"""The Gram matrix of a matrix Riccati flow as a function of a generated module, at any time.

dZ/dt = F Z + Z F − b Z², Z(0) = Q Qᵀ, F symmetric, is solved for a start of any rank by

    Z = W S⁻¹ Wᵀ,     W = e^{Ft} Q,     S = 1 + Qᵀ G Q,     dG/dt = b e^{2Ft},  G(0) = 0.

In the eigenvectors of F, eigenvalues f in descending order, Q = L Vᵀ with L lower triangular. Column j
of e^{Ft} L is taken over the exponential of the first row that it has, row i of G over that of f > 0:
only decaying exponentials are left, and the limit t → ∞ is the same expression.
"""

from __future__ import annotations

from functools import cache

from symbolic.codegen.printer import print_expression
from symbolic.notation.symbols import t
from symbolic.reduced.gram_flow import b, gathered, size

TEXT = '''
def _gram(Q: Any, F: Any, b: Any, t: Any) -> Any:
    """Z(t) of dZ/dt = F Z + Z F - b Z Z from Z = Q Q^T, F symmetric and b > 0; t = inf, too.

    What Q has along an eigenvector of F is known up to roundings of Q: a start that has nothing of one
    where Z grows is told from one that has so little by nothing. Rows that depend on others up to
    roundings are taken to depend on them.
    """
    f, vectors = np.linalg.eigh(F)
    f, vectors = f[::-1], vectors[:, ::-1]
    f = np.where(f == 0, -1e-200, f) if np.isinf(t) else f
    rows = vectors.T @ Q
    L = np.linalg.qr(rows.T)[1].T
    lengths = np.linalg.norm(rows, axis=1, keepdims=True) + 1e-14 * np.linalg.norm(Q)
    L = np.tril(np.where(np.abs(L) <= 1e-14 * lengths, 0.0, L))
    L = L[:, np.any(L != 0, axis=0)]
    first = np.argmax(L != 0, axis=0)
    grown = np.maximum(f, 0.0)
    with np.errstate(all="ignore"):
        part = np.where(grown[:, None] == grown[first], 0.0, (grown[:, None] - grown[first]) * t)
        left = np.where(L == 0, 0.0, L * np.exp(part))
        size = np.abs(f)
        gathered = np.where(size * t > 0, {gathered}, b * t)
        K = left.T @ (gathered[:, None] * left)
        K = K + np.diag(np.exp(np.where(grown[first] > 0, -2 * grown[first] * t, 0.0)))
        now = np.exp(np.where(f < 0, f * t, 0.0))[:, None] * left
    units = np.sqrt(np.diagonal(K))
    root = np.linalg.cholesky(K / units / units[:, None])
    Y = np.linalg.solve(root, (now / units).T)
    return vectors @ (Y.T @ Y) @ vectors.T
'''


@cache
def helper() -> str:
    """The text of the function.

    Raises:
        CertificateError: where a step of its derivation is not proved.
    """
    written = print_expression(gathered(), {b: "b", size: "size", t: "t"}).replace("xp.", "np.")
    return TEXT.format(gathered=written)
