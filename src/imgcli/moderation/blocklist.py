r"""The team's own list of words that no prompt may hold.

As text, one entry a line; what follows `#` is a comment, and `[weapons]` names the category of the lines below it:

    gun                    whole words, disguised ones too (see `folding`)
    "shooting star"        words in a row
    /\bknife|knives\b/     a regular expression, in any case, anywhere

As TOML (`NAME.toml`): each key is a category, with a list of such entries.
"""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import tomli

from imgcli.errors import SettingsError
from imgcli.moderation.folding import GAP, Word, is_mark, parted, plain_words, runs, spelt, words_of

MOST_BYTES = 1024 * 1024
MOST_ENTRIES = 20_000
LONGEST = 500
"""Characters of an entry."""

_SHORT = ("", " ", "ab", "a b", *(chr(code) for code in range(33, 127)), "\n", "é")
"""No expression takes long for them; one that finds nothing in them (`\\b`) finds it everywhere."""

_HEADER = re.compile(r"\[([^\[\]]*)\]")
_WITHOUT_BLANKS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts whose words have no blanks between them: an entry in one of them is looked for anywhere."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is blocked: `words` in a row, or the regular expression `pattern`; `where` is `file:line`."""

    text: str
    where: str
    category: str = ""
    words: tuple[str, ...] = ()
    pattern: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.category}, {self.where})" if self.category else f"{self.text} ({self.where})"


@dataclass(frozen=True, slots=True)
class Blocklist:
    """All entries, those of words ready to be looked up; `patterns` are matched elsewhere, as they may take for ever."""

    label: str
    entries: tuple[Entry, ...] = ()
    _first: Mapping[str, list[Entry]] = field(default_factory=dict)
    _whole: Mapping[str, list[Entry]] = field(default_factory=dict)
    _anywhere: Sequence[tuple[str, Entry]] = ()
    _squeezed: Mapping[str, list[str]] = field(default_factory=dict)
    _long: Mapping[int, list[str]] = field(default_factory=dict)

    @property
    def patterns(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.pattern)

    def hits(self, text: str) -> list[Entry]:
        """The entries of words that `text` holds, each once, as they stand in the file."""
        words = [*words_of(text), GAP]
        found = {entry for at in range(len(words)) for entry in self._at(words, at)}
        for said in spelt(text):
            found.update(self._whole.get(said, ()))
            found |= {entry for entry in self._at([Word((said,))], 0) if len(entry.words) == 1}
        for said in parted(text):
            found |= {entry for entry in self._whole.get(said, ()) if len(entry.words) == 1}
        if self._anywhere:
            whole = " ".join(plain_words(text))
            found |= {entry for part, entry in self._anywhere if _is_in(part, whole)}
        return [entry for entry in self.entries if entry in found] if found else []

    def _at(self, words: Sequence[Word], at: int) -> Iterator[Entry]:
        """The entries that begin with the word at `at`."""
        for first in self._named(words[at]):
            for entry in self._first[first]:
                rest = words[at + 1 : at + len(entry.words)]
                if len(rest) == len(entry.words) - 1 and all(map(_may_be, rest, entry.words[1:])):
                    yield entry

    def _named(self, word: Word) -> Iterator[str]:
        """First words of entries that `word` may be."""
        yield from (reading for reading in word.readings if reading in self._first)
        for stretched in word.stretched:
            squeezed = self._squeezed.get("".join(letter for letter, _ in runs(stretched)), ())
            yield from (first for first in squeezed if _is_stretched(stretched, first))
        if word.masked:
            yield from (first for first in self._long.get(len(word.masked), ()) if _is_masked(word.masked, first))


def parse_blocklist(data: bytes, label: str) -> Blocklist:
    """The list in a file called `label`.

    Raises:
        SettingsError: with file and line.
    """
    if len(data) > MOST_BYTES:
        raise SettingsError(f"{label}: larger than {MOST_BYTES // 1024} KiB, which no blocklist is")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{label}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    lines = _toml_lines(text, label) if label.lower().endswith(".toml") else _text_lines(text, label)
    entries = [_entry(written, category, where) for written, category, where in lines]
    if len(entries) > MOST_ENTRIES:
        raise SettingsError(f"{label}: {len(entries):,} entries; {MOST_ENTRIES:,} are the most")
    return _indexed(label, entries)


def _indexed(label: str, entries: Sequence[Entry]) -> Blocklist:
    first: dict[str, list[Entry]] = defaultdict(list)
    whole: dict[str, list[Entry]] = defaultdict(list)
    squeezed: dict[str, list[str]] = defaultdict(list)
    long: dict[int, list[str]] = defaultdict(list)
    anywhere = [(" ".join(entry.words), entry) for entry in entries if _WITHOUT_BLANKS.search("".join(entry.words))]
    known = {entry for _, entry in anywhere}
    for entry in dict.fromkeys(entries):
        if entry.words and entry not in known:
            first[entry.words[0]].append(entry)
            whole["".join(entry.words)].append(entry)
    for word in first:
        squeezed["".join(letter for letter, _ in runs(word))].append(word)
        long[len(word)].append(word)
    distinct = tuple(dict.fromkeys(entries))
    return Blocklist(label, distinct, dict(first), dict(whole), tuple(anywhere), dict(squeezed), dict(long))


def _text_lines(text: str, label: str) -> Iterator[tuple[str, str, str]]:
    """(entry as written, category, where) of each line that has one."""
    category = ""
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{label}:{number}"
        written = _without_comment(line)
        if header := _HEADER.fullmatch(written):
            category = header[1].strip()
        elif written:
            yield written, category, where


def _without_comment(line: str) -> str:
    line = line.strip()
    if line.startswith("/") and (end := line.rfind("/")) and not line[end + 1 :].split("#")[0].strip():
        return line[: end + 1]
    return "" if line.startswith("#") else re.split(r"\s#", line, maxsplit=1)[0].strip()


def _toml_lines(text: str, label: str) -> Iterator[tuple[str, str, str]]:
    try:
        table = tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SettingsError(f"{label}: {error}") from None
    lines = text.splitlines()
    for category, entries in table.items():
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            where = _line_of(lines, category)
            raise SettingsError(
                f'{label}{where}: {category}: write a list of entries, like {category} = ["gun", "knife"]'
            )
        for entry in entries:
            if entry.strip():
                yield entry.strip(), category, f"{label}{_line_of(lines, entry.strip())}"


def _line_of(lines: Sequence[str], words: str) -> str:
    """`:3` for the first line that holds `words`; nothing where they are written in another way."""
    return next((f":{number}" for number, line in enumerate(lines, 1) if words in line), "")


def _entry(written: str, category: str, where: str) -> Entry:
    if len(written) > LONGEST:
        raise SettingsError(f"{where}: an entry of {len(written):,} characters; {LONGEST} are the most")
    if len(written) > 1 and written.startswith("/") and written.endswith("/"):
        return Entry(written, where, category, pattern=_checked(written[1:-1], where))
    if written.startswith("/"):
        raise SettingsError(f"{where}: {written[:40]!r} begins a regular expression; end it with / too")
    is_quoted = len(written) > 1 and written[0] == written[-1] == '"'
    bare = written[1:-1] if is_quoted else written
    if '"' in bare:
        raise SettingsError(f'{where}: {written[:40]!r}: a quote too many or too few; write "words in a row"')
    words = plain_words(bare)
    if not words:
        raise SettingsError(f"{where}: {written[:40]!r} holds no word; write words, or a regular expression like /x+/")
    if "*" in bare:
        meant = "".join("." if letter == "*" else re.escape(letter) for letter in bare)[:40]
        raise SettingsError(f"{where}: {written[:40]!r}: * is no wildcard here; write a regular expression, /{meant}/")
    if len(words) == 1 and len(words[0]) == 1 and not _WITHOUT_BLANKS.search(words[0]):
        raise SettingsError(f"{where}: {written!r} is one letter, and would block most prompts")
    return Entry(bare, where, category, words=words)


def _checked(pattern: str, where: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise SettingsError(f"{where}: /{pattern[:40]}/ is no regular expression: {error}") from None
    if any(not match[0] for text in _SHORT for match in compiled.finditer(text)):
        raise SettingsError(f"{where}: /{pattern[:40]}/ also matches nothing at all, and would block every prompt")
    return pattern


def _may_be(word: Word, target: str) -> bool:
    return (
        target in word.readings
        or any(_is_stretched(stretched, target) for stretched in word.stretched)
        or (bool(word.masked) and len(word.masked) == len(target) and _is_masked(word.masked, target))
    )


def _is_in(part: str, whole: str) -> bool:
    """Whether `whole` holds `part`, and not with a sign of another vowel at its end."""
    at = whole.find(part)
    while at >= 0:
        end = at + len(part)
        if end == len(whole) or not is_mark(whole[end]):
            return True
        at = whole.find(part, at + 1)
    return False


def _is_stretched(stretched: str, target: str) -> bool:
    """Whether `stretched` is `target` with some of its letters said more often."""
    said, meant = runs(stretched), runs(target)
    return len(said) == len(meant) and all(a == b and n >= m for (a, n), (b, m) in zip(said, meant, strict=True))


def _is_masked(masked: str, target: str) -> bool:
    return all(seen in {"*", letter} for seen, letter in zip(masked, target, strict=True))
