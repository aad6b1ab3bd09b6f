"""A mapping of a catalogue file, read key by key; every mistake is noted and reading goes on.

A method that finds a mistake notes it and returns an empty value of its type, so that one run
names every mistake of the folder. The caller never keeps what was read if any was noted.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sanad.catalogue.files import faults
from sanad.catalogue.files.faults import CatalogueFileRefused, Fault
from sanad.catalogue.files.located import Located, LocatedYaml
from sanad.lib.bilingual import Text
from sanad.lib.money import MoneyRefused, baisa
from sanad.lib.refusal import N_

NO_DAY = date.min


class Block:
    """One mapping and the keys that were asked of it."""

    def __init__(self, root: Located, problems: list[CatalogueFileRefused]) -> None:
        self.file, self.line, self.problems = root.file, root.line, problems
        self.items: dict[str, Located] = root.value if isinstance(root.value, dict) else {}
        self._asked: set[str] = set()
        if not isinstance(root.value, dict):
            self.note(faults.WRONG_SHAPE, key=root.file, wanted=N_("a mapping of keys"))

    def note(self, fault: Fault, at: str | None = None, /, **facts: Any) -> None:
        """Note a mistake at the key `at`, or at the block when the key is not there."""
        self.problems.append(CatalogueFileRefused(fault, *self.place_of(at), **facts))

    def place_of(self, key: str | None) -> tuple[str, int]:
        """File and line of a key; of the block itself when it has no such key."""
        found = self.items.get(key or "")
        return (found.file, found.line) if found else (self.file, self.line)

    def value(self, key: str, *, required: bool = True) -> Any:
        self._asked.add(key)
        found = self.items.get(key)
        if required and (found is None or found.value in (None, "")):
            self.note(faults.MISSING, key, key=key)
        return found.value if found else None

    def text(self, key: str, *, required: bool = True) -> str:
        value = self.value(key, required=required)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self._wrong(key, N_("text; put it in quotes"))
        return ""

    def pair(self, stem: str, *, required: bool = True) -> Text:
        """`stem`_ar and `stem`_en as one bilingual text."""
        return Text(
            self.text(f"{stem}_ar", required=required), self.text(f"{stem}_en", required=required)
        )

    def one_of(self, key: str, known: Iterable[str], *, default: str | None = None) -> str:
        value = self.text(key, required=default is None) or default or ""
        if value and value not in known:
            self.note(
                faults.NOT_ONE_OF,
                key,
                key=key,
                value=value,
                known=", ".join(known),
            )
        return value

    def whole(self, key: str, *, low: int = 0, required: bool = True) -> int | None:
        value = self.value(key, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            self.note(faults.NOT_WHOLE, key, key=key, value=value, low=low)
            return None
        return value

    def baisa(self, key: str, *, required: bool = True) -> int:
        value = self.value(key, required=required)
        if value is None:
            return 0
        try:
            return baisa(value)
        except MoneyRefused:
            self.note(faults.NOT_BAISA, key, value=value)
            return 0

    def day(self, key: str) -> date:
        value = self.text(key)
        try:
            return date.fromisoformat(value) if value else NO_DAY
        except ValueError:
            self.note(faults.NOT_A_DATE, key, key=key, value=value)
            return NO_DAY

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.value(key, required=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._wrong(key, N_("true or false"))
            return default
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        value = self.value(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, list) or any(not isinstance(one.value, str) for one in value):
            self._wrong(key, N_("a list of texts"))
            return ()
        return tuple(one.value for one in value)

    def placed_texts(self, key: str) -> list[Located]:
        """The same with the place of each, where a mistake is to be named by its own line."""
        return list(self.items[key].value) if self.texts(key, required=True) else []

    def block(self, key: str, *, required: bool = True) -> "Block | None":
        value = self.value(key, required=required)
        if value is None:
            return None
        return Block(self.items[key], self.problems)

    def blocks(self, key: str, *, required: bool = True) -> "list[Block]":
        value = self.value(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list):
            self._wrong(key, N_("a list"))
            return []
        return [Block(one, self.problems) for one in value]

    def finish(self, also: Sequence[str] = ()) -> None:
        """Note every key that nobody asked for."""
        known = sorted(self._asked.union(also))
        for key in self.items:
            if key not in known:
                self.note(faults.UNKNOWN_KEY, key, key=key, known=", ".join(known))

    def _wrong(self, key: str, wanted: str) -> None:
        self.note(faults.WRONG_SHAPE, key, key=key, wanted=wanted)


def open_file(folder: Path, file: str, problems: list[CatalogueFileRefused]) -> Block | None:
    """The root of a file of the folder, or None after noting why it cannot be read."""
    try:
        text = (folder / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(CatalogueFileRefused(faults.MISSING_FILE, file, 1))
        return None
    except UnicodeDecodeError:
        problems.append(CatalogueFileRefused(faults.NOT_UTF8, file, 1))
        return None
    root = LocatedYaml(file, problems).read(text)
    return Block(root, problems) if root is not None else None
