"""Made-up names of centres and people from the word lists in `data/`.

No name of a real centre or person is used; a likeness is chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from sanad.lib.bilingual import Text
from sanad.lib.draws import Draws
from sanad.lib.refusal import N_, Refused

DATA: Final = Path(__file__).parent / "data"
Sex = Literal["male", "female"]


class TooFewWords(Refused):
    code = "centres.too_few_words"
    sentence = N_(
        "{village} has {centres} centres and centre_names.yaml has only {words} words, so two "
        "centres would share a name. Add words to the file."
    )


@dataclass(frozen=True, slots=True)
class PersonName:
    """A made-up person's name in both languages, with what the name tells."""

    text: Text
    sex: Sex
    nationality: str  # ISO 3166-1, two letters


@dataclass(frozen=True, slots=True)
class Group:
    """People from one country abroad; `share` is their part of clients from abroad."""

    nationality: str
    share: float
    given: dict[Sex, tuple[Text, ...]]
    family: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PeopleNames:
    """The word lists and how a name is put together from them."""

    given: dict[Sex, tuple[Text, ...]]
    tribes: dict[Sex, tuple[Text, ...]]
    groups: tuple[Group, ...]

    def omani(self, draws: Draws, women_share: float = 0.5) -> PersonName:
        """Given name, father's name and tribe."""
        sex: Sex = "female" if draws.fraction() < women_share else "male"
        given = draws.one_of(self.given[sex])
        father = draws.one_of(self.given["male"])
        tribe = draws.one_of(self.tribes[sex])
        son_ar, son_en = ("بنت", "bint") if sex == "female" else ("بن", "bin")
        name = Text(
            ar=f"{given.ar} {son_ar} {father.ar} {tribe.ar}",
            en=f"{given.en} {son_en} {father.en} {tribe.en}",
        )
        return PersonName(name, sex, "OM")

    def expatriate(self, draws: Draws, women_share: float = 0.2) -> PersonName:
        """A client from abroad, of a group by its share."""
        group = draws.one_by_share(self.groups, [group.share for group in self.groups])
        sex: Sex = "female" if draws.fraction() < women_share else "male"
        given, family = draws.one_of(group.given[sex]), draws.one_of(group.family)
        name = Text(ar=f"{given.ar} {family.ar}", en=f"{given.en} {family.en}")
        return PersonName(name, sex, group.nationality)


def read_people_names(folder: Path = DATA) -> PeopleNames:
    document = _document(folder / "people_names.yaml")
    omani = document["omani"]
    return PeopleNames(
        given={"male": _texts(omani["male"]), "female": _texts(omani["female"])},
        tribes={
            "male": _texts([tribe["male"] for tribe in omani["tribes"]]),
            "female": _texts([tribe["female"] for tribe in omani["tribes"]]),
        },
        groups=tuple(
            Group(
                nationality=group["nationality"],
                share=group["share"],
                given={"male": _texts(group["male"]), "female": _texts(group["female"])},
                family=_texts(group["family"]),
            )
            for group in document["expatriate"]
        ),
    )


def read_centre_words(folder: Path = DATA) -> tuple[Text, ...]:
    return _texts(_document(folder / "centre_names.yaml")["words"])


def centre_names(words: Sequence[Text], village: Text, count: int, draws: Draws) -> list[Text]:
    """`count` different names for the centres of a village."""
    if count > len(words):
        raise TooFewWords(village=village.en, centres=count, words=len(words))
    return [
        Text(ar=f"مركز {word.ar} – {village.ar}", en=f"{word.en} centre – {village.en}")
        for word in draws.some_of(words, count)
    ]


def _document(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _texts(pairs: Sequence[dict[str, str]]) -> tuple[Text, ...]:
    return tuple(Text(ar=pair["ar"], en=pair["en"]) for pair in pairs)
