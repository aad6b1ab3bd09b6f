"""Logs that are brought: choosing columns, refusals that keep what was typed, and deleting."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sanad.lab import upload_files, uploads
from sanad.web.lab import uploading
from tests.lab.test_uploads import BROKEN, HEADING, LINES, XES, left, table
from tests.network import AISHA, HUDA, NASSER
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
PAGES = ("process", "waiting", "conformance", "compare", "cases")
# A browser sends no name that leads elsewhere, and Django would refuse it before us.
BROUGHT = [what for what, (name, _, _) in BROKEN.items() if name != ".."]
WITH_KIND = [[*line, kind] for line, kind in zip(LINES, ["fast", "fast", "slow"], strict=True)]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.SANAD_SNAPSHOTS = tmp_path / "snapshots"
    yield tmp_path / "snapshots" / "uploads"
    uploads.studied.cache_clear()


def bring(client: Any, content: bytes, *, name: str = "log.csv", title: str = "") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("lab_uploads"), {"file": file, "title": title})


def chosen(client: Any, content: bytes = table(WITH_KIND, [*HEADING, "speed"]), **more: str) -> str:
    """The id of a log whose columns are chosen as guessed."""
    answer = bring(client, content, title="Permits")
    form = client.get(answer.url).context["fields"]
    values = {field.name: field.value for field in form} | {"kind": "speed"} | more
    done = client.post(answer.url, values)
    assert done.status_code == 302, words_of(done)
    return str(done.url.rstrip("/").rpartition("/")[2])


def test_xes_is_read_at_once() -> None:
    content = XES + b'<event><string key="concept:name" value="a"/><date key="time:timestamp"'
    content += b' value="2025-09-01T08:00:00+04:00"/></event></trace></log>'
    client = signed_in(NASSER)
    answer = bring(client, content, name="log.xes")
    [found] = uploads.uploads()
    assert answer.url == reverse("lab_upload_process", args=[found.id])
    assert client.get(answer.url).context["found"].map.cases == 1


def test_the_form_says_its_limits_before() -> None:
    said = words_of(signed_in(NASSER).get(reverse("lab_uploads")))
    assert "At most 32 MB and 2,000,000 events." in said
    assert "not the network's data" in said.replace("&#x27;", "'")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_is_there_and_says_whose_data_it_is(language: str) -> None:
    client = signed_in(NASSER, language=language)
    found = chosen(client)
    for page in PAGES:
        seen = client.get(reverse(f"lab_upload_{page}", args=[found]))
        assert seen.status_code == 200, page
        said = words_of(seen).replace("&#x27;", "'")
        assert found in said
        assert ("ليس من بيانات الشبكة" if language == "ar" else "Not the network's data") in said
        assert client.get(seen.context["trail"]["again"]).status_code == 200
    for form in ("xes", "ocel"):
        assert client.get(reverse("lab_upload_export", args=[found, form])).status_code == 200


def test_its_kinds_of_case_are_compared() -> None:
    client = signed_in(NASSER)
    at = reverse("lab_upload_compare", args=[chosen(client)])
    seen = client.get(at, {"by": "kind", "first": "fast", "second": "slow"})
    assert seen.context["groups"].sizes == (1, 1)
    assert dict(seen.context["kinds"])["kind"] == "By “speed”"


def test_it_is_held_against_its_own_usual_way() -> None:
    client = signed_in(NASSER)
    lines = [*LINES, ["c3", "register", "2025-09-02T08:00:00", "x"]]
    found = chosen(client, table(lines), kind="")
    seen = client.get(reverse("lab_upload_conformance", args=[found]))
    assert (seen.context["cases"], seen.context["kept"]) == (3, 2)
    [row] = seen.context["rows"]
    listed = client.get(row["cases"]).context
    assert [one["name"] for one in listed["rows"]] == ["c1"]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("what", BROUGHT)
def test_a_broken_file_is_refused_in_ones_language_and_the_title_stays(
    folder: Path, what: str, language: str
) -> None:
    name, content, refusal = BROKEN[what]
    client = signed_in(NASSER, language=language)
    answer = bring(client, content, name=name, title="My permits")
    assert answer.status_code == 422
    assert isinstance(answer.context["refusal"], refusal)
    assert 'value="My permits"' in answer.content.decode()
    assert left(folder) == []


def test_no_file_is_said() -> None:
    answer = signed_in(NASSER).post(reverse("lab_uploads"), {"title": "My permits"})
    assert answer.status_code == 422
    assert isinstance(answer.context["refusal"], uploading.FileMissing)


def test_columns_chosen_wrong_are_refused_and_the_choice_stays(folder: Path) -> None:
    client = signed_in(NASSER)
    at = bring(client, table()).url
    wrong = {"case": "case_id", "activity": "timestamp", "time": "activity", "offset_minutes": "0"}
    answer = client.post(at, wrong)
    assert answer.status_code == 422
    values = {field.name: field.value for field in answer.context["fields"]}
    assert {name: values[name] for name in wrong} == wrong
    assert uploads.uploads() == []
    none = client.post(at, wrong | {"time": "another file's column"})
    assert isinstance(none.context["refusal"], uploads.NothingChosen)
    assert client.post(at, {"give_up": "1"}).status_code == 302
    assert left(folder) == []


def test_a_file_above_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(upload_files, "LARGEST_BYTES", 10)
    answer = bring(signed_in(NASSER), table())
    assert isinstance(answer.context["refusal"], upload_files.UploadTooLarge)
    assert left(folder) == []


def test_the_same_log_again_is_said() -> None:
    first = chosen(signed_in(NASSER))
    other = signed_in(HUDA)
    assert chosen(other) == first
    seen = other.get(reverse("lab_upload_process", args=[first]))
    assert "This log is here already; it was not added twice." in words_of(seen)
    assert [one.by for one in uploads.uploads()] == [NASSER]


def test_others_see_it_but_only_its_uploader_deletes_it(folder: Path) -> None:
    found = chosen(signed_in(NASSER))
    other = signed_in(HUDA)
    assert "Permits" in words_of(other.get(reverse("lab_uploads")))
    at = reverse("lab_upload_delete", args=[found])
    assert other.post(at).status_code == 409
    assert uploads.upload(found).by == NASSER
    client = signed_in(NASSER)
    assert client.get(at).status_code == 405
    said = words_of(client.post(at, follow=True))
    assert "“Permits” is deleted." in said
    assert left(folder) == []
    assert client.get(reverse("lab_upload_process", args=[found])).status_code == 409


def test_a_draft_is_nobody_elses() -> None:
    at = bring(signed_in(NASSER), table()).url
    assert signed_in(HUDA).get(at).status_code == 409


def test_the_counter_brings_no_logs() -> None:
    found = chosen(signed_in(NASSER))
    client = signed_in(AISHA)
    assert bring(client, table()).status_code == 403
    names = [*(f"lab_upload_{page}" for page in PAGES), "lab_upload_delete"]
    for name in names:
        assert client.get(reverse(name, args=[found])).status_code == 403


def test_names_of_steps_are_shown_and_never_run() -> None:
    lines = [["<b>c</b>", "<script>alert(1)</script>", "2025-09-01T08:00:00", "<i>x</i>"]]
    client = signed_in(NASSER)
    found = chosen(client, table(lines), kind="")
    for page in PAGES:
        text = client.get(reverse(f"lab_upload_{page}", args=[found])).content.decode()
        assert "<script>alert" not in text
        assert "<i>x" not in text
