"""The machine-readable zone of a travel document: ICAO Doc 9303, TD3 (passports) and TD1 (cards).

| | lines | of | document number | its check | composite check over |
|---|---|---|---|---|---|
| TD3 | 2 | 44 | line 2, 1-9 | line 2, 10 | line 2: 1-10, 14-20, 22-43 |
| TD1 | 3 | 30 | line 1, 6-14 | line 1, 15 | line 1: 6-30; line 2: 1-7, 9-15, 19-29 |

Each check is the sum of the characters' values with the weights 7, 3, 1, modulo 10.
"""

from dataclasses import dataclass
from itertools import cycle

from sanad.lib.refusal import N_, Refused

FILLER = "<"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VALUES = {character: value for value, character in enumerate("0123456789" + LETTERS)} | {FILLER: 0}


class MrzRefused(Refused):
    code = "mrz.unreadable"
    sentence = N_(
        "The lines at the foot of the document were not read right. Clean the glass and read them "
        "again, or type the number."
    )


@dataclass(frozen=True)
class Document:
    """What the zone says; names are Latin, as the document has them."""

    kind: str  # "TD3" or "TD1"
    issuer: str
    number: str
    nationality: str
    surname: str
    given_names: str

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.surname}".strip()


def is_mrz(text: str) -> bool:
    """Whether a text looks like such lines at all."""
    lines = _lines(text)
    return FILLER in text and [len(line) for line in lines] in ([44, 44], [30, 30, 30])


def parse_mrz(text: str) -> Document:
    """Raises `MrzRefused` where the lines or one of their checks do not hold."""
    lines = _lines(text)
    if not is_mrz(text) or not set("".join(lines)) <= VALUES.keys():
        raise MrzRefused
    return _td3(*lines) if len(lines) == 2 else _td1(*lines)


def check_digit(text: str) -> str:
    """The check of some characters of a zone."""
    weighed = zip(text, cycle((7, 3, 1)), strict=False)
    return str(sum(VALUES[character] * weight for character, weight in weighed) % 10)


def _td3(first: str, second: str) -> Document:
    _require(second[:9], second[9])
    _require(second[13:19], second[19])
    _require(second[21:27], second[27])
    _require(second[:10] + second[13:20] + second[21:43], second[43])
    return _document("TD3", first[2:5], second[:9], second[10:13], first[5:])


def _td1(first: str, second: str, third: str) -> Document:
    _require(first[5:14], first[14])
    _require(second[:6], second[6])
    _require(second[8:14], second[14])
    _require(first[5:30] + second[:7] + second[8:15] + second[18:29], second[29])
    return _document("TD1", first[2:5], first[5:14], second[15:18], third)


def _document(kind: str, issuer: str, number: str, nationality: str, names: str) -> Document:
    surname, _, given = names.partition(FILLER * 2)
    return Document(
        kind, _plain(issuer), number.replace(FILLER, ""), _plain(nationality), _plain(surname),
        _plain(given),
    )  # fmt: skip


def _require(text: str, check: str) -> None:
    if check_digit(text) != check:
        raise MrzRefused


def _plain(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())


def _lines(text: str) -> list[str]:
    return [line.strip().upper() for line in text.splitlines() if line.strip()]
