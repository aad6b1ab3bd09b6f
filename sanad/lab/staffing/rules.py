"""What a week's work of one person may be. Numbers are settings, to be confirmed with the law."""

from dataclasses import dataclass, fields
from typing import Any, Final

from sanad.lab.staffing.assumed import closed_days, read_staffing
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused

DAY_HOURS, WEEK_DAYS = 24, 7
RULE_NAMES: Final = {
    "hours_a_day": Text("ساعات العمل في اليوم", "hours a day"),
    "hours_a_week": Text("ساعات العمل في الأسبوع", "hours a week"),
    "hours_a_shift_least": Text("أقل ساعات المناوبة", "fewest hours of a shift"),
    "rest_hours": Text("ساعات الراحة بين يومين", "hours of rest between days"),
    "days_a_week": Text("أيام العمل في الأسبوع", "days a week"),
    "hours_without_break": Text("ساعات العمل بلا استراحة", "hours without a break"),
    "break_hours": Text("ساعات الاستراحة", "hours of a break"),
    "closed": Text("أيام الإغلاق", "closed days"),
    "days_off": Text("أيام غياب الموظفين", "days on which people are off"),
    "people": Text("عدد الموظفين", "number of people"),
}  # fmt: skip


class RuleOutOfRange(Refused):
    code = "roster.rule_out_of_range"
    sentence = N_(
        "The rule “{rule}” cannot be {value}. Give {low} to {high}, in half hours or whole days."
    )


class RulesContradict(Refused):
    code = "roster.rules_contradict"
    sentence = N_(
        "Nobody may work less than {least} hours a shift and more than {most} hours a day, so "
        "nobody could work at all. Change one of the two rules."
    )


@dataclass(frozen=True)
class Rules:
    """Hours are paid ones, without breaks. Raises `RuleOutOfRange`, `RulesContradict`."""

    hours_a_day: float
    hours_a_week: float
    hours_a_shift_least: float
    rest_hours: float
    days_a_week: int
    hours_without_break: float
    break_hours: float
    closed: frozenset[int]  # weekdays from Sunday on which nobody is rostered

    def __post_init__(self) -> None:
        most = {"hours_a_week": DAY_HOURS * WEEK_DAYS, "days_a_week": WEEK_DAYS}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "closed":
                continue
            low = 0 if field.name in ("rest_hours", "break_hours") else 1
            high = most.get(field.name, DAY_HOURS)
            if not low <= value <= high or 2 * value != int(2 * value):
                raise RuleOutOfRange(
                    rule=RULE_NAMES[field.name], value=f"{value:g}", low=low, high=high
                )
        if self.hours_a_shift_least > min(self.hours_a_day, self.hours_a_week):
            raise RulesContradict(
                least=f"{self.hours_a_shift_least:g}",
                most=f"{min(self.hours_a_day, self.hours_a_week):g}",
            )

    def slots(self, name: str) -> int:
        """A rule in half hours."""
        return int(2 * getattr(self, name))

    def as_json(self) -> dict[str, Any]:
        """The rules as data."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return said | {"closed": sorted(self.closed)}


def usual_rules() -> Rules:
    """The rules that the file assumes."""
    said = {name: value for name, value in read_staffing()["rules"].items() if name != "closed"}
    return Rules(**said, closed=closed_days())
