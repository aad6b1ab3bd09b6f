"""The form of a portfolio: the frame of the plan, its money and people, and the wishes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from sanad.lab.portfolio import fields as document
from sanad.lab.portfolio.read import MOST_QUARTERS
from sanad.lab.roadmap.example import wish_of
from sanad.lab.roadmap.initiatives import InitiativeView
from sanad.lab.roadmap.portfolios import Wish
from sanad.lib.digits import ascii_digits
from sanad.lib.money import parse_baisa
from sanad.oversight.kpis import KPIS
from sanad.web.lab.initiative_form import LineWrong
from sanad.web.lab.roadmap_words import here
from sanad.web.shell.fields import Choice, Field

MAY, MUST, NEVER, APART = "may", "must", "never", "apart"


class PortfolioForm:
    """The form as it was sent, or as it begins."""

    def __init__(
        self, typed: Mapping[str, Any], initiatives: Sequence[InitiativeView], first: str
    ) -> None:
        self.typed, self.initiatives, self.first = typed, initiatives, first

    def text(self, name: str, default: str = "") -> str:
        return str(self.typed.get(name, default)).strip()

    @property
    def frame(self) -> list[Field]:
        return [
            self._field("title", _("Name of the portfolio")),
            self._field("first", _("First quarter"), default=self.first, latin=True),
            self._field("quarters", _("Quarters of the plan"), default="12", kind="number"),
        ]

    @property
    def means(self) -> list[Field]:
        crews = sorted({kind for one in self.initiatives for kind in one.facts.crew})
        return [
            self._field("budget", _("Budget by year, in rials"), kind="multiline",
                        note=_("A line a year, like: 2026: 250000")),
            self._field("crews", _("Crews that are there"), kind="multiline", required=False,
                        default="\n".join(f"{kind}: " for kind in crews),
                        note=_("A line a crew with people in every quarter, like: programmers: 4")),
        ]  # fmt: skip

    @property
    def wishes(self) -> list[tuple[InitiativeView, Field]]:
        choices = (
            Choice(MAY, _("May be chosen")), Choice(MUST, _("Must be chosen")),
            Choice(NEVER, _("Must not be chosen")), Choice(APART, _("Leave out of the question")),
        )  # fmt: skip
        return [
            (one, self._field(f"wish-{one.code}", here(one.facts.name), kind="choice", default=MAY,
                              choices=choices))
            for one in self.initiatives
        ]  # fmt: skip

    @property
    def weights(self) -> list[tuple[Field, Field]]:
        kpis = sorted({effect.kpi for one in self.initiatives for effect in one.facts.effects})
        return [
            (
                self._field(f"weight-{kpi}", _("Weight of “{kpi}”").format(kpi=self._kpi(kpi)),
                            default="1", latin=True, required=False),
                self._field(f"scale-{kpi}", _("Scale of “{kpi}”").format(kpi=self._kpi(kpi)),
                            latin=True, required=False),
            )
            for kpi in kpis
        ]  # fmt: skip

    def _kpi(self, kpi: str) -> str:
        return here(KPIS[kpi].name)

    def chosen_from(self) -> list[InitiativeView]:
        """The initiatives that are in question."""
        return [one for one in self.initiatives if self._wish(one) != APART]

    def wish(self) -> Wish:
        """What was typed. Raises what amounts, lines, quarters and the document refuse."""
        quarters = ascii_digits(self.text("quarters"))
        count = int(quarters) if quarters.isdecimal() and len(quarters) < 4 else quarters
        number = document.whole(count, _("Quarters of the plan"), self.text("title"), 1,
                                MOST_QUARTERS)  # fmt: skip
        return wish_of(
            {
                "title": self.text("title"), "first": self.text("first"), "quarters": number,
                "budget_baisa": self._budget(), "crews": self._crews(),
                "weights": self._numbers("weight"), "scales": self._numbers("scale"),
                "must": [o.code for o in self.initiatives if self._wish(o) == MUST],
                "never": [o.code for o in self.initiatives if self._wish(o) == NEVER],
            },
            self.text("title"),
        )  # fmt: skip

    def _wish(self, one: InitiativeView) -> str:
        return self.text(f"wish-{one.code}", MAY)

    def _budget(self) -> dict[str, int]:
        found = {}
        for line in self._lines("budget"):
            year, colon, amount = line.partition(":")
            if not colon or not year.strip().isdecimal():
                raise LineWrong(line=line, field=_("Budget by year, in rials"))
            found[year.strip()] = parse_baisa(amount)
        return found

    def _crews(self) -> dict[str, int | list[int]]:
        found: dict[str, int | list[int]] = {}
        for line in self._lines("crews"):
            kind, colon, numbers = line.partition(":")
            there = numbers.split()
            if not colon or not there or not all(one.isdecimal() for one in there):
                raise LineWrong(line=line, field=_("Crews that are there"))
            counts = [int(one) for one in there]
            found[kind.strip()] = counts[0] if len(counts) == 1 else counts
        return found

    def _lines(self, name: str) -> list[str]:
        return [line for line in ascii_digits(self.text(name)).splitlines() if line.strip()]

    def _numbers(self, name: str) -> dict[str, float | str]:
        found: dict[str, float | str] = {}
        for kpi in KPIS:
            typed = ascii_digits(self.text(f"{name}-{kpi}"))
            if typed:
                try:
                    found[kpi] = float(typed)
                except ValueError:
                    found[kpi] = typed
        return found

    def _field(
        self, name: str, label: str, *, kind: str = "text", default: str = "", note: str = "",
        required: bool = True, latin: bool = False, choices: tuple[Choice, ...] = (),
    ) -> Field:  # fmt: skip
        return Field(
            name=name, label=label, kind=kind, value=self.text(name, default), help=note,
            required=required, left_to_right=latin, choices=choices, autocomplete="off",
        )  # fmt: skip
