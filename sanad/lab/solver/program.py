"""Mixed-integer programs, built piece by piece and solved by HiGHS with a proven bound.

Huangfu and Hall (2018), "Parallelizing the dual revised simplex method". One thread and a fixed
seed: an answer is the same on every machine unless the time ran out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from sanad.lab.solver import quiet
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats
from sanad.lib.refusal import N_, Refused

SEED = 2025
TOLERANCE = 1e-6  # of the value
# How far a rule may be missed: the solver's own 1e-6 shows in the fifth digit of small sums.
FEASIBLE = 1e-9
MISCOUNTED = "value and variables disagree"


class SolverFailed(Refused):
    code = "siting.solver_failed"
    sentence = N_(
        "The solver stopped without an answer ({status}). Check the figures that were given, "
        "or allow more seconds."
    )


@dataclass(frozen=True)
class Solved:
    """`values` of all variables; None where the time ran out before any were found.

    Where no values can hold the rules the bound is infinite.
    """

    values: Floats | None
    value: float  # infinite where there are no values
    bound: float


@dataclass
class Program:
    """Minimise cost times x where each row's sum lies between its bounds."""

    offset: float = 0.0
    _cost: list[Floats] = field(default_factory=list)
    _low: list[Floats] = field(default_factory=list)
    _high: list[Floats] = field(default_factory=list)
    _whole: list[Ints] = field(default_factory=list)
    _rows: list[Ints] = field(default_factory=list)
    _columns: list[Ints] = field(default_factory=list)
    _factors: list[Floats] = field(default_factory=list)
    _row_low: list[Floats] = field(default_factory=list)
    _row_high: list[Floats] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def add(
        self, count: int, *, cost: Floats | float = 0.0, low: Floats | float = 0.0,
        high: Floats | float = np.inf, whole: bool = False,
    ) -> Ints:  # fmt: skip
        """New variables; their numbers."""
        for kept, given in ((self._cost, cost), (self._low, low), (self._high, high)):
            kept.append(np.broadcast_to(np.asarray(given, dtype=np.float64), count))
        self._whole.append(np.full(count, int(whole)))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def rule(self, count: int, *, low: Floats | float, high: Floats | float) -> Ints:
        """New rows without terms; their numbers."""
        for kept, given in ((self._row_low, low), (self._row_high, high)):
            kept.append(np.broadcast_to(np.asarray(given, dtype=np.float64), count))
        self.rows += count
        return np.arange(self.rows - count, self.rows)

    def put(self, rows: Ints | int, columns: Ints, factors: Floats | float) -> None:
        """Add factor times variable to rows, one term each."""
        rows, columns, factors = np.broadcast_arrays(rows, columns, factors)
        self._rows.append(rows.ravel())
        self._columns.append(columns.ravel())
        self._factors.append(factors.ravel().astype(np.float64))

    def aim(self, cost: Floats) -> None:
        """Another objective over the same rules."""
        self._cost = [np.asarray(cost, dtype=np.float64)]
        self.offset = 0.0

    def solve(self, *, seconds: float, gap: float = 0.0) -> Solved:
        """The best values, within `gap` of the optimum (absolute) or until the time is over.

        An answer whose value is not that of its own variables is not believed: the program is
        solved again as it stands, without being simplified before.
        """
        solved = self._run(seconds, gap, presolve="choose")
        if not self._agrees(solved):
            solved = self._run(seconds, gap, presolve="off")
        if not self._agrees(solved):
            raise SolverFailed(status=MISCOUNTED)
        return solved

    def _run(self, seconds: float, gap: float, *, presolve: str) -> Solved:
        solver = quiet.solver()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", SEED), ("presolve", presolve),
            ("time_limit", max(seconds, 0.0)), ("mip_rel_gap", 0.0), ("mip_abs_gap", gap),
            ("primal_feasibility_tolerance", FEASIBLE), ("mip_feasibility_tolerance", FEASIBLE),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        solver.passModel(self._model())
        solver.run()
        return self._answer(solver)

    def _agrees(self, solved: Solved) -> bool:
        if solved.values is None:
            return True
        own = self.offset + float(_joined(self._cost) @ solved.values)
        return abs(own - solved.value) <= TOLERANCE * max(1.0, abs(own))

    def _answer(self, solver: highspy.Highs) -> Solved:
        status, info = solver.getModelStatus(), solver.getInfo()
        kinds = highspy.HighsModelStatus
        if status == kinds.kInfeasible:
            return Solved(None, np.inf, np.inf)
        if status not in (kinds.kOptimal, kinds.kTimeLimit):
            raise SolverFailed(status=solver.modelStatusToString(status))
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        value = float(info.objective_function_value) if found else np.inf
        if any(part.any() for part in self._whole):
            bound = float(info.mip_dual_bound)
        else:
            bound = value if status == kinds.kOptimal else -np.inf
        values = np.array(solver.getSolution().col_value) if found else None
        return Solved(values, value, bound)

    def _model(self) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, self.rows
        model.offset_ = self.offset
        model.col_cost_ = _joined(self._cost)
        model.col_lower_, model.col_upper_ = _joined(self._low), _joined(self._high)
        model.row_lower_, model.row_upper_ = _joined(self._row_low), _joined(self._row_high)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[one] for one in np.concatenate(self._whole)]
        rows, columns = np.concatenate(self._rows), np.concatenate(self._columns)
        order = np.lexsort((rows, columns))
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.searchsorted(columns[order], np.arange(self.columns + 1))
        model.a_matrix_.index_ = rows[order]
        model.a_matrix_.value_ = np.concatenate(self._factors)[order]
        return model


def _joined(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)
