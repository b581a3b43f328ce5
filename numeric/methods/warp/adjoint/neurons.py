"""How a neuron's place in warped time moves with its start.

In U = χ u, χ = ρ √(η_w/η_u), and τ = κ s, κ = γ ρ √(η_u η_w), every neuron obeys one equation without
parameters, the gradient flow of U σ(h):

    d(U, h)/dτ = v = (σ, U σ′).

A change δ(U, h) of the start moves it along v, and across: with E = U² − 2∫σ/σ′ conserved,

    δ(U, h) = c v + w σ′ (−U σ′, σ)/|v|²,     w = −δE/2,   c(τ) = c(0) + w I(τ),
    dI/dτ = 2 (σ′² (σ² − U² σ′²) + U² σ σ′² σ″)/|v|⁴.

So a 2×2 matrix for each neuron is one quadrature. It goes on over a bend of σ: c and w are continuous.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.catalogue import Network

Floats = NDArray[np.float64]


class Field(NamedTuple):
    """What the equation of neurons is made of at places (U, h), arrays of one shape.

    Attributes:
        sigma: σ, the velocity of U.
        slope: σ′.
        pull: U σ′, the velocity of h.
        square: |v|².
        shear: dI/dτ; 0 where nothing moves.
        scale: of the terms of the shear, which may cancel.
    """

    sigma: Floats
    slope: Floats
    pull: Floats
    square: Floats
    shear: Floats
    scale: Floats


def field(network: Network, U: Floats, h: Floats) -> Field:
    """The equation at places of neurons."""
    module, shape = network.module, h.shape
    one = network.parameters(1.0, 1.0, 1.0, 1.0)
    with np.errstate(all="ignore"):
        sigma = np.broadcast_to(module.activation(h, one), shape)
        slope = np.broadcast_to(module.velocity_h(1.0, h, one), shape)
        pull, steep = U * slope, slope * slope
        sigma_2, pull_2 = sigma * sigma, pull * pull
        square = sigma_2 + pull_2
        across = steep * (sigma_2 - pull_2)
        if network.ray_degree != 1:
            across += sigma * pull * U * _bending(network, h, steep)
        inverse = 2 / np.where(square > 0, square, np.inf)
        size = steep * inverse
        shear = across * inverse * inverse / 2
    return Field(sigma, slope, pull, square, shear, size)


def _bending(network: Network, h: Floats, steep: Floats) -> Floats:
    """σ′ σ″; of a homogeneous σ it is (β − 1) σ′²/h."""
    if network.ray_degree:
        return (network.ray_degree - 1) * steep / np.where(h != 0, h, 1.0)
    alone = network.parameters(1.0, 0.0, 1.0, 1.0)  # half the slope of σ′²
    return np.asarray(network.module.kernel_by_h(1.0, h, alone)) / 2


class Starts(NamedTuple):
    """Cotangents of all neurons' starts: of c(0) and w, and of U and h that rest."""

    along: Floats
    across: Floats


def pulled_to_start(begun: Field, U: Floats, given: Starts) -> tuple[Floats, Floats]:
    """Cotangents of U(0) and h(0): c(0) = v·δ/|v|², w = (σ/σ′) δh − U δU; of what rests nothing."""
    with np.errstate(all="ignore"):
        along = np.where(begun.square > 0, given.along / begun.square, 0.0)
        ratio = np.where(begun.slope != 0, begun.sigma / begun.slope, 0.0)
    by_U = begun.sigma * along - U * given.across
    return by_U, begun.pull * along + ratio * given.across


class Moved(NamedTuple):
    """Cotangents at times: of c and w of each neuron, shape (times, neurons)."""

    along: Floats
    across: Floats


def pulled(here: Field, U: Floats, by_U: Floats, by_h: Floats) -> Moved:
    """From cotangents of (U, h) at times: a neuron that has died at a bend keeps U = √E alone."""
    moves = here.square > 0
    with np.errstate(all="ignore"):
        turn = np.where(moves, here.slope / here.square, 0.0)
        dead = np.where(~moves & (U != 0), -by_U / U, 0.0)
    along = here.sigma * by_U + here.pull * by_h
    return Moved(along, turn * (here.sigma * by_h - here.pull * by_U) + dead)


def pulled_at_rest(
    network: Network, U: Floats, begun: Field, tau: Floats, by_U: Floats, by_h: Floats
) -> tuple[Floats, Floats]:
    """Cotangents of the start of neurons that never move, from those at times τ, (times, neurons).

    There v = 0 and the equation is linear in changes: with σ′ = 0, δU stays and δh grows like
    exp(U σ″ τ), σ″ = 2 of a neuron of degree 2 at h = 0, else 0; with U = σ = 0 they mix.
    """
    growth = 2 * U if network.ray_degree == 2 else 0 * U
    with np.errstate(over="ignore"):
        even, odd = np.cosh(tau[:, None] * begun.slope), np.sinh(tau[:, None] * begun.slope)
        grown = np.exp(tau[:, None] * growth)
    turns = begun.slope != 0
    from_U = np.where(turns, even * by_U + odd * by_h, by_U)
    from_h = np.where(turns, odd * by_U + even * by_h, grown * by_h)
    return from_U.sum(axis=0), from_h.sum(axis=0)
