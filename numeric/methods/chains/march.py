"""A chain whose clock has no closed form, marched in floats: u of x = x* − (x* − x₀) e^{−u}, du/dt > 0.

In u the flow is not stiff: it ends in du/dt = const.
"""

from __future__ import annotations

from flint import arb, fmpq

from numeric.methods.chains.exact import Chain
from numeric.methods.chains.state import Motion, State
from numeric.namespaces import precision

BITS = 96
ACCURACY = 1e-13


def marched(chain: Chain, time: fmpq) -> State:
    """The state at a time, by Dormand and Prince's method of order 8.

    Args:
        chain: that moves.
        time: t > 0.
    """
    from scipy.integrate import solve_ivp  # it is slow to load

    with precision(BITS):
        motion = Motion(chain, solved=False)

        def slope(t: float, u: list[float]) -> list[float]:
            return [float(motion.velocity(arb(float(u[0]))))]

        small = min(1.0, max(abs(float(motion.start / motion.whole)), 1e-9))
        found = solve_ivp(
            slope, (0.0, float(arb(time.p) / arb(time.q))), [0.0], method="DOP853",
            rtol=ACCURACY, atol=ACCURACY * small,
        )  # fmt: skip
        if not found.success:
            raise ArithmeticError(f"the march stopped: {found.message}")
        return motion.state(*motion.position(arb(float(found.y[0, -1]))))
