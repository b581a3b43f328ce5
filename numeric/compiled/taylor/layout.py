"""Where which number of a solved flow stands.

A step is a polynomial of f in z, x = start + pace · z; the row after the last step is the expansion at
the equilibrium, backward. R = |y − f|, and elapsed time τ is rate · t.
"""

from __future__ import annotations

from numeric.compiled.taylor.polynomials import ORDER

TERMS = ORDER + 1
# Of the whole flow.
(
    OUTPUT,
    RESIDUAL,
    SPREAD,
    SIGN,
    RATE,
    STEPS,
    PIECES,
    WAY,
    DECAY,
    LATE,
    BEYOND,
    KAPPA,
    SMOOTH,
    MET,
) = range(14)
KNOWN = 14
# Of a step: x, pace, width in z, R and what was gained at its start; coefficients of |f − f(start)|.
# At the equilibrium: x*, pace, width, R there; then the coefficients of R.
X, PACE, WIDTH, LEFT, GAINED = range(5)
OF_STEP = 5
# Where neurons meet bends a step of theirs is several of f: which, z where it begins there, its order.
STATE, WITHIN, GRADE = range(OF_STEP + TERMS, OF_STEP + TERMS + 3)
STEP = OF_STEP + TERMS + 3
# Of a neuron that meets a bend: step, z, which one, u, changes of u and h until then, side beyond.
AT_STATE, AT_Z, NEURON, U_THERE, U_MOVED, H_MOVED, SIDE = range(7)
EVENT = 7
# Of a piece of the clock: elapsed time at its left end, and in all; its step; z = centre + half · ζ; ζ at
# the left end, elapsed time from the centre there; R dτ/dζ; R at both ends; then the coefficients of R
# in ζ, and of the elapsed time from the centre, over ζ.
BEGUN, LASTS, OF, CENTRE, HALF, FIRST, BEFORE, SPEED, MOST, LEAST = range(10)
OF_PIECE = 10
PIECE = OF_PIECE + 2 * TERMS
BLOCK = 32  # neurons at a time: their series fit the cache
# Why a flow is not plain.
(PLAIN, CANCELLED, SIZES, STILL, LONG, LAW, AGREES, MONOTONE, CLOCK, SADDLE, BENT) = range(11)
