"""Files that people bring: is it what it says it is?

The name says one type, the browser another, and only the first bytes tell the truth. Files are
kept by their digest, so the same scan twice is one file.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from sanad.lib.refusal import N_, Refused

LARGEST_BYTES = 5 * 1024**2
SIGNATURES: dict[str, tuple[tuple[bytes, ...], tuple[str, ...]]] = {
    "application/pdf": ((b"%PDF-",), ("pdf",)),
    "image/jpeg": ((b"\xff\xd8\xff",), ("jpg", "jpeg")),
    "image/png": ((b"\x89PNG\r\n\x1a\n",), ("png",)),
}


class FileTooLarge(Refused):
    code = "uploads.too_large"
    sentence = N_(
        "The file {name} is larger than {most_mb} MB. Scan it at a lower resolution and add it "
        "again."
    )


class FileEmpty(Refused):
    code = "uploads.empty"
    sentence = N_("The file {name} is empty. Scan the document again.")


class FileNotWhatItSays(Refused):
    code = "uploads.not_what_it_says"
    sentence = N_(
        "The file {name} is not a PDF, JPEG or PNG inside, whatever its name says. "
        "Scan or export the document again as one of these."
    )


class FileCarriesMore(Refused):
    code = "uploads.carries_more"
    sentence = N_(
        "The file {name} is broken, or holds a program or another file inside. Scan the document "
        "again, or print it to a plain PDF."
    )


class FileGone(Refused):
    code = "uploads.gone"
    sentence = N_(
        "The file is not where it was kept. Tell the administrator, who restores it from the "
        "backup; nothing else was changed."
    )


@dataclass(frozen=True)
class Upload:
    """A file that passed the checks."""

    name: str
    media_type: str
    content: bytes
    sha256: bytes


def check_upload(name: str, content: bytes) -> Upload:
    """Raises `FileEmpty`, `FileTooLarge`, `FileNotWhatItSays` or `FileCarriesMore`."""
    name = Path(name).name[:160]
    if not content:
        raise FileEmpty(name=name)
    if len(content) > LARGEST_BYTES:
        raise FileTooLarge(name=name, most_mb=LARGEST_BYTES // 1024**2)
    ending = name.rpartition(".")[2].lower()
    for media_type, (starts, endings) in SIGNATURES.items():
        if content.startswith(starts) and ending in endings:
            if not WHOLE_AND_PLAIN[media_type](content):
                raise FileCarriesMore(name=name)
            return Upload(name, media_type, content, hashlib.sha256(content).digest())
    raise FileNotWhatItSays(name=name)


def content_of(sha256: bytes, folder: Path) -> bytes:
    """What was kept under a digest. Raises `FileGone`, also where it is not what it was."""
    digest = sha256.hex()
    try:
        content = (folder / digest[:2] / digest).read_bytes()
    except OSError as error:
        raise FileGone from error
    if hashlib.sha256(content).digest() != sha256:
        raise FileGone
    return content


def keep(upload: Upload, folder: Path) -> Path:
    """Write the file under its digest, whole or not at all; its place."""
    digest = upload.sha256.hex()
    place = folder / digest[:2] / digest
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_suffix(".draft")
        draft.write_bytes(upload.content)
        draft.chmod(0o600)
        draft.rename(place)
    return place


# -- is it whole, and nothing else? ----------------------------------------------------------------

_PAGE = re.compile(rb"<\s*(?:script|html|svg|iframe|!doctype)", re.IGNORECASE)
# What makes a PDF act by itself or carry a file. Names may be written with #xx for a letter.
_ACTS = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z])"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
MOST_INFLATED_BYTES = 4 * LARGEST_BYTES


def _plain_pdf(content: bytes) -> bool:
    """It ends as a PDF does, and neither it nor its packed objects act or carry anything."""
    if b"%%EOF" not in content[-1024:] or _PAGE.search(content[:1024]):
        return False
    packed = b"".join(_inflated(stream) for stream in _STREAM.findall(content))
    return not any(_ACTS.search(_ESCAPED.sub(_letter, part)) for part in (content, packed))


def _plain_png(content: bytes) -> bool:
    """Every chunk's checksum holds, the last is the end, and nothing follows or hides in text."""
    at = 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        chunk = content[at + 4 : at + 8 + length]
        checksum = content[at + 8 + length : at + 12 + length]
        if zlib.crc32(chunk) != int.from_bytes(checksum, "big") or len(checksum) < 4:
            return False
        at += 12 + length
        if chunk[:4] == b"IEND":
            return at == len(content) and not _PAGE.search(content)
    return False


def _plain_jpeg(content: bytes) -> bool:
    """It has an end (cameras write their own notes after it), and no page of the web in it."""
    return b"\xff\xd9" in content and not _PAGE.search(content)


def _inflated(stream: bytes) -> bytes:
    """A packed part of a PDF in clear; nothing for a picture or what is packed otherwise."""
    try:
        return zlib.decompressobj().decompress(stream, MOST_INFLATED_BYTES)
    except zlib.error:
        return b""


def _letter(escaped: re.Match[bytes]) -> bytes:
    return bytes([int(escaped[1], 16)])


WHOLE_AND_PLAIN = {
    "application/pdf": _plain_pdf,
    "image/jpeg": _plain_jpeg,
    "image/png": _plain_png,
}
