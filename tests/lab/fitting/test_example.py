"""The example of the document runs."""

import re
from pathlib import Path
from typing import Any

from tests.lab.fitting.office import Office, log_text

DOCUMENT = Path(__file__).parents[3] / "docs" / "fitting.md"


def test_the_example_of_the_document_happens(tmp_path, monkeypatch, capsys) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    monkeypatch.chdir(tmp_path)
    office = Office(an_hour=9, servers=1, service=300)
    Path("queue.csv").write_text(log_text(office, days=6, seed=3), encoding="utf-8")

    names: dict[str, Any] = {}
    exec(example, names)

    assert names["found"]["train_days"] == 4
    assert names["curve"].events > 0 and names["kinds"][0].kind == "permit"
    assert "4 days to learn from, 2 to foretell" in capsys.readouterr().out
