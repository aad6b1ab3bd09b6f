"""What is asked of staffing: where it starts from, the target, and what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from sanad.lab.staffing.rules import Rules, usual_rules
from sanad.lab.staffing.target import (
    LEAST_SHARE,
    MOST_MINUTES,
    MOST_SHARE,
    Target,
    usual_target,
)
from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused
from sanad.web.shell.fields import Choice, Field

SHARE, MEAN = "share", "mean"
LEAST_WEEK, MOST_WEEK = 8, 84


class NotWhole(Refused):
    code = "lab.staffing_out_of_range"
    sentence = N_(
        "“{value}” in “{field}” cannot be used. Give a whole number from {low} to {high}."
    )


@dataclass(frozen=True)
class TargetForm:
    """The target's fields, as sent or as assumed."""

    typed: Mapping[str, str]

    @property
    def fields(self) -> tuple[Field, ...]:
        usual = usual_target()
        return (
            Field(
                name="aim", label=_("Aim"), kind="choice", required=True,
                value=self._text("aim", SHARE),
                choices=(
                    Choice(SHARE, _("A share within the minutes")),
                    Choice(MEAN, _("A mean wait")),
                ),
            ),
            self._number("minutes", _("Minutes"), f"{usual.minutes:g}"),
            self._number(
                "share", _("Of a hundred who come"), f"{usual.share_percent:g}"
            ),
            self._number(
                "week_hours", _("Hours a week of one person"), f"{usual_rules().hours_a_week:g}"
            ),
        )  # fmt: skip

    def target(self) -> Target:
        """The target. Raises `NotWhole`."""
        _aim, minutes, share, _hours = self.fields
        return replace(
            usual_target(), minutes=float(whole(minutes, 1, MOST_MINUTES)),
            share_percent=(
                None if self._text("aim", SHARE) == MEAN
                else float(whole(share, LEAST_SHARE, MOST_SHARE))
            ),
        )  # fmt: skip

    def rules(self) -> Rules:
        """The rules. Raises `NotWhole`."""
        hours = whole(self.fields[-1], LEAST_WEEK, MOST_WEEK)
        return replace(usual_rules(), hours_a_week=float(hours))

    def _text(self, name: str, usual: str) -> str:
        return str(self.typed.get(name, usual)).strip()

    def _number(self, name: str, label: str, usual: str) -> Field:
        return number(name, label, self._text(name, usual))


def number(name: str, label: str, value: str) -> Field:
    """A field for a whole number."""
    return Field(
        name=name, label=label, kind="number", value=value, required=True,
        autocomplete="off",
    )  # fmt: skip


def whole(field: Field, low: int, high: int) -> int:
    """What stands in a field. Raises `NotWhole`."""
    typed = ascii_digits(field.value)
    if not typed.isdecimal() or not low <= int(typed) <= high:
        raise NotWhole(value=field.value, field=field.label, low=low, high=high)
    return int(typed)
