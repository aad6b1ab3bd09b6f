"""What a page of the Lab is about: a service in a snapshot, or a log that somebody uploaded.

Both have the same pages; a page's trail says from what, with which choices and by which program it
was made, and its link makes it again.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from sanad.accounts.roles import Role
from sanad.catalogue import queries as catalogue
from sanad.lab import procedures, snapshot, uploads
from sanad.lab.code_version import code_version
from sanad.lab.procedures import Studied
from sanad.lab.snapshot import Snapshot
from sanad.lab.uploads import Upload
from sanad.lib.business_day import business_date
from sanad.lib.refusal import N_, Refused
from sanad.web.lab.words import step_of_ours
from sanad.web.shell.isolate import FIRST_STRONG_ISOLATE, POP_ISOLATE
from sanad.web.shell.screen import SanadRequest, screen

ANALYSTS = screen(Role.ANALYST, Role.MINISTRY)
TABS: Final = (
    ("process", N_("The map")),
    ("waiting", N_("Waiting and hand-overs")),
    ("conformance", N_("Against the procedure")),
    ("compare", N_("Two groups")),
    ("cases", N_("Request by request")),
)


class NobodyAsked(Refused):
    code = "lab.nobody_asked"
    sentence = N_(
        "Nobody asked for this service in what the snapshot holds. Choose another service or a "
        "newer snapshot."
    )


@dataclass(frozen=True, eq=False)
class Subject:
    """A log with its pages. `service` is of ours, `upload` of one that was brought."""

    studied: Studied
    snapshot: Snapshot | None = None
    service: Any = None
    upload: Upload | None = None

    @property
    def is_ours(self) -> bool:
        return self.upload is None

    def address(self, page: str, /, **choices: Any) -> str:
        """The address of one of its pages with what was chosen on it."""
        query = f"?{urlencode(choices)}" if choices else ""
        return self._address(page) + query

    def step(self, name: str) -> str:
        """A step in the reader's words; an uploaded log's are its own."""
        return step_of_ours(name) if self.is_ours else name

    def quoted(self, name: str) -> str:
        """A step inside a sentence: set apart, for it may be in the other script."""
        return f"{FIRST_STRONG_ISOLATE}{self.step(name)}{POP_ISOLATE}"

    def tabs(self, current: str) -> list[dict[str, Any]]:
        """The pages, and which of them one is on."""
        return [
            {"address": self.address(page), "name": name, "is_here": page == current}
            for page, name in TABS
        ]

    def context(self, page: str, /, **choices: Any) -> dict[str, Any]:
        """What every page needs; `choices` are what it was drawn with, for its trail."""
        return {
            "subject": self, "tabs": self.tabs(page), "snapshot": self.snapshot,
            "service": self.service, "upload": self.upload,
            "trail": {
                "choices": [(name, str(value)) for name, value in choices.items()],
                "code": program(), "again": self.address(page, **choices),
            },
        }  # fmt: skip

    def _address(self, page: str) -> str:
        if self.upload is not None:
            return reverse(f"lab_upload_{page}", args=[self.upload.id])
        assert self.snapshot is not None
        return reverse(f"lab_{page}", args=[self.snapshot.id, self.service.code])

    def export(self, form: str) -> str:
        """Where the log is taken away."""
        if self.upload is not None:
            return reverse("lab_upload_export", args=[self.upload.id, form])
        assert self.snapshot is not None
        return reverse("lab_export", args=[self.snapshot.id, self.service.code, form])


def subject(
    request: SanadRequest, *, taken: str = "", service: str = "", upload: str = ""
) -> Subject:
    """What an address names. Raises `NoSuchSnapshot`, `NobodyAsked`, `NoSuchUpload`."""
    if upload:
        brought = uploads.upload(upload)
        return Subject(uploads.studied(brought), upload=brought)
    chosen = snapshot.snapshot(taken)
    found = procedures.studied(chosen, service)
    if found is None:
        raise NobodyAsked
    view = catalogue.service(service, business_date(request.at))
    return Subject(found, snapshot=chosen, service=view)


def whole(text: str, *, least: int, most: int, otherwise: int) -> int:
    """A whole number within bounds out of an address; what is none is `otherwise`."""
    return min(max(int(text), least), most) if text.isascii() and text.isdigit() else otherwise


@cache
def program() -> str:
    """The program's version, where it is known, and the digest of what computes in the Lab."""
    return f"{_version()}+{code_version()}".removeprefix("+")


def _version() -> str:
    try:
        return metadata.version("sanad")
    except metadata.PackageNotFoundError:  # run from its sources
        project = settings.HOME / "pyproject.toml"
        if not project.exists():
            return ""
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
