"""What a reader of the sustainability pages chooses, read from the address and checked."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sanad.centres import queries as centres
from sanad.centres.demonstration import demonstration_network
from sanad.lab.calibration import SEED
from sanad.lab.code_version import code_version
from sanad.lab.sustainability import network, shocks
from sanad.lab.sustainability.costs import LINES, RENT, read_defaults
from sanad.lab.sustainability.network import Assessed, assess
from sanad.lab.twin.facts import Flags
from sanad.lab.twin.network.scenarios import BASELINE, known_scenarios
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused
from sanad.web.shell.fields import Choice, Field
from sanad.web.shell.screen import SanadRequest

NAMES: Final = ("calibration", "scenario", "costs", "without", "place")
CALIBRATIONS: Final = {
    "portal": Text("بحسب سلسلة البوابة", "By the portal's series"),
    "announced": Text("بحسب الأرقام المعلنة", "By the announced figures"),
}
LEVEL_NAMES: Final = {
    "low": Text("منخفضة", "Low"), "mid": Text("متوسطة", "Middle"), "high": Text("مرتفعة", "High"),
}  # fmt: skip
TEN: Final = "ten"
TEN_NAME: Final = Text("أكثر الخدمات دخلًا، عشر منها", "The ten services that bring most")


class NoSuchChoice(Refused):
    code = "lab.no_such_choice"
    sentence = N_("“{value}” in “{field}” cannot be used. Choose one of the list.")


@dataclass(frozen=True)
class Asked:
    """The choices, with defaults where none was made."""

    calibration: str
    scenario: str
    costs: str
    without: str
    place: str

    @property
    def query(self) -> str:
        """The same choices in an address."""
        return urlencode({name: getattr(self, name) for name in NAMES if getattr(self, name)})

    def found(self) -> Assessed:
        """The network under these choices. Raises what the twin refuses."""
        return assess(self.calibration, self.scenario, level=self.costs, stated=stated())


def asked(request: SanadRequest) -> Asked:
    """Read the choices. Raises `NoSuchChoice`."""
    defaults = {
        "calibration": settings.SANAD_DEMONSTRATION or "portal", "scenario": BASELINE,
        "costs": "mid", "without": "", "place": "",
    }  # fmt: skip
    chosen = {}
    for field in fields(typed(request)):
        value = field.value or defaults[field.name]
        if value and value not in {choice.value for choice in field.choices}:
            raise NoSuchChoice(value=field.value, field=field.label)
        chosen[field.name] = value
    return Asked(**chosen)


def typed(request: SanadRequest) -> dict[str, str]:
    """What the address says, unchecked."""
    return {name: request.GET.get(name, "").strip()[:60] for name in NAMES}


def fields(values: dict[str, str]) -> tuple[Field, ...]:
    """The questions of the form with these answers."""
    return (
        _field("calibration", _("Volumes"), values, _choices(CALIBRATIONS)),
        _field("scenario", _("Scenario"), values, _choices(
            {code: one.name for code, one in known_scenarios().items()}
        )),
        _field("costs", _("Costs that nobody stated"), values, _choices(LEVEL_NAMES)),
        _field("without", _("What is withdrawn"), values, _choices(withdrawals()), required=False),
        _field("place", _("Place of the list"), values, _choices(places()), required=False),
    )  # fmt: skip


def _field(
    name: str,
    label: str,
    values: dict[str, str],
    choices: tuple[Choice, ...],
    *,
    required: bool = True,
) -> Field:  # fmt: skip
    return Field(
        name=name, label=label, kind="choice", value=values.get(name, ""), choices=choices,
        required=required,
    )  # fmt: skip


def _choices(names: dict[str, Text]) -> tuple[Choice, ...]:
    language = get_language() or "ar"
    return tuple(Choice(code, name.in_language(language)) for code, name in names.items())


def withdrawals() -> dict[str, Text]:
    """The ten largest services, or an entity by its number."""
    return {TEN: TEN_NAME} | {str(n): name for n, name in network.entity_names().items()}


def places() -> dict[str, Text]:
    """Governorates as g1, and under each its wilayats as w1."""
    governorates, wilayats = network.place_names()
    of_governorate = network.governorate_of()
    found: dict[str, Text] = {}
    for code, name in governorates.items():
        found[f"g{code}"] = name
        for wilayat, its in wilayats.items():
            if of_governorate[wilayat] == code:
                found[f"w{wilayat}"] = Text(f"— {its.ar}", f"— {its.en}")
    return found


def in_place(found: Assessed, place: str) -> Flags:
    """(K,) the centres of a place; all of them where none is chosen."""
    model = found.income.model
    if not place:
        return model.centre >= 0
    codes = model.governorate if place.startswith("g") else model.wilayat
    chosen: Flags = codes == int(place[1:])
    return chosen


def taken_out(found: Assessed, without: str) -> Flags:
    """(S,) the services that are withdrawn. Raises `NoSuchService`."""
    if without == TEN:
        return shocks.of_services(found.income, shocks.ten_largest(found.income))
    return shocks.of_entity(found.income, int(without))


def stated() -> dict[int, Any]:
    """What owners state, where the network that is lived is the one that runs here."""
    same = settings.SANAD_DEMONSTRATION and int(settings.SANAD_SEED) == SEED
    return centres.all_stated_costs() if same else {}


@lru_cache(maxsize=2)
def centre_names(calibration: str) -> dict[int, Text]:
    """The made-up names of the calibration's centres."""
    return {one.id: one.name for one in demonstration_network(SEED, calibration).centres}


def trail(asked: Asked, found: Assessed) -> dict[str, Any]:
    """What a page is made from, for its reader to make it again."""
    defaults = read_defaults()
    return {
        "asked": asked, "query": f"{asked.query}&", "found": found,
        "calibration": CALIBRATIONS[asked.calibration], "quarter": network.QUARTER,
        "seed": SEED, "lives": len(found.income.lives), "code": code_version(),
        "stated": int(found.costs.stated.sum()),
        "assumed": [defaults.lines[code] for code in LINES if code != RENT],
        "rent": defaults.lines[RENT], "vat": defaults.vat,
        "model": found.income.model.digest[:16],
    }  # fmt: skip
