"""YAML that remembers on which line everything stands."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from sanad.catalogue.files.faults import BROKEN_YAML, REPEATED_KEY, CatalogueFileRefused

_CONTROL = re.compile(r"[^\S \n]+|\s{2,}")


@dataclass(frozen=True, slots=True)
class Located:
    """A value and its place. `value` is a scalar, a list of these, or a dict of key -> these.

    A day stays text, so that a day that does not exist can be named; a number with a point is
    a float; everything else is what YAML says.
    """

    value: Any
    line: int
    file: str


class LocatedYaml:
    """Reads one file; mistakes go to `problems`."""

    def __init__(self, file: str, problems: list[CatalogueFileRefused]) -> None:
        self.file = file
        self.problems = problems

    def read(self, text: str) -> Located | None:
        """The root of the document, or None when the text is no YAML at all."""
        try:
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            why = getattr(error, "problem", None) or str(error)
            self._add(
                BROKEN_YAML, mark.line + 1 if mark else 1, why=_CONTROL.sub(" ", why).rstrip(".")
            )
            return None
        return self._locate(node) if node is not None else Located(None, 1, self.file)

    def _locate(self, node: yaml.Node) -> Located:
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return Located(self._mapping(node), line, self.file)
        if isinstance(node, yaml.SequenceNode):
            return Located([self._locate(one) for one in node.value], line, self.file)
        return Located(_scalar(node.tag.rpartition(":")[2], node.value), line, self.file)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Located]:
        found: dict[str, Located] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in found:
                self._add(REPEATED_KEY, key_node.start_mark.line + 1, key=key)
            located = self._locate(value_node)
            # The line of the key is where the reader looks, even if the value starts below it.
            found[key] = Located(located.value, key_node.start_mark.line + 1, self.file)
        return found

    def _add(self, fault: Any, line: int, **facts: Any) -> None:
        self.problems.append(CatalogueFileRefused(fault, self.file, line, **facts))


def _scalar(tag: str, text: str) -> Any:
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in {"true", "yes", "on"}
    if tag == "int" and re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if tag == "float" and re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+", text):
        return float(text)
    return text
