"""An images answer taken apart while it arrives, so that no answer is ever held in memory whole.

The base64 of the first picture goes out as bytes, block by block; everything else is kept as `text`, which is the same
JSON with nothing in the strings of its pictures. What the text says is read when all of it is there.
"""

import codecs
import contextlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pybase64

MAX_TEXT = 4 * 1024 * 1024
"""Bytes of an answer beside its pictures; a thousand times what one has."""


@dataclass(frozen=True, slots=True)
class Form:
    """Where an answer has its pictures.

    Attributes:
        items: the array of the answer with objects that have one.
        keys: of such an object, whose strings may be pictures; `url` only as a `data:` URL.
        kind: the `type` of such objects, the first of which counts; empty if it is the first in the array.
    """

    items: str
    keys: tuple[str, ...]
    kind: str = ""


IMAGES = Form("data", ("b64_json", "url"))
TOOL = Form("output", ("result",), "image_generation_call")

_DATA_URL = "data:"
_SNIFFED = 6 * len(_DATA_URL)
"""Bytes that may spell the beginning of a data URL: six for each character, as escapes."""

_NO_TEXT, _NO_JSON = b"\xff", b"\0"
"""Put into the text for what was wrong where its pictures were, so that it cannot be read either."""

_BOMS = {
    "utf-8-sig": ((codecs.BOM_UTF8, "utf-8"),),
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")),
}
"""Encodings that begin with a mark, as `json.detect_encoding` names them."""

_STRUCTURE = re.compile(rb'["{}\[\],:]')
_UNTIL_QUOTE = re.compile(rb'(?:[^"\\]++|\\[\s\S])*+')
_ESCAPES = re.compile(rb'(?:[^\\]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|)*+')
_VALID = re.compile(r'(?:[^\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|)*+')
_HALF_ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{0,3})?")
_PART_OF_GROUP = re.compile(rb"[A-Za-z0-9+/]{0,3}=?")
_LAST_GROUP = re.compile(rb"[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/]=)")


class TooLongError(ValueError):
    """There is more text beside the picture than any answer has."""


@dataclass(slots=True)
class _Frame:
    """An open object or array of the outer three levels.

    `key` is the one last read, `index` that of the item; `kind` is its `type`, where that matters and was read.
    """

    is_object: bool
    wants_key: bool
    key: str = ""
    index: int = 0
    kind: str = ""


class AnswerStream:
    """Feed it the body in blocks of any size, then `close` it.

    Attributes:
        text: the answer without the contents of its pictures' strings.
        has_picture: whether there is one; of several the first counts (of images: in `data[0]`, in `b64_json` or in a
            `data:` URL).
        at: index of the item that it stands in.
        is_broken: whether that picture is not base64; what follows the fault then goes out as it came.
        decoded: how many bytes went out before the fault, or at all.
    """

    def __init__(self, form: Form = IMAGES) -> None:
        self.text = bytearray()
        self.has_picture = self.is_broken = False
        self.decoded = self.at = 0
        self._form = form
        self._take: Callable[[bytes, int], int] = self._outside
        self._frames: list[_Frame] = []
        self._depth = 0
        self._escaped = False
        self._word_from = -1
        self._cut_at = 0
        self._sniffed = b""
        self._out: list[bytes] = []
        self._chars = _Unescaper()
        self._in_head = False
        self._base64 = Base64Reader()
        self._check = _StringCheck()
        self._head: bytes | None = b""
        self._recode: codecs.IncrementalDecoder | None = None

    def feed(self, block: bytes) -> bytes:
        """The picture's bytes that `block` completes.

        Raises:
            TooLongError: `text` is too long to go on.
        """
        if self._head is not None:
            self._head += block
            if len(self._head) < 4:
                return b""
            block = self._begin()
        return self._read(block)

    def close(self) -> bytes:
        """The body is whole; what was left of it that could not be read before, as `feed` gives it."""
        rest = self._read(self._begin()) if self._head is not None else b""
        if self._recode is not None:
            try:
                rest += self._read(self._recode.decode(b"", final=True).encode(errors="surrogatepass"))
            except UnicodeError:
                self._keep(_NO_TEXT)
        return rest

    def torn(self) -> tuple[bytes, int, bytes]:
        """The answer around what went out: the text before it, how much of it was base64, and the text after it."""
        return bytes(self.text[: self._cut_at]), self.decoded, bytes(self.text[self._cut_at :])

    def _begin(self) -> bytes:
        """Find out the encoding as `json.loads` does, from the first bytes."""
        head, self._head = self._head or b"", None
        encoding: str = json.detect_encoding(head)
        if encoding == "utf-8":
            return head
        if encoding in _BOMS:
            # Python's own readers of a mark fail on one that comes alone.
            mark, encoding = next((mark, name) for mark, name in _BOMS[encoding] if head.startswith(mark))
            head = head.removeprefix(mark)
        self._recode = codecs.getincrementaldecoder(encoding)("surrogatepass")
        return head

    def _read(self, block: bytes) -> bytes:
        if self._recode is not None and block:
            try:
                block = self._recode.decode(block).encode(errors="surrogatepass")
            except UnicodeError:
                self._keep(_NO_TEXT)
                return b""
        at = 0
        while at < len(block):
            at = self._take(block, at)
        out, self._out = self._out, []
        return out[0] if len(out) == 1 else b"".join(out)

    def _keep(self, piece: bytes) -> None:
        self.text += piece
        if len(self.text) > MAX_TEXT:
            raise TooLongError

    def _outside(self, block: bytes, at: int) -> int:
        """Between strings: follow the structure to know where a string stands."""
        found = _STRUCTURE.search(block, at)
        end = len(block) if found is None else found.end()
        self._keep(block[at:end])
        if found is not None:
            self._structure(found[0])
        return end

    def _structure(self, sign: bytes) -> None:
        top = self._frames[-1] if self._frames and self._depth == len(self._frames) else None
        match sign:
            case b'"':
                self._begin_string(top)
            case b"{" | b"[":
                self._depth += 1
                if self._depth <= 3:
                    self._frames.append(_Frame(sign == b"{", sign == b"{"))
            case b"}" | b"]":
                if top is not None:
                    self._frames.pop()
                self._depth = max(0, self._depth - 1)
            case b":" if top is not None:
                top.wants_key = False
            case b"," if top is not None:
                top.wants_key = top.is_object
                top.index += 1
            case _:
                pass

    def _begin_string(self, top: _Frame | None) -> None:
        self._take = self._copied
        if top is not None and top.wants_key:
            self._word_from = len(self.text) - 1
        elif top is not None and self._is_in_item():
            if self._is_picture(top):
                self._take = self._skipped
                self._check = _StringCheck()
                if not self.has_picture and (self._form.kind or self._frames[1].index == 0):
                    self._take, self._sniffed = self._sniff, b""
            elif self._form.kind and top.key == "type":
                self._word_from = len(self.text) - 1

    def _is_in_item(self) -> bool:
        if len(self._frames) != 3 or self._depth != 3:
            return False
        answer, items, item = self._frames
        return answer.is_object and answer.key == self._form.items and not items.is_object and item.is_object

    def _is_picture(self, item: _Frame) -> bool:
        # What says its type only later is taken for one: who reads the text finds out.
        return item.key in self._form.keys and item.kind in {"", self._form.kind}

    def _content(self, block: bytes, at: int) -> tuple[bytes, int, bool]:
        """What of the string's content is in `block` from `at` on, where it ends, and whether the string does."""
        if self._escaped:
            self._escaped = False
            piece, end, closed = self._content(block, at + 1)
            return block[at : at + 1] + piece, end, closed
        quote = block.find(b'"', at)
        stop = len(block) if quote < 0 else quote
        slash = block.find(b"\\", at, stop)
        if slash >= 0:
            found = _UNTIL_QUOTE.match(block, slash)
            stop = slash if found is None else found.end()
            self._escaped = block[stop : stop + 1] == b"\\"
            if self._escaped:
                return block[at:], len(block), False
        return block[at:stop], stop, stop < len(block)

    def _end_string(self, end: int) -> int:
        self._keep(b'"')
        self._take = self._outside
        return end + 1

    def _copied(self, block: bytes, at: int) -> int:
        piece, end, closed = self._content(block, at)
        self._keep(piece)
        if not closed:
            return end
        end = self._end_string(end)
        if self._word_from >= 0:
            with contextlib.suppress(ValueError):  # the text as a whole cannot be read then
                word = json.loads(bytes(self.text[self._word_from :]).decode(errors="surrogatepass"))
                top = self._frames[-1]
                if top.wants_key:
                    top.key = word
                else:
                    top.kind = word
            self._word_from = -1
        return end

    def _sniff(self, block: bytes, at: int) -> int:
        """The beginning of a string that may be a picture, until it shows whether it is a data URL."""
        piece, end, closed = self._content(block, at)
        self._sniffed += piece
        if not closed and len(self._sniffed) < _SNIFFED:
            return end
        self._decide(self._sniffed)
        # The quote is left for whoever goes on with the string.
        return end if not closed else end + self._take(b'"', 0)

    def _decide(self, head: bytes) -> None:
        is_data_url = _is_data_url(head[:_SNIFFED])
        if not is_data_url and (self._frames[2].key == "url" or not head):
            self._keep(head)
            self._take = self._copied
            return
        self.has_picture, self.at = True, self._frames[1].index
        self._chars, self._check = _Unescaper(), _StringCheck()
        self._in_head = is_data_url
        self._cut_at = len(self.text)
        self._take = self._picture
        self._decode(head)

    def _picture(self, block: bytes, at: int) -> int:
        piece, end, closed = self._content(block, at)
        self._decode(piece)
        if not closed:
            return end
        if not self.is_broken and (self._chars.rest or self._base64.rest or self._in_head):
            self._break(self._chars.rest)
        if self.is_broken:
            self._keep(self._check.close())
        return self._end_string(end)

    def _decode(self, piece: bytes) -> None:
        if self.is_broken:
            self._out.append(piece)
            self._keep(self._check.feed(piece))
            return
        carried = self._chars.rest
        if self._in_head:
            self._keep(self._check.feed(piece))  # else its base64 proves it
        try:
            out = self._base64.feed(self._after_comma(self._chars.feed(piece)))
        except ValueError:
            self._break(carried + piece)
        else:
            self.decoded += len(out)
            if out:
                self._out.append(out)

    def _after_comma(self, chars: bytes) -> bytes:
        """What follows the first comma of a data URL; the rest of it stays in the text."""
        if not self._in_head:
            return chars
        head, comma, picture = chars.partition(b",")
        self._keep(json.dumps((head + comma).decode("ascii"))[1:-1].encode())
        self._cut_at = len(self.text)
        self._in_head = not comma
        return picture

    def _break(self, raw: bytes) -> None:
        """It is no base64: all that was not decoded goes out as it came, to be kept as evidence."""
        self.is_broken = True
        self._check = _StringCheck()
        self._out.append(self._base64.rest)
        if raw:
            self._decode(raw)

    def _skipped(self, block: bytes, at: int) -> int:
        """The content of another picture, which was not asked for: only that it is a string matters."""
        piece, end, closed = self._content(block, at)
        self._keep(self._check.feed(piece))
        if not closed:
            return end
        self._keep(self._check.close())
        return self._end_string(end)


def _is_data_url(head: bytes) -> bool:
    """Whether the beginning of a JSON string spells `data:`."""
    whole = _ESCAPES.match(head)
    text = b"" if whole is None else whole[0]
    try:
        chars: str = json.loads(f'"{text.decode(errors="replace")}"', strict=False)
    except ValueError:
        return False
    return chars[: len(_DATA_URL)].lower() == _DATA_URL


class Base64Reader:
    """Strict base64 in pieces: nothing but its alphabet, whole groups of four, and padding at the very end.

    `rest` is what came of a group that is not whole. Line breaks, which are MIME's custom, are left out before.
    """

    def __init__(self) -> None:
        self.rest = b""
        self._ended = False

    def feed(self, chars: bytes) -> bytes:
        """The bytes of all whole groups so far.

        Raises:
            ValueError: that is no base64; nothing of `chars` was taken.
        """
        if not chars:
            return b""
        if self._ended:
            raise ValueError("something follows the padding")
        whole = self.rest + chars if self.rest else chars
        end = len(whole) & ~3
        padding = whole.find(b"=")
        if padding >= 0:
            group = padding & ~3
            if end > group and (end != group + 4 or len(whole) != end or not _LAST_GROUP.fullmatch(whole, group)):
                raise ValueError("padding in the middle")
            end = max(group, end)
            ended = end > group
        else:
            ended = False
        if not _PART_OF_GROUP.fullmatch(whole, end):
            raise ValueError("a letter that base64 does not have")
        out = pybase64.b64decode(memoryview(whole)[:end], validate=True)
        self.rest, self._ended = whole[end:], ended
        return out


class _Unescaper:
    """The contents of a JSON string in pieces; `rest` is an escape that came only in part."""

    def __init__(self) -> None:
        self.rest = b""

    def feed(self, raw: bytes) -> bytes:
        """The characters of `raw` as ASCII, without line breaks.

        Raises:
            ValueError: other characters, or no JSON.
        """
        if not self.rest and b"\\" not in raw:
            return raw
        raw = self.rest + raw
        found = _ESCAPES.match(raw)
        end = 0 if found is None else found.end()
        if not _HALF_ESCAPE.fullmatch(raw, end) and end < len(raw):
            raise ValueError("an escape that JSON does not have")
        chars: str = json.loads(b'"' + raw[:end] + b'"')
        ascii_only = chars.encode("ascii")
        self.rest = raw[end:]
        return ascii_only.replace(b"\r", b"").replace(b"\n", b"")


class _StringCheck:
    """Looks for faults in the contents of a string, in pieces; a fault is returned as one that the text can show."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
        self._rest = ""

    def feed(self, raw: bytes) -> bytes:
        try:
            text = self._rest + self._decoder.decode(raw)
        except UnicodeError:
            return _NO_TEXT
        found = _VALID.match(text)
        self._rest = text[0 if found is None else found.end() :]
        half = _HALF_ESCAPE.fullmatch(self._rest.encode(errors="replace"))
        return b"" if half or not self._rest else _NO_JSON

    def close(self) -> bytes:
        try:
            self._decoder.decode(b"", final=True)
        except UnicodeError:
            return _NO_TEXT
        return _NO_JSON if self._rest else b""
