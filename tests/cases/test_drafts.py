"""Nothing typed is lost: wrong answers are kept as typed, sealed ones stay; files are checked."""

import hashlib
import json
import stat

import pytest
from django.db import connection

from sanad.cases import actions as cases
from sanad.cases import uploads
from sanad.cases.models import Case, CaseDocument
from sanad.cases.rules import DocumentsMissing, FormIncomplete, NotNow
from sanad.catalogue import queries as catalogue
from tests.cases.changes import standing
from tests.cases.files import PDF, PNG
from tests.network import AISHA, RAHUL, RENEW_CARD
from tests.refusals import said
from tests.walk import ANSWERS, Walk

pytestmark = pytest.mark.django_db


def draft(walk: Walk, **answers) -> dict:
    """The problems of a draft, by field."""
    with walk.scope():
        return cases.save_draft(case=walk.case, answers=answers, at=walk.at)


def kept(walk: Walk) -> dict:
    """The answers in clear, as the moment of sending reads them."""
    with walk.scope():
        return cases.open_answers(Case.objects.get(id=walk.case))


@pytest.fixture
def card() -> Walk:
    return Walk(service=RENEW_CARD, client=RAHUL).opened()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("worker_phone", "12345"),
        ("worker_birth_date", "31/02/1990"),
        ("worker_birth_date", "2030-01-01"),
        ("employer_cr_number", "12٣x"),
        ("handles_food", "perhaps"),
        ("worker_civil_number", "12-ab"),
    ],
)
def test_what_is_wrong_is_kept_as_typed_with_the_sentence(card, field, typed):
    problems = draft(card, **ANSWERS[RENEW_CARD] | {field: typed})

    assert set(problems) == {field}
    said(problems[field].refused)
    assert kept(card)[field] == typed
    assert kept(card)["worker_name"] == "RAHUL MENON"


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("worker_phone", "٩١٢٣٤٥٦٧", "+96891234567"),
        ("worker_birth_date", "٣١/٠٥/١٩٩٠", "1990-05-31"),
        ("employer_cr_number", "۱۲۳۴۵۶۷", "1234567"),
        ("worker_civil_number", "٧١٢٣٤٥٦٧", "71234567"),
    ],
)
def test_digits_of_every_script_are_taken(card, field, typed, stored):
    draft(card, **{field: typed})

    assert kept(card)[field] == stored


def test_an_answer_that_is_not_given_stays_and_one_that_is_emptied_goes(card):
    draft(card, **ANSWERS[RENEW_CARD])

    draft(card, occupation="Cook")
    assert kept(card)["occupation"] == "Cook"
    assert kept(card)["worker_name"] == "RAHUL MENON"

    draft(card, occupation="")
    assert "occupation" not in kept(card)


def test_a_civil_number_inside_a_form_is_sealed_right_or_wrong(card):
    for typed in ("71234567", "not a number 4711"):
        draft(card, worker_civil_number=typed)
        with card.scope():
            stored = Case.objects.get(id=card.case).answers["worker_civil_number"]
            assert card.view().masked == {"worker_civil_number"}
            assert "worker_civil_number" not in card.view().answers
        assert list(stored) == ["sealed"] and typed not in json.dumps(stored)
        assert kept(card)["worker_civil_number"] == typed


def test_a_sealed_number_left_blank_keeps_the_old_one(card):
    draft(card, **ANSWERS[RENEW_CARD])
    problems = draft(card, **ANSWERS[RENEW_CARD] | {"worker_civil_number": ""})

    assert problems == {}
    assert kept(card)["worker_civil_number"] == "71234567"


def test_a_sealed_number_of_one_case_does_not_open_in_another(card):
    draft(card, **ANSWERS[RENEW_CARD])
    other = Walk(made={"visit": card.made["visit"], "person": card.made["person"]},
                 service=RENEW_CARD, client=RAHUL).opened()  # fmt: skip
    with card.scope():
        moved = Case.objects.get(id=card.case).answers
        Case.objects.filter(id=other.case).update(answers=moved)

    with pytest.raises(Exception, match="does not open with its key"):
        kept(other)


def test_an_incomplete_form_says_how_many_fields(card):
    draft(card, **ANSWERS[RENEW_CARD] | {"worker_phone": "1", "occupation": ""})

    with pytest.raises(FormIncomplete) as refusal, card.scope():
        cases.complete(case=card.case, at=card.at, by=AISHA)
    assert "2" in said(refusal.value)[0]
    assert card.status() == "draft"


def test_missing_documents_are_named_in_the_readers_language(card):
    draft(card, **ANSWERS[RENEW_CARD])

    with pytest.raises(DocumentsMissing) as refusal, card.scope():
        cases.complete(case=card.case, at=card.at, by=AISHA)

    arabic, english = said(refusal.value)
    assert "، " in arabic and ", " in english
    assert not any(letter.isascii() and letter.isalpha() for letter in arabic)


def test_a_paid_case_is_not_edited():
    walk = Walk().paid()
    before = standing(walk)
    code = "x"

    for verb, more in (
        (cases.save_draft, {"answers": {"membership_number": "9"}}),
        (cases.hold_document, {"code": code}),
        (cases.release_document, {"code": code}),
        (cases.add_file, {"code": code, "name": "a.pdf", "content": PDF}),
    ):
        with pytest.raises(NotNow), walk.scope():
            verb(case=walk.case, at=walk.at, **more)
    assert standing(walk) == before


# -- files ---------------------------------------------------------------------------------------


@pytest.fixture
def folder(settings, tmp_path):
    settings.SANAD_UPLOADS = tmp_path / "uploads"
    return settings.SANAD_UPLOADS


def add(walk: Walk, name: str, content: bytes, code: str = "") -> None:
    with walk.scope():
        code = code or next(iter(documents(walk)))
        cases.add_file(case=walk.case, code=code, name=name, content=content, at=walk.at)


def documents(walk: Walk) -> list[str]:
    service = catalogue.service(walk.service, walk.at.date())
    return [document.code for document in service.documents]


def test_a_file_is_kept_once_under_its_digest_readable_by_us_alone(card, folder):
    with card.scope():
        first, second = documents(card)[:2]
    add(card, "passport.PDF", PDF, first)
    add(card, "C:\\scans\\the same.pdf", PDF, second)

    digest = hashlib.sha256(PDF).hexdigest()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [digest]
    assert files[0].read_bytes() == PDF
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    with card.scope():
        assert CaseDocument.objects.filter(case_id=card.case).count() == 2
        assert {d.size_bytes for d in card.view().documents.values()} == {len(PDF)}


def test_a_second_file_takes_the_place_of_the_first(card, folder):
    add(card, "first.pdf", PDF)
    add(card, "second.png", PNG)

    with card.scope():
        (held,) = card.view().documents.values()
    assert (held.file_name, held.held_as) == ("second.png", "file")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("passport.pdf", b"MZ\x90\x00\x03", uploads.FileNotWhatItSays),
        ("passport.pdf", PNG, uploads.FileNotWhatItSays),
        ("passport.exe", PDF, uploads.FileNotWhatItSays),
        ("passport", PDF, uploads.FileNotWhatItSays),
        ("page.html", b"<script>", uploads.FileNotWhatItSays),
        ("جواز.pdf", b"", uploads.FileEmpty),
        ("scan.pdf", PDF + b"0" * uploads.LARGEST_BYTES, uploads.FileTooLarge),
    ],
    ids=["renamed exe", "a picture named pdf", "a pdf named exe", "no ending", "html", "empty",
         "too large"],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_not_kept(card, folder, name, content, reason):
    with pytest.raises(reason) as refusal:
        add(card, name, content)

    assert name in said(refusal.value)[0]
    assert not folder.exists()
    with card.scope():
        assert card.view().documents == {}


@pytest.mark.parametrize("code", ["no-such-document", "x" * 500, ""])
def test_a_document_that_nobody_asked_for_is_refused(card, folder, code):
    for verb, more in (
        (cases.hold_document, {}), (cases.add_file, {"name": "a.pdf", "content": PDF}),
    ):  # fmt: skip
        with pytest.raises(cases.NoSuchDocument) as refusal, card.scope():
            verb(case=card.case, code=code, at=card.at, **more)
        said(refusal.value)
    assert not folder.exists()


def test_what_is_stored_of_a_case_names_no_civil_number(card):
    draft(card, **ANSWERS[RENEW_CARD])
    with card.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM cases_case c")
        assert RAHUL.civil not in cursor.fetchone()[0]
