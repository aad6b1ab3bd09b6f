"""What can be wrong in a catalogue file, said with the file, the line and the way to mend it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sanad.lib.refusal import N_, Refused


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of mistake: what is wrong and how to mend it, marked for translation."""

    code: str
    what: str
    fix: str


BROKEN_YAML = Fault(
    "broken-yaml",
    N_("The file is not readable YAML: {why}."),
    N_("Mend the indentation, quotes or brackets near this line."),
)
NOT_UTF8 = Fault(
    "not-utf8", N_("The file is not text in UTF-8."), N_("Save it again with the encoding UTF-8.")
)
MISSING_FILE = Fault(
    "missing-file",
    N_("The file is missing."),
    N_("Put the file back, or give the folder that holds the whole catalogue."),
)
REPEATED_KEY = Fault(
    "repeated-key",
    N_("The key “{key}” stands twice in the same place."),
    N_("Keep one of the two."),
)
UNKNOWN_KEY = Fault(
    "unknown-key",
    N_("The key “{key}” is not known here."),
    N_("Remove it or write one of: {known}."),
)
MISSING = Fault("missing", N_("“{key}” is missing."), N_("Add “{key}” with its value."))
WRONG_SHAPE = Fault(
    "wrong-shape", N_("“{key}” is not {wanted}."), N_("Write {wanted} after “{key}:”.")
)
NOT_ONE_OF = Fault(
    "not-one-of", N_("“{value}” is not a known {key}."), N_("Write one of: {known}.")
)
NOT_A_DATE = Fault(
    "not-a-date",
    N_("“{value}” is not a day of the calendar."),
    N_("Write {key} as year-month-day, like 2026-01-01."),
)
NOT_BAISA = Fault(
    "not-baisa",
    N_("“{value}” is not a whole number of baisa from zero up."),
    N_("Write the amount in baisa without sign or point: 4 rials are 4000."),
)
NOT_WHOLE = Fault(
    "not-whole",
    N_("“{value}” is not a whole number from {low} up."),
    N_("Write {key} as a whole number from {low} up."),
)
TAKEN = Fault(
    "taken",
    N_("{key} “{value}” already stands in {file}, line {line}."),
    N_("Give this one a {key} of its own or remove it."),
)
UNKNOWN_REFERENCE = Fault(
    "unknown-reference",
    N_("“{value}” does not stand in {file}."),
    N_("Correct the spelling or add “{value}” there."),
)
OVERLAP = Fault(
    "overlap",
    N_("The stage “{stage}” of “{service}” already has a fee in line {line}."),
    N_("Remove one of the two, or mark this one with duplicate_of: {source_line}."),
)
NOT_A_DUPLICATE = Fault(
    "not-a-duplicate",
    N_("This line is not a repetition of source line {value}."),
    N_("Name in duplicate_of an earlier line with the same service, stage and amount."),
)
DATES_REVERSED = Fault(
    "dates-reversed",
    N_("The demonstration is given a later day ({value}) than the list itself ({list_date})."),
    N_("Set demonstration_in_force_from to {list_date} or earlier."),
)
TABLE_INCOMPLETE = Fault(
    "table-incomplete",
    N_("The rows of the fee table do not match the options of “{by}”."),
    N_("Give one row for each of: {known}."),
)
NOT_A_CHOICE = Fault(
    "not-a-choice",
    N_("“{value}” is not a field of this form with options to choose from."),
    N_("Name a field of the type choice."),
)
BAD_PATTERN = Fault(
    "bad-pattern",
    N_("The pattern “{value}” is not a regular expression."),
    N_("Mend the pattern; brackets must close and signs be escaped."),
)
WITHOUT_FAMILY = Fault(
    "without-family",
    N_("“{value}” has no definition and belongs to no family, so it has no form."),
    N_("Name it under services of a family in families/, or describe it in definitions/."),
)
IN_TWO_FAMILIES = Fault(
    "in-two-families",
    N_("“{value}” already belongs to the family “{family}”."),
    N_("Keep it in one of the two."),
)
NEEDS_NO_FAMILY = Fault(
    "needs-no-family",
    N_("“{value}” has a definition of its own and stands in a family too."),
    N_("Take it out of the family, or remove its file from definitions/."),
)
FAMILY_TOO_LARGE = Fault(
    "family-too-large",
    N_("The family “{family}” has {count} services, and {most} is the most."),
    N_("Split it by what the operator has to ask."),
)
FEE_TWICE = Fault(
    "fee-twice",
    N_("“{value}” has a government fee here and another in its definition."),
    N_("Keep the one of the definition."),
)
UNMARKED = Fault(
    "unmarked",
    N_("Nothing says where “{key}” comes from."),
    N_("Add “{key}” to provenance with the name of its source."),
)


class CatalogueFileRefused(Refused):
    """One mistake in one file. `file` is relative to the folder, `line` counts from 1."""

    code = "catalogue.file"
    sentence = N_("{file}, line {line}: {what} {fix}")

    def __init__(self, fault: Fault, file: str, line: int, /, **facts: Any) -> None:
        self.fault, self.file, self.line, self.details = fault, file, line, facts
        self.what, self.fix = self.said(str)
        super().__init__(file=file, line=line, what=self.what, fix=self.fix)

    def said(self, translate: Callable[[str], str]) -> tuple[str, str]:
        """What is wrong and how to mend it, in the language of `translate` (a gettext)."""
        facts = dict(self.details)
        if "wanted" in facts:
            facts["wanted"] = translate(facts["wanted"])
        return translate(self.fault.what).format(**facts), translate(self.fault.fix).format(**facts)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.fault, self.file, self.line, self.details)


def _rebuild(fault: Fault, file: str, line: int, facts: dict[str, Any]) -> CatalogueFileRefused:
    return CatalogueFileRefused(fault, file, line, **facts)


class CatalogueRefused(Refused):
    """A folder with mistakes; `problems` has all of them, in the order of files and lines."""

    code = "catalogue.files"
    sentence = N_(
        "The catalogue has {count} mistakes, so nothing was loaded. The first is in {file}, line "
        "{line}. See them all with: bin/sanad catalogue check"
    )

    def __init__(self, problems: list[CatalogueFileRefused]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(count=len(problems), file=first.file, line=first.line)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)
