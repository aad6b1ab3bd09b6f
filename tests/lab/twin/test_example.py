"""The example of the document runs."""

import re
from pathlib import Path
from typing import Any

import numpy as np

DOCUMENT = Path(__file__).parents[3] / "docs" / "twin.md"


def test_the_morning_of_the_document_happens() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    names: dict[str, Any] = {}
    exec(example, names)
    assert 40 <= len(names["customers"]) <= 80
    assert np.nanmin(names["waits"]) >= 0
