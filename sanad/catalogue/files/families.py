"""Families: what like services ask for while their owners have published nothing.

Every service without a definition of its own is named by exactly one family, and no family is so
large that its form could fit none of its services.
"""

from datetime import date
from typing import Final

from sanad.catalogue.files import faults
from sanad.catalogue.files.block import Block
from sanad.catalogue.files.definitions import (
    UNKNOWN_FEE,
    Libraries,
    read_documents,
    read_procedure,
)
from sanad.catalogue.files.faults import CatalogueFileRefused, Fault
from sanad.catalogue.files.form_fields import read_form
from sanad.catalogue.files.located import Located
from sanad.catalogue.files.registry import Registry, read_provenance
from sanad.catalogue.shapes import Definition, Family, Service

LARGEST_FAMILY: Final = 20


class Families:
    """The families of all files, and which service each of them has taken."""

    def __init__(self, services: Registry, defined: set[str], libraries: Libraries) -> None:
        self.services, self.defined, self.libraries = services, defined, libraries
        self.codes = Registry("families/")
        self.found: list[Family] = []
        self.of_service: dict[str, Family] = {}

    def read(self, root: Block) -> None:
        inherited = read_provenance(root, self.libraries.sources)
        for block in root.blocks("families"):
            self._family(block, inherited)
        root.finish(also=("provenance",))

    def _family(self, block: Block, inherited: dict[str, str]) -> None:
        provenance = {**inherited, **read_provenance(block, self.libraries.sources)}
        for part in ("form", "documents", "procedure"):
            if part not in provenance:
                block.note(faults.UNMARKED, part, key=part)
        code = block.text("code")
        self.codes.add(block, "code", code)
        services = block.placed_texts("services")
        if len(services) > LARGEST_FAMILY:
            block.note(
                faults.FAMILY_TOO_LARGE,
                "services",
                family=code,
                count=len(services),
                most=LARGEST_FAMILY,
            )
        form = read_form(block, self.libraries.fields)
        family = Family(
            code=code,
            name=block.pair("name"),
            services=tuple(one.value for one in services),
            form=form,
            documents=read_documents(block, form, provenance, self.libraries),
            procedure=read_procedure(block, provenance, self.libraries),
            provenance=provenance,
        )
        block.finish(also=("provenance",))
        self.found.append(family)
        for one in services:
            self._take(block, one, family)

    def _take(self, block: Block, named: Located, family: Family) -> None:
        service = named.value
        if service not in self.services:
            _note(block, named, faults.UNKNOWN_REFERENCE, value=service, file="services/")
        elif service in self.defined:
            _note(block, named, faults.NEEDS_NO_FAMILY, value=service)
        elif service in self.of_service:
            other = self.of_service[service].code
            _note(block, named, faults.IN_TWO_FAMILIES, value=service, family=other)
        else:
            self.of_service[service] = family

    def definitions(self, services: list[Service], in_force_from: date) -> list[Definition]:
        """What each service of a family offers from a day on."""
        return [
            _definition(self.of_service[one.code], one, in_force_from)
            for one in services
            if one.code in self.of_service
        ]


def _definition(family: Family, service: Service, in_force_from: date) -> Definition:
    fee = service.government_fee or UNKNOWN_FEE
    return Definition(
        service=service.code,
        in_force_from=in_force_from,
        description=None,
        form=family.form,
        documents=family.documents,
        procedure=family.procedure,
        government_fee=fee,
        provenance={**family.provenance, "government_fee": fee.provenance},
        family=family.code,
    )


def _note(block: Block, named: Located, fault: Fault, **facts: str) -> None:
    block.problems.append(CatalogueFileRefused(fault, named.file, named.line, **facts))
