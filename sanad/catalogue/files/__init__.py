"""The catalogue's own files: read, checked, and turned into the shapes of `sanad.catalogue`.

A folder holds sources.yaml, entities.yaml, fields.yaml, documents.yaml, stages.yaml and the folders
services/, definitions/, families/ and price_lists/. docs/catalogue.md describes the format.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sanad.catalogue.files import faults
from sanad.catalogue.files.block import Block, open_file
from sanad.catalogue.files.definitions import Libraries, read_definition
from sanad.catalogue.files.families import Families
from sanad.catalogue.files.faults import CatalogueFileRefused, CatalogueRefused
from sanad.catalogue.files.lists import read_entities, read_price_list, read_services
from sanad.catalogue.files.located import Located
from sanad.catalogue.files.registry import Registry, read_sources
from sanad.catalogue.shapes import Catalogue, Definition, PriceList, Service

__all__ = [
    "DATA",
    "CatalogueFileRefused",
    "CatalogueRefused",
    "Checked",
    "check_folder",
    "read_catalogue",
    "read_price_list_file",
]

DATA: Final = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a folder holds and every mistake in it; usable only when there is none."""

    catalogue: Catalogue
    problems: list[CatalogueFileRefused]


def read_catalogue(folder: Path = DATA) -> Catalogue:
    """The whole folder. Raises CatalogueRefused with every mistake."""
    checked = check_folder(folder)
    if checked.problems:
        raise CatalogueRefused(checked.problems)
    return checked.catalogue


def read_price_list_file(path: Path, folder: Path = DATA) -> PriceList:
    """One price list that is not (yet) in the folder whose services it names.

    Raises CatalogueRefused with every mistake of the list or of the folder.
    """
    reading = _Reading(folder)
    reading.everything()
    found = reading.price_list(path.parent, path.name)
    if reading.problems or found is None:
        raise CatalogueRefused(_in_order(reading.problems))
    return found


def check_folder(folder: Path = DATA) -> Checked:
    """Read the whole folder and note every mistake instead of stopping at the first."""
    reading = _Reading(folder)
    catalogue = reading.everything()
    return Checked(catalogue, _in_order(reading.problems))


class _Reading:
    """One pass over a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[CatalogueFileRefused] = []
        self.entities = Registry("entities.yaml")
        self.services = Registry("services/")
        self.defined = Registry("definitions/")
        sources = self._open("sources.yaml")
        self.sources = read_sources(sources) if sources else {}

    def everything(self) -> Catalogue:
        root = self._open("entities.yaml")
        entities = read_entities(root, self.sources, self.entities) if root else []
        described = self._open_all("definitions")
        defined = {root.text("service") for root in described}
        services = [
            service
            for root in self._open_all("services")
            for service in self._services(root, defined)
        ]
        libraries = Libraries(
            self._library("fields"),
            self._library("documents"),
            self._library("stages"),
            self.sources,
        )
        definitions = [self._definition(root, libraries) for root in described]
        families = Families(self.services, defined, libraries)
        for root in self._open_all("families"):
            families.read(root)
        self._need_forms(services, defined | families.of_service.keys())
        lists = [
            found
            for name in self._names("price_lists")
            if (found := self.price_list(self.folder, f"price_lists/{name}"))
        ]
        lists.sort(key=lambda one: one.list_date)
        start = min((one.demonstration_in_force_from for one in lists), default=date.min)
        return Catalogue(
            sources=self.sources,
            entities=tuple(entities),
            services=tuple(services),
            definitions=(*definitions, *families.definitions(services, start)),
            price_lists=tuple(lists),
            families=tuple(families.found),
        )

    def price_list(self, folder: Path, file: str) -> PriceList | None:
        root = open_file(folder, file, self.problems)
        return read_price_list(root, self.sources, self.services) if root else None

    def _services(self, root: Block, defined: set[str]) -> list[Service]:
        return read_services(root, self.sources, self.entities, self.services, defined)

    def _need_forms(self, services: list[Service], formed: set[str]) -> None:
        """Note every service that has neither a definition nor a family."""
        for code in dict.fromkeys(one.code for one in services):
            if code and code not in formed:
                file, line = self.services.place(code)
                self.problems.append(
                    CatalogueFileRefused(faults.WITHOUT_FAMILY, file, line, value=code)
                )

    def _definition(self, root: Block, libraries: Libraries) -> Definition:
        definition = read_definition(root, self.services, libraries)
        self.defined.add(root, "service", f"{definition.service}@{definition.in_force_from}")
        return definition

    def _library(self, name: str) -> Block:
        root = self._open(f"{name}.yaml")
        library = root.block(name) if root else None
        return library or Block(Located({}, 1, f"{name}.yaml"), self.problems)

    def _names(self, below: str) -> list[str]:
        return sorted(path.name for path in (self.folder / below).glob("*.yaml"))

    def _open_all(self, below: str) -> list[Block]:
        roots = (self._open(f"{below}/{name}") for name in self._names(below))
        return [root for root in roots if root]

    def _open(self, file: str) -> Block | None:
        return open_file(self.folder, file, self.problems)


def _in_order(problems: list[CatalogueFileRefused]) -> list[CatalogueFileRefused]:
    """By file and line; what several definitions share is said once."""
    once = {str(problem): problem for problem in problems}
    return sorted(once.values(), key=lambda one: (one.file, one.line))
