"""The picture in an answer, decoded while it comes: never more than one block in memory."""

import binascii
import importlib
from collections.abc import Callable
from typing import BinaryIO

START = b'"b64_json": "'


def _decoder() -> Callable[[bytes], bytes]:
    try:
        pybase64 = importlib.import_module("pybase64")
    except ImportError:
        return binascii.a2b_base64
    decode: Callable[[bytes], bytes] = lambda text: pybase64.b64decode(text, validate=True)  # noqa: E731
    return decode


_decode = _decoder()


class Picture:
    """Takes blocks of an answer and writes the first picture in it to `file`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = b""
        self._begun = self._ended = False

    def feed(self, block: bytes) -> None:
        if self._ended:
            return
        data = self._left + block
        if not self._begun:
            place = data.find(START)
            if place < 0:
                self._left = data[-len(START) :]
                return
            self._begun = True
            data = data[place + len(START) :]
        end = data.find(b'"')
        if end >= 0:
            self._ended = True
            data = data[:end]
        whole = len(data) if self._ended else len(data) // 4 * 4
        self._file.write(_decode(data[:whole]))
        self._left = data[whole:]
