"""Which centres and which services a lever is about, and that they exist."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sanad.lab.twin.network.model import Model
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused

Mask = npt.NDArray[np.bool_]


class NoSuchPlace(Refused):
    code = "twin.no_such_place"
    sentence = N_(
        "The model has no centre at {kind} {number}. Choose one that has centres, or leave the "
        "place out to mean all of them."
    )


class NoSuchService(Refused):
    code = "twin.no_such_service"
    sentence = N_(
        "The model has no service “{which}”. Choose one by its code from the catalogue, or an "
        "entity by its number."
    )


_KINDS = {
    "governorate": Text("محافظة", "governorate"), "wilayat": Text("ولاية", "wilayat"),
    "centre": Text("رقم", "number"),
}  # fmt: skip


@dataclass(frozen=True)
class Centres:
    """All centres, or those of a governorate or a wilayat, or one."""

    governorate: int | None = None
    wilayat: int | None = None
    centre: int | None = None

    def of(self, model: Model) -> Mask:
        """(K,) which ones. Raises `NoSuchPlace`."""
        found = np.ones(len(model.centre), dtype=bool)
        for kind in _KINDS:
            number = getattr(self, kind)
            if number is not None:
                found &= getattr(model, kind) == number
                if not found.any():
                    raise NoSuchPlace(kind=_KINDS[kind], number=number)
        return found

    def facts(self) -> dict[str, Any]:
        """What was chosen, by name; `all` where nothing was."""
        chosen = {
            kind: getattr(self, kind)
            for kind in ("governorate", "wilayat", "centre")
            if getattr(self, kind) is not None
        }
        return chosen or {"all": True}


@dataclass(frozen=True)
class Services:
    """All services, or those of an entity, or one."""

    entity: int | None = None
    service: str | None = None

    def of(self, model: Model) -> Mask:
        """(S,) which ones. Raises `NoSuchService`."""
        found = np.ones(len(model.services), dtype=bool)
        if self.entity is not None:
            if self.entity not in model.entities:
                raise NoSuchService(which=self.entity)
            found &= model.entity == model.entities.index(self.entity)
        if self.service is not None:
            found &= np.array(model.services) == self.service
        if not found.any():
            raise NoSuchService(which=self.service or self.entity)
        return found

    def facts(self) -> dict[str, Any]:
        """What was chosen, by name; `all` where nothing was."""
        chosen: dict[str, Any] = {}
        if self.entity is not None:
            chosen["entity"] = self.entity
        if self.service is not None:
            chosen["service"] = self.service
        return chosen or {"all": True}
