"""The object of many networks: every observable of one, with a leading axis of networks.

flows = GradientFlow(u0, W0, x, y, gamma=gammas)  # W0 of shape (B, d, d0)
flows.loss([0, 1, 10])  # shape (B, 3)
flows[17]  # the flow of one of them
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric.data.arrays import Floats
from numeric.data.many import Problems
from numeric.errors import InputError, InternalCheckError, Refused
from numeric.methods.many import words
from numeric.methods.many.refusals import Refusals, nothing_like
from numeric.methods.many.rows import Rows
from numeric.methods.trajectory import Trajectory, times

Solve = Callable[[Any, str | None], Trajectory]


class GradientFlows:
    """Gradient flows of many networks, side by side: made by `GradientFlow` of a W0 of shape (B, d, d0).

    All observables of `numeric.methods.trajectory.Trajectory` are methods of it, with the networks first:
    a scalar has shape (B, *t.shape), u (B, *t.shape, d) and W (B, *t.shape, d, d0). Times are common to
    all networks, or, with `each=True`, rows of t are the times of one network each: t of shape
    (B, …) gives a scalar of that shape. `limit_kind`, `target`, `t_c`, `method` and `why` are arrays.

    `flows[i]` is the flow of one network as `GradientFlow` makes it; `len`, iteration and slices are
    those of a sequence. All answers are those of these flows. What a method vouches for is computed for
    all networks at once (`explicit` does); what remains is asked of the flows one by one, which are kept
    where their method knows no other way.

    Where networks are of different widths, neurons beyond those of `widths` are none: their weights are
    zero at all times, and no norm or kernel sees them.

    Args:
        problems: what the networks are trained on.
        method: the name of the method, if it shall not be chosen.
        kinds: methods by their names, the strongest first.
        solve: what makes the flow of one problem.

    Raises:
        InputError: from every method, for times and the like that cannot be used.
        Refused: from every method, where some networks refuse what is asked, or answers violate what
            is proved of them: also an InputError or an InternalCheckError, that of the first of them,
            which it names. `networks` are all of them, and `answers` what the others have answered.
            Only where the first eight asked all refuse, the others are not asked: `is_complete` is
            False then, and `answers` None though others might answer. `flows[i]`, and so iteration,
            asks one network, and names that one.
    """

    def __init__(
        self,
        problems: Problems,
        method: str | None,
        kinds: Mapping[str, type[Trajectory]],
        solve: Solve,
    ) -> None:
        self.problems, self.network = problems, problems.network
        self.u0, self.W0, self.widths = problems.u0, problems.W0, problems.widths
        self._given, self._kinds, self._solve = method, kinds, solve
        self._kept: dict[int, Trajectory] = {}
        self._refused: dict[int, Refused] = {}  # networks no question of which is answered

    @cached_property
    def _joint(self) -> tuple[str, Any] | None:
        """The strongest method that answers some network, and what it has for many at once."""
        for name, kind in self._kinds.items():
            if self._given in (None, name) and kind.lacks(self.problems[0]) is None:
                joint = kind.jointly(self.problems)
                return (name, joint) if joint is not None and joint.is_served.any() else None
        return None

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy is made anew of the problems: everything follows from them."""
        return GradientFlows, (self.problems, self._given, self._kinds, self._solve)

    # --- a sequence of flows -------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.problems)

    def __getitem__(self, index: Any) -> Any:
        """The flow of one network, or, of a slice or an array of places, several.

        Raises:
            IndexError: for a network that is not there.
            Refused: where its flow refuses it, also an InputError or an InternalCheckError.
        """
        if isinstance(index, slice | list) or np.ndim(index) == 1:
            return GradientFlows(self.problems.of(index), self._given, self._kinds, self._solve)
        place = range(len(self))[index]
        if place in self._kept:
            return self._kept[place]
        if place in self._refused:
            raise copy.copy(self._refused[place])
        try:
            found = self._solve(self.problems[place], self._given)
        except (InputError, InternalCheckError) as error:
            refused = words.of_network(error, place)
            self._refused[place] = copy.copy(refused)  # which holds no frames
            raise refused from error
        if self._joint is None or not self._joint[1].is_served[place]:
            self._kept[place] = found
        return found

    def __iter__(self) -> Iterator[Trajectory]:
        return (self[place] for place in range(len(self)))

    # --- what is known of whole flows ----------------------------------------------------------------

    @property
    def observables(self) -> tuple[str, ...]:
        """Names of the observables that are functions of time alone, of all networks."""
        if self._joint is not None and self._joint[1].is_served.all():
            return tuple(self._joint[1].SCALARS)
        refusals = Refusals(len(self))
        asked = [refusals.ask(k, lambda: self[k].observables) for k in range(len(self))]  # noqa: B023
        found = [names for names in asked if names is not None]
        common = tuple(n for n in found[0] if all(n in names for names in found)) if found else ()
        refusals.settle(common)
        return common

    @property
    def method(self) -> Any:
        """How each network is solved, an array of names."""
        return self._words("method")

    @property
    def why(self) -> Any:
        """Why no stronger method answers, an array of sentences; empty where none is."""
        return self._words("why")

    @property
    def limit_kind(self) -> Any:
        """Where each flow ends, an array of words (see `Trajectory.limit_kind`)."""
        return self._ends("limit_kind", str)

    @property
    def target(self) -> Floats:
        """The output with the least loss, of each network."""
        return np.asarray(self._ends("target", np.float64))

    @property
    def t_c(self) -> Floats:
        """The time scale of each network."""
        return np.asarray(self._ends("t_c", np.float64))

    def _words(self, name: str) -> Any:
        """A word of each network; those that are served jointly have none of their own."""
        joint = self._joint
        if joint is None:
            return self._stacked(lambda flow, _: getattr(flow, name))
        found = np.full(len(self), joint[0] if name == "method" else "", dtype=object)
        return self._asked_of(np.flatnonzero(~joint[1].is_served), found, name, str)

    def _ends(self, name: str, kind: type) -> Any:
        if self._joint is None or name not in self._joint[1].ENDS:
            return self._stacked(lambda flow, _: getattr(flow, name)).astype(kind)
        found, (rows,) = self._joint[1].ends(name)
        return self._asked_of(rows, found, name, kind)

    def _asked_of(self, rows: Any, found: Any, name: str, kind: type) -> Any:
        """What is known of whole flows, where those of some networks are asked."""
        refusals = Refusals(len(rows), len(self) - len(rows))
        nothing = "" if kind is str else np.nan
        for place in map(int, rows):
            one = refusals.ask(place, lambda: getattr(self[place], name))  # noqa: B023
            found[place] = nothing if one is None else one
        found = found.astype(kind)
        refusals.settle(found)
        return found

    # --- observables ---------------------------------------------------------------------------------

    def output(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """Outputs at the effective point of each network's data (see `Trajectory.output`)."""
        return self._scalar("output", t, each)

    def residual(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """Outputs less the targets."""
        return self._scalar("residual", t, each)

    def loss(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """The losses, over data sets by their reduction."""
        return self._scalar("loss", t, each)

    def overlap(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """u·ω, ω = W e the part of the first layer along the data."""
        return self._scalar("overlap", t, each)

    def alignment(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """Alignment ζ, the cosine of u and W x; NaN where one of them is zero."""
        return self._scalar("alignment", t, each)

    def alpha(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """α(t) of linear networks."""
        return self._scalar("alpha", t, each)

    def alignment_slope(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """Slope dζ/dα of linear networks."""
        return self._scalar("alignment_slope", t, each)

    def norm_u(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """‖u‖."""
        return self._scalar("norm_u", t, each)

    def norm_omega(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """‖ω‖ = ‖W e‖."""
        return self._scalar("norm_omega", t, each)

    def norm_W(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """Frobenius norm ‖W‖."""
        return self._scalar("norm_W", t, each)

    def kernel(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """Tangent kernel at the effective point; of data on no line, between all inputs."""
        return self._scalar("kernel", t, each)

    def kernel_change(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """Relative change of the tangent kernel since the start."""
        return self._scalar("kernel_change", t, each)

    def distance_u(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """‖u(t) − u(0)‖."""
        return self._scalar("distance_u", t, each)

    def distance_W(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """‖W(t) − W(0)‖."""
        return self._scalar("distance_W", t, each)

    def u(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """Second layers, shape (B, *t.shape, d); zero where a network has no neuron."""
        return self._layer("u", t, each)

    def W(self, t: ArrayLike, *, each: bool = False) -> Floats:
        """First layers, shape (B, *t.shape, d, d0)."""
        return self._layer("W", t, each)

    def predict(self, inputs: ArrayLike, t: ArrayLike, *, each: bool = False) -> Floats:
        """Outputs at inputs (d0,) or (n, d0) that are common to all networks."""
        return self._over(t, each, lambda flow, moments: flow.predict(inputs, moments))

    def tangent_kernel(
        self, t: ArrayLike, x1: ArrayLike, x2: ArrayLike, *, each: bool = False
    ) -> Floats:
        """Tangent kernels between two inputs that are common to all networks."""
        return self._over(t, each, lambda flow, moments: flow.tangent_kernel(moments, x1, x2))

    def population_loss(
        self,
        t: ArrayLike,
        second_moment: float,
        cross_moment: float,
        target_moment: float,
        *,
        each: bool = False,
    ) -> Floats:
        """Loss over a population on the line of the data (see `Trajectory.population_loss`)."""
        moments = second_moment, cross_moment, target_moment
        return self._over(t, each, lambda flow, t: flow.population_loss(t, *moments))

    def time_to_loss(self, loss: ArrayLike, *, each: bool = False) -> Floats:
        """Times at which losses have fallen to `loss`, those of all networks or, by rows, of each.

        As of one (`Trajectory.time_to_loss`): 0 at the loss of the start. That is to be given as
        `loss(0.0)` says, to the last digit: a loss above is never reached, and NaN.
        """
        goals = Rows.of("loss", np.asarray(loss, dtype=np.float64), each, len(self))
        if self._joint is None:
            return self._stacked(lambda flow, k: flow.time_to_loss(goals.of_network(k)))
        found, places = self._joint[1].time_to_loss(goals.rows)
        self._fill(found, places, goals, lambda flow, given: flow.time_to_loss(given))
        return found.reshape(len(self), *goals.tail)

    # --- jointly, or one by one ----------------------------------------------------------------------

    def _scalar(self, name: str, t: ArrayLike, each: bool) -> Floats:
        if self._joint is None or name not in self._joint[1].SCALARS:
            return self._over(t, each, lambda flow, given: getattr(flow, name)(given))
        moments = Rows.of("t", times(t), each, len(self))
        found, places = self._joint[1].scalar(name, moments.rows)
        self._fill(found, places, moments, lambda flow, given: getattr(flow, name)(given))
        return np.asarray(found.reshape(len(self), *moments.tail))

    def _layer(self, name: str, t: ArrayLike, each: bool) -> Floats:
        moments = Rows.of("t", times(t), each, len(self))
        shape = self.u0.shape[1:] if name == "u" else self.W0.shape[1:]
        if self._joint is None or name not in self._joint[1].LAYERS:
            found = np.zeros((len(self), moments.rows.shape[1], *shape))
            rows: Any = range(len(self))
        else:
            found, (rows,) = self._joint[1].layer(name, moments.rows)
        refusals = Refusals(len(rows), len(self) - len(rows))
        for place in map(int, rows):
            given, width = moments.row(place), self.widths[place]
            found[place] = 0.0
            one = refusals.ask(place, lambda: getattr(self[place], name)(given))  # noqa: B023
            found[place, :, :width] = np.nan if one is None else one
        found = found.reshape(len(self), *moments.tail, *shape)
        refusals.settle(found)
        return found

    def _over(
        self, t: ArrayLike, each: bool, ask: Callable[[Trajectory, Floats], Floats]
    ) -> Floats:
        """What each flow says at its times."""
        moments = Rows.of("t", times(t), each, len(self))
        return self._stacked(lambda flow, k: ask(flow, moments.of_network(k)))

    def _stacked(self, ask: Callable[[Trajectory, int], Any]) -> Any:
        """What flows say one by one."""
        refusals = Refusals(len(self))
        found = [refusals.ask(k, lambda: ask(self[k], k)) for k in range(len(self))]  # noqa: B023
        answered = {k: np.shape(one) for k, one in enumerate(found) if one is not None}
        if not answered:
            refusals.settle(None)
        first = next(iter(answered))
        for place, shape in answered.items():
            if shape != answered[first]:
                raise _of_another_kind(place, shape, answered[first])
        nothing = nothing_like(found[first])
        whole = np.array([nothing if one is None else one for one in found])
        refusals.settle(whole)
        return whole

    def _fill(
        self, found: Floats, places: Any, given: Rows, ask: Callable[[Trajectory, Floats], Floats]
    ) -> None:
        """Ask flows for the entries that are not known jointly, those of a network at once."""
        rows, columns = (np.asarray(z) for z in places)
        order = np.argsort(rows, kind="stable")
        rows, columns = rows[order], columns[order]
        networks, starts = np.unique(rows, return_index=True)
        refusals = Refusals(len(networks), len(self) - len(networks))
        for place, which in zip(networks.tolist(), np.split(columns, starts[1:]), strict=False):
            asked = given.row(place)[which]
            answer = refusals.ask(place, lambda: ask(self[place], asked))  # noqa: B023
            if answer is None:
                found[place, which] = np.nan
                continue
            if np.shape(answer) != asked.shape:
                raise _of_another_kind(place, np.shape(answer), asked.shape)
            found[place, which] = answer
        refusals.settle(found.reshape(len(self), *given.tail))

    def __repr__(self) -> str:
        return words.line(self)

    def _repr_html_(self) -> str:
        """A table, for a notebook."""
        return words.table(self)


def _of_another_kind(place: int, shape: tuple[int, ...], expected: tuple[int, ...]) -> InputError:
    """Networks answer in several shapes: those whose data are on no line have outputs at every input."""
    return InputError(
        f"network {place}: answer", f"shape {shape}", f"{expected}, as of the others: ask it alone"
    )
