"""Columns of millions of rows, built at once: identifiers, moments and texts.

NumPy and Arrow only. A column of identifiers has shape (n, 16) of uint8; -1 in a column of
moments (whole seconds of UTC since 1970) means none.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
_HEX: Final = np.frombuffer(b"".join(b"%02x" % n for n in range(256)), np.uint8).reshape(256, 2)
# Where the 16 bytes of a uuid stand in its written form, two characters each.
_PLACES: Final = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]
_HYPHENS: Final = [8, 13, 18, 23]
UUID_LENGTH: Final = 36


def uuids(seconds: Ints, words: npt.NDArray[np.uint64]) -> Bytes:
    """Version 7 of RFC 9562: the moment in front, then the bits of `words`; shape (n, 16)."""
    made = np.empty((len(seconds), 16), dtype=np.uint8)
    milliseconds = (seconds.astype(np.uint64) * np.uint64(1000)) + (words >> np.uint64(54))
    made[:, :6] = milliseconds.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 2:]
    low = words * np.uint64(0x9E3779B97F4A7C15)
    made[:, 6:8] = (words & np.uint64(0xFFF)).astype(">u2").view(np.uint8).reshape(-1, 2)
    made[:, 8:] = (low ^ (words >> np.uint64(12))).astype(">u8").view(np.uint8).reshape(-1, 8)
    made[:, 6] = (made[:, 6] & 0x0F) | 0x70
    made[:, 8] = (made[:, 8] & 0x3F) | 0x80
    return made


def uuid_text(ids: Bytes) -> pa.Array:
    """The written form of each identifier."""
    text = np.full((len(ids), UUID_LENGTH), ord("-"), dtype=np.uint8)
    for byte, place in enumerate(_PLACES):
        text[:, place : place + 2] = _HEX[ids[:, byte]]
    offsets = np.arange(len(ids) + 1, dtype=np.int32) * UUID_LENGTH
    return pa.StringArray.from_buffers(len(ids), pa.py_buffer(offsets), pa.py_buffer(text))


def ids_or_null(ids: Bytes, present: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Identifiers as an Arrow column, null where `present` is false."""
    data = np.ascontiguousarray(ids)
    validity = None
    if present is not None:
        validity = pa.py_buffer(np.packbits(present, bitorder="little"))
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(data.shape[1]), len(data), [validity, pa.py_buffer(data)]
    )


def no_ids(count: int) -> pa.Array:
    return pa.nulls(count, pa.binary(16))


def moments(seconds: Ints) -> npt.NDArray[np.datetime64]:
    """UTC moments; -1 becomes none."""
    found = (seconds * 1_000_000).astype("datetime64[us]")
    found[seconds < 0] = np.datetime64("NaT")
    return found


def whole(numbers: npt.NDArray[Any], kind: Any = np.int64) -> npt.NDArray[Any]:
    return np.ascontiguousarray(numbers, dtype=kind)


def or_null(numbers: npt.NDArray[Any], present: npt.NDArray[np.bool_], kind: Any) -> pa.Array:
    """Numbers as an Arrow column, null where `present` is false."""
    return pa.array(numbers.astype(kind), mask=~present)


def joined(*parts: Any) -> pa.Array:
    """Texts side by side, row by row; numbers are written out, single texts repeat."""
    columns = [_text(part) for part in parts]
    return pc.binary_join_element_wise(*columns, "")


def chosen(texts: list[str], which: Ints) -> pa.Array:
    """A text for each row, out of a short list."""
    return pa.array(texts, pa.string()).take(pa.array(which))


def repeated(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), count)


def iso_seconds(seconds: Ints) -> pa.Array:
    """2025-09-30T06:00:00+00:00"""
    stamps = pa.array(seconds, pa.timestamp("s"))
    return pc.binary_join_element_wise(
        pc.strftime(stamps, format="%Y-%m-%dT%H:%M:%S"), "+00:00", ""
    )


def filled(template: str, **facts: Any) -> pa.Array:
    """A template with {names}, filled row by row."""
    parts: list[Any] = []
    rest = template
    while "{" in rest:
        before, _, rest = rest.partition("{")
        name, _, rest = rest.partition("}")
        parts += [before, facts[name]]
    return joined(*parts, rest)


def _text(part: Any) -> Any:
    if isinstance(part, str):
        return pa.scalar(part, pa.string())
    if isinstance(part, np.ndarray):
        return pc.cast(pa.array(part), pa.string())
    return part
