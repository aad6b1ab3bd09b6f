"""Lines of data files that know how to complain: file, line, what is wrong, what to write."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_, Refused


class NetworkFileRefused(Refused):
    """Any fault in a data file of the network."""

    code = "centres.file"
    sentence = N_("{file}, line {line}: this line cannot be read. Compare it with its neighbours.")


class FileMissing(NetworkFileRefused):
    code = "centres.file_missing"
    sentence = N_("{file} is not in {folder}. Put the file back from the repository.")


class WrongColumns(NetworkFileRefused):
    code = "centres.wrong_columns"
    sentence = N_("{file}, line 1: the columns are {found}. They must be {expected}.")


class WrongCell(NetworkFileRefused):
    code = "centres.wrong_cell"
    sentence = N_("{file}, line {line}: “{text}” cannot stand in {column}. Write {expected}.")


class RepeatedLine(NetworkFileRefused):
    code = "centres.repeated_line"
    sentence = N_("{file}, line {line}: {key} is already on an earlier line. Remove one of them.")


class UnknownPlace(NetworkFileRefused):
    code = "centres.unknown_place"
    sentence = N_(
        "{file}, line {line}: there is no {kind} with the code {key}. "
        "Use a code of {kind}s.csv or add the {kind} there."
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a CSV file that knows how to complain about itself."""

    file: str
    number: int
    cells: dict[str, str]

    def wrong(self, column: str, expected: str) -> WrongCell:
        return WrongCell(
            file=self.file,
            line=self.number,
            column=column,
            text=self.cells[column],
            expected=expected,
        )

    def text(self, column: str) -> str:
        if not self.cells[column].strip():
            raise self.wrong(column, "a text")
        return self.cells[column]

    def count(self, column: str) -> int:
        if not (self.cells[column].isascii() and self.cells[column].isdigit()):
            raise self.wrong(column, "a whole number from 0 up")
        return int(self.cells[column])

    def degrees(self, column: str, low: float, high: float) -> float:
        try:
            value = float(self.cells[column])
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise self.wrong(column, f"decimal degrees from {low} to {high}, which hold Oman")
        return value

    def lat(self, column: str = "lat") -> float:
        return self.degrees(column, 16.0, 27.0)

    def lon(self, column: str = "lon") -> float:
        return self.degrees(column, 51.0, 60.5)

    def name(self) -> Text:
        return Text(ar=self.text("name_ar"), en=self.text("name_en"))

    def several(self, column: str) -> tuple[str, ...]:
        return tuple(one for one in self.cells[column].split("|") if one)

    def one_of(self, column: str, known: Iterable[str]) -> str:
        if self.cells[column] not in known:
            raise self.wrong(column, " / ".join(known))
        return self.cells[column]

    def known(self, column: str, kind: str, codes: Iterable[int]) -> int:
        if (code := self.count(column)) not in codes:
            raise UnknownPlace(file=self.file, line=self.number, kind=kind, key=code)
        return code


def lines_of(folder: Path, file: str, columns: str, key: str) -> Iterator[Line]:
    """The lines of a file with exactly `columns`; the same `key` columns twice are refused."""
    path = folder / file
    if not path.is_file():
        raise FileMissing(file=file, folder=str(folder))
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if list(reader.fieldnames or ()) != columns.split():
            found = ", ".join(reader.fieldnames or ())
            raise WrongColumns(file=file, found=found, expected=", ".join(columns.split()))
        yield from _distinct(file, key.split(), reader)


def _distinct(file: str, key: list[str], reader: "csv.DictReader[str]") -> Iterator[Line]:
    seen: set[tuple[str, ...]] = set()
    for cells in reader:
        if None in cells or None in cells.values():
            raise NetworkFileRefused(file=file, line=reader.line_num)
        if (value := tuple(cells[column] for column in key)) in seen:
            raise RepeatedLine(file=file, line=reader.line_num, key=" ".join(value))
        seen.add(value)
        yield Line(file, reader.line_num, cells)


def items_of(path: Path, key: str) -> Iterator[tuple[int, Any]]:
    """The items of the list under `key` with the line each begins on."""
    loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
    try:
        for node in _sequence(loader.get_single_node(), key):
            yield node.start_mark.line + 1, loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NetworkFileRefused(file=path.name, line=line) from error
    except (KeyError, ValueError) as error:
        raise NetworkFileRefused(file=path.name, line=1) from error
    finally:
        loader.dispose()


def _sequence(root: yaml.Node | None, key: str) -> Iterator[yaml.Node]:
    """The nodes of the list under `key`; KeyError where the document has no such list."""
    if isinstance(root, yaml.MappingNode):
        for name, node in root.value:
            if name.value == key and isinstance(node, yaml.SequenceNode):
                yield from node.value
                return
    raise KeyError(key)
