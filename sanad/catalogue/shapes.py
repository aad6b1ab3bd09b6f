"""What the catalogue says about a service, as plain values: no database, no files.

The names follow CPSV-AP where it has one (see docs/catalogue.md). Amounts are whole baisa.
A definition is kept in the database as JSON of these shapes: `as_json` and the `from_json`
functions are each other's reverse.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from sanad.lib.bilingual import Text

STAGE_NAMES: Final = {
    "submit": Text("تقديم", "Submit"),
    "pay": Text("دفع", "Pay"),
    "cancel": Text("إلغاء", "Cancel"),
    "resend": Text("إعادة إرسال", "Resend"),
    "accept": Text("قبول", "Accept"),
    "reject": Text("رفض", "Reject"),
    "update": Text("تحديث", "Update"),
    "buy_tickets": Text("شراء التذاكر", "Buy tickets"),
}
STAGES: Final = tuple(STAGE_NAMES)
KINDS: Final = (
    "issue",
    "renew",
    "amend",
    "replace",
    "cancel",
    "transfer",
    "register",
    "report",
    "pay",
    "request",
    "publish",
    "view",
)
FIELD_TYPES: Final = ("text", "digits", "date", "choice", "civil_number", "phone", "money")
UNITS: Final = ("request", "page")
RESPONSIBLE: Final = ("centre", "entity", "person")
TIME_UNITS: Final = ("minutes", "working_hours", "working_days", "calendar_days")
RELATIVE_DATES: Final = ("any", "past", "future")
FEE_KINDS: Final = ("fixed", "table", "to_be_confirmed")
SOURCE_KINDS: Final = (
    "official-list",
    "public-directory",
    "verified-page",
    "our-translation",
    "our-correction",
    "our-classification",
    "our-keywords",
    "assumption",
    "not-published",
)

Provenance = dict[str, str]
"""The name of a field -> the identifier of a `Source`."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: a list, a page read on a day, our own work, or an assumption."""

    code: str
    kind: str
    title: Text
    url: str | None
    date: date | None


@dataclass(frozen=True, slots=True)
class Condition:
    """True when a form's field has one value."""

    field: str
    equals: str

    def holds(self, answers: dict[str, Any]) -> bool:
        return bool(answers.get(self.field) == self.equals)


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `guidance` is what an error says to do."""

    key: str
    type: str
    label: Text
    help: Text
    guidance: Text
    required: bool = True
    required_when: Condition | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    relative: str = "any"
    min_baisa: int | None = None
    max_baisa: int | None = None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document to bring and the reason for it (CPSV-AP: Evidence)."""

    code: str
    name: Text
    why: Text
    required: bool
    when: Condition | None
    file_types: tuple[str, ...]
    must_be_in_date: bool
    valid_for_days: int | None
    provenance: str


@dataclass(frozen=True, slots=True)
class Target:
    """A promised duration. Working time follows the opening hours and holidays."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class ProcedureStage:
    """A step on somebody's desk. No target means that none is published or assumed."""

    code: str
    responsible: str
    name: Text
    target: Target | None
    may_return: bool
    provenance: str


@dataclass(frozen=True, slots=True)
class GovernmentFee:
    """What the entity itself charges: never the centre's money.

    `fixed` has `baisa`; `table` has `rows`, by the answer to the form's field `by`;
    `to_be_confirmed` has neither, because no figure is published.
    """

    kind: str
    provenance: str
    note: Text
    baisa: int | None = None
    by: str | None = None
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definition:
    """A service in full for a span of dates: form, documents, steps, government fee.

    `family` names the group of like services whose form, documents and steps are assumed for all of
    them while the owner has published none. `documents` is None where not even an assumption is
    made, which means "not published", unlike an empty tuple.
    """

    service: str
    in_force_from: date
    description: Text | None
    form: tuple[Field, ...]
    documents: tuple[Document, ...] | None
    procedure: tuple[ProcedureStage, ...]
    government_fee: GovernmentFee
    provenance: Provenance
    family: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """Like services that share a form, documents and steps until their owners publish theirs."""

    code: str
    name: Text
    services: tuple[str, ...]
    form: tuple[Field, ...]
    documents: tuple[Document, ...]
    procedure: tuple[ProcedureStage, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Entity:
    """A body that owns services, by the number of the official list."""

    number: int
    code: str
    official_name_ar: str
    name: Text
    aliases: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Service:
    """A service. `official_name_ar` keeps the spelling of the list or directory it stands in.

    `also_known` are the directory's names for the same service; `government_fee` is known here
    where one is published and the service has no definition of its own.
    """

    code: str
    entity: int
    official_name_ar: str
    name: Text
    kind: str
    keywords: tuple[str, ...]
    list_group: int
    provenance: Provenance
    also_known: tuple[str, ...] = ()
    government_fee: GovernmentFee | None = None


@dataclass(frozen=True, slots=True)
class PriceLine:
    """What a centre may charge at most for a stage, in baisa for each `unit`."""

    line: int
    service: str
    stage: str
    baisa: int
    unit: str
    duplicate_of: int | None


@dataclass(frozen=True, slots=True)
class PriceList:
    """A published list. `demonstration_in_force_from` is ours and never the publisher's word."""

    code: str
    list_date: date
    demonstration_in_force_from: date
    source: Source
    lines: tuple[PriceLine, ...]

    @property
    def loaded_lines(self) -> tuple[PriceLine, ...]:
        """Every line of the source except the named duplicates."""
        return tuple(line for line in self.lines if line.duplicate_of is None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A whole data folder, checked."""

    sources: dict[str, Source]
    entities: tuple[Entity, ...]
    services: tuple[Service, ...]
    definitions: tuple[Definition, ...]
    price_lists: tuple[PriceList, ...]
    families: tuple[Family, ...] = ()


def as_json(value: Any) -> Any:
    """A shape, or a tuple of them, as what a JSON column gives back."""
    if isinstance(value, tuple):
        return [as_json(one) for one in value]
    # By way of text, because JSON has lists where shapes have tuples.
    return None if value is None else json.loads(json.dumps(asdict(value)))


def field_from_json(data: dict[str, Any]) -> Field:
    return Field(
        **{
            **data,
            "label": Text(**data["label"]),
            "help": Text(**data["help"]),
            "guidance": Text(**data["guidance"]),
            "required_when": _condition(data["required_when"]),
            "options": tuple(Option(o["value"], Text(**o["label"])) for o in data["options"]),
        }
    )


def document_from_json(data: dict[str, Any]) -> Document:
    return Document(
        **{
            **data,
            "name": Text(**data["name"]),
            "why": Text(**data["why"]),
            "when": _condition(data["when"]),
            "file_types": tuple(data["file_types"]),
        }
    )


def stage_from_json(data: dict[str, Any]) -> ProcedureStage:
    target = data["target"] and Target(**data["target"])
    return ProcedureStage(**{**data, "name": Text(**data["name"]), "target": target})


def fee_from_json(data: dict[str, Any]) -> GovernmentFee:
    return GovernmentFee(**{**data, "note": Text(**data["note"])})


def _condition(data: dict[str, str] | None) -> Condition | None:
    return Condition(**data) if data else None
