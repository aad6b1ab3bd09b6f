"""Tracking codes by the million; `lib.tracking_code` makes and explains one."""

from typing import Final

import numpy as np
import pyarrow as pa

from sanad.lab.twin.streams import Streams
from sanad.lib.tracking_code import ALPHABET

WIDE: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"  # the 37 characters of ISO 7064 MOD 37-2
MODULUS: Final = 37


def tracking_codes(streams: Streams, count: int) -> pa.Array:
    """`count` different codes, as `lib.tracking_code.new_code` writes them."""
    letters = np.frombuffer(ALPHABET.encode(), np.uint8)
    value = np.array([WIDE.index(chr(letter)) for letter in letters])
    draw = count + count // 5 + 100
    words = streams.words("tracking code", draw)
    places = np.empty((draw, 11), dtype=np.int64)
    for place in range(11):
        places[:, place] = (words >> np.uint64(5 * place)) & np.uint64(31)
    check = np.zeros(draw, dtype=np.int64)
    for place in range(11):
        check = (2 * check + value[places[:, place]]) % MODULUS
    digit = (1 - 2 * check) % MODULUS
    allowed = np.isin(digit, value)
    kept = np.flatnonzero(allowed)
    _, first = np.unique(words[kept] & np.uint64((1 << 55) - 1), return_index=True)
    kept = kept[np.sort(first)][:count]
    text = np.full((count, 14), ord("-"), dtype=np.uint8)
    written = np.empty((count, 12), dtype=np.uint8)
    written[:, :11] = letters[places[kept]]
    written[:, 11] = np.frombuffer(WIDE.encode(), np.uint8)[digit[kept]]
    for group in range(3):
        text[:, 5 * group : 5 * group + 4] = written[:, 4 * group : 4 * group + 4]
    offsets = np.arange(count + 1, dtype=np.int32) * 14
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(text))
