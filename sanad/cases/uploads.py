"""Files that people bring: is it what it says it is?

The name says one type, the browser another, and only the first bytes tell the truth. Files are
kept by their digest, so the same scan twice is one file.
"""

import hashlib
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


@dataclass(frozen=True)
class Upload:
    """A file that passed the checks."""

    name: str
    media_type: str
    content: bytes
    sha256: bytes


def check_upload(name: str, content: bytes) -> Upload:
    """Raises `FileEmpty`, `FileTooLarge` or `FileNotWhatItSays`."""
    name = Path(name).name[:160]
    if not content:
        raise FileEmpty(name=name)
    if len(content) > LARGEST_BYTES:
        raise FileTooLarge(name=name, most_mb=LARGEST_BYTES // 1024**2)
    ending = name.rpartition(".")[2].lower()
    for media_type, (starts, endings) in SIGNATURES.items():
        if content.startswith(starts) and ending in endings:
            return Upload(name, media_type, content, hashlib.sha256(content).digest())
    raise FileNotWhatItSays(name=name)


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
