"""A file that hides something is refused, whatever its first bytes say."""

import zlib

import pytest

from sanad.cases import uploads
from tests.cases.files import JPEG, PDF, PNG, chunk
from tests.refusals import said


def pdf_with(part: bytes) -> bytes:
    return PDF.replace(b"trailer", part + b"\ntrailer")


def packed(part: bytes) -> bytes:
    return (
        b"2 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + zlib.compress(part)
        + b"\nendstream\nendobj"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", PDF), ("a.PNG", PNG), ("a.jpeg", JPEG),
                          ("a.jpg", JPEG + b"notes of the camera"),
                          ("a.pdf", pdf_with(packed(b"BT (plain text) Tj ET")))],
)  # fmt: skip
def test_whole_files_pass(name, content):
    assert uploads.check_upload(name, content).content == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", pdf_with(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")),
        ("a.pdf", pdf_with(b"/S /J#61vaScript")),
        ("a.pdf", pdf_with(b"/S /Launch /F (cmd.exe)")),
        ("a.pdf", pdf_with(b"/Names << /EmbeddedFiles 3 0 R >>")),
        ("a.pdf", pdf_with(packed(b"<< /S /JavaScript /JS (x) >>"))),
        ("a.pdf", b"%PDF-1.7\n<html><script>alert(1)</script></html>\n%%EOF"),
        ("a.pdf", PDF[:40]),
        ("a.png", PNG[:-4]),
        ("a.png", PNG + b"<script>alert(1)</script>"),
        ("a.png", PNG + b"PK\x03\x04"),
        ("a.png", PNG.replace(b"IDAT", b"IDAX")),
        ("a.png", PNG[:-12] + chunk(b"tEXt", b"c\x00<script src=x>") + chunk(b"IEND")),
        ("a.png", b"\x89PNG\r\n\x1a\n<html>"),
        ("a.jpg", JPEG[:-2]),
        ("a.jpg", JPEG + b"<SCRIPT>alert(1)</SCRIPT>"),
        ("a.jpg", JPEG[:20] + b"< html>" + JPEG[20:]),
    ],
)
def test_files_that_carry_more_are_refused(name, content):
    with pytest.raises(uploads.FileCarriesMore) as refusal:
        uploads.check_upload(name, content)

    said(refusal.value)


def test_a_bomb_is_opened_no_further_than_the_limit():
    bomb = pdf_with(packed(b"\x00" * (2 * uploads.MOST_INFLATED_BYTES)))

    assert len(bomb) < 10**6
    assert uploads.check_upload("a.pdf", bomb).media_type == "application/pdf"


def test_a_kept_file_that_is_gone_or_changed_is_said(tmp_path):
    upload = uploads.check_upload("a.pdf", PDF)
    place = uploads.keep(upload, tmp_path)
    assert uploads.content_of(upload.sha256, tmp_path) == PDF

    place.write_bytes(PDF + b" ")
    with pytest.raises(uploads.FileGone) as refusal:
        uploads.content_of(upload.sha256, tmp_path)
    said(refusal.value)
    place.unlink()
    with pytest.raises(uploads.FileGone):
        uploads.content_of(upload.sha256, tmp_path)
