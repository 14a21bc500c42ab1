"""The directory or file of a gallery: made once, then rebuilt in its place; what is not ours there is never touched."""

import json
import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from imgcli.durable import NEW_FILE, alone_beside, make_directory, move_without_replacing, sync_directory
from imgcli.errors import StorageError, UsageError
from imgcli.machine import why
from imgcli.storage.disk import copy_durably, has_hash, open_regular, write_durably
from imgcli.storage.smalls import NAME, replace

MARKER = ".imgcli-gallery"
"""The file that says a directory is a gallery of ours, and which copies in it are."""

MOST_MARKER = 64 * 1024 * 1024
HEAD = 400
"""Bytes of a page in which its mark stands."""

INDEX, THUMBS, PICTURES = "index.html", "thumbs", "pictures"
MOST_NAME = 180
"""Bytes of the name of a copy, without its hash and ending."""

_HASH = re.compile("[0-9a-f]{64}")
_ENDING = re.compile(r"\.[a-z0-9]{1,5}")


class Wall:
    """Satisfies `ports.Wall`. Blocking.

    Attributes:
        place: the directory of the gallery, or its only file; absolute.
        mark: by which a page of ours is known.
    """

    def __init__(self, place: Path, mark: str, *, single: bool) -> None:
        self.place, self.mark, self.single = place, mark.encode(), single
        self._copies: dict[str, str] = {}
        self._before: dict[str, str] = {}
        self._origins: dict[str, str] = {}

    @property
    def directory(self) -> Path:
        """The directory that the page stands in."""
        return self.place.parent if self.single else self.place

    def open(self) -> None:
        """Take the place, if it is free or ours.

        Raises:
            UsageError: something of somebody else's is there.
            StorageError: the disk refuses.
        """
        try:
            make_directory(self.directory)
            if not self.single:
                self._claim()
            self._require_ours(self._index)
        except OSError as error:
            raise StorageError(f"{self.place} cannot be written ({why(error)})") from error

    @property
    def _index(self) -> Path:
        return self.place if self.single else self.place / INDEX

    def _claim(self) -> None:
        marker = self.place / MARKER
        if os.path.lexists(marker):
            self._before = self._told(marker)
            for below in (self.place / THUMBS, self.place / PICTURES):
                if below.is_symlink():
                    raise UsageError(f"{below} is a link, and imgcli writes where it looks; -o names another directory")
            return
        if any(self.place.iterdir()):
            raise UsageError(
                f"{self.place} holds something, and is no gallery of imgcli, so nothing is written there; "
                "-o names another directory"
            )
        write_durably(marker, [_told_as({}, {})], 0o644)

    def _told(self, marker: Path) -> dict[str, str]:
        """The copies that were made before, by name, with their SHA-256."""
        with open_regular(marker) as file:
            text = file.read(MOST_MARKER + 1)
        try:
            told = json.loads(text)
            if told["imgcli_gallery"] == 1:
                copies = told["pictures"].items()
                origins = told.get("from", {}).items()
                self._origins = {name: path for name, path in origins if isinstance(path, str) and "\0" not in path}
                return {name: sha for name, sha in copies if isinstance(sha, str) and Path(name).name == name}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass
        raise UsageError(f"{marker} is no marker of this imgcli; -o names another directory")

    def _require_ours(self, page: Path) -> None:
        if not os.path.lexists(page):
            return
        with open_regular(page) as file:
            if not page.is_symlink() and self.mark in file.read(HEAD):
                return
        raise UsageError(f"{page} was not written by imgcli gallery, and is not replaced; -o names another place")

    def hang(self, sha256: str, data: bytes) -> None:
        """Keep a small picture beside the page.

        Raises:
            StorageError: the disk refuses.
        """
        path = self.place / THUMBS / f"{sha256}.webp"
        try:
            if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
                return
            path.parent.mkdir(exist_ok=True)
            replace(path, data, 0o644)
        except OSError as error:
            raise StorageError(f"{path} cannot be written ({why(error)})") from error

    def copy(self, picture: Path, sha256: str) -> str:
        """The name below the gallery of a copy of `picture`, which has this SHA-256.

        Raises:
            StorageError: it is not what was saved any more, or the disk refuses.
        """
        if not _HASH.fullmatch(sha256):
            raise StorageError(f"{picture} cannot be copied: its sidecar names no SHA-256")
        ending = picture.suffix.lower() if _ENDING.fullmatch(picture.suffix.lower()) else ""
        stem = os.fsencode(picture.stem)[:MOST_NAME].decode("utf-8", "ignore")
        name = f"{stem}-{sha256[:8]}{ending}"
        path = self.place / PICTURES / name
        draft = path.with_name(f".{sha256}.{secrets.token_hex(8)}.new")
        try:
            if not (os.path.lexists(path) and has_hash(path, sha256)):
                path.parent.mkdir(exist_ok=True)
                copy_durably(picture, draft, sha256)
                draft.chmod(0o644)
                move_without_replacing(draft, path)
        except FileExistsError:
            raise StorageError(f"{path} is in the way of a copy; move it, or name another gallery with -o") from None
        except OSError as error:
            raise StorageError(f"{picture} cannot be copied ({why(error)})") from error
        finally:
            with suppress(OSError):
                draft.unlink()
        self._copies[name] = sha256
        with suppress(ValueError):
            self._origins[name] = os.path.relpath(picture, self.place)
        return f"{PICTURES}/{name}"

    def show(self, page: Iterable[str], keep: Iterable[str] = ()) -> Path:
        """Put the page in its place, whole or not at all, and take away what it shows no more.

        Args:
            page: piece by piece.
            keep: SHA-256 of the small pictures that are shown.

        Raises:
            StorageError: the disk refuses, or somebody else wrote a gallery here meanwhile; the page is as it was.
        """
        if self.single:
            return self._show(page)
        kept = frozenset(keep)
        try:
            with alone_beside(self.place / MARKER):
                if not all((self.place / THUMBS / f"{sha256}.webp").is_file() for sha256 in kept):
                    raise StorageError(f"{self.place}: another gallery was written here meanwhile; try again")
                shown = self._show(page)
                self._tidy(kept)
                return shown
        except OSError as error:
            raise StorageError(f"{self.place} cannot be written ({why(error)})") from error

    def _show(self, page: Iterable[str]) -> Path:
        target = self._index
        draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}.new")
        try:
            if not self.single:
                # Known before they are shown: what is cut off here can be taken away later.
                replace(self.place / MARKER, _told_as(self._before | self._copies, self._origins), 0o644)
            with os.fdopen(os.open(draft, NEW_FILE, 0o666), "wb") as file:
                for piece in page:
                    file.write(piece.encode())
                file.flush()
                os.fsync(file.fileno())
            if os.path.lexists(target):
                self._require_ours(target)
                draft.replace(target)
            else:
                move_without_replacing(draft, target)
            sync_directory(target.parent)
        except FileExistsError:
            raise UsageError(f"{target} has just been made by somebody else, and is not replaced") from None
        except OSError as error:
            raise StorageError(f"{target} cannot be written ({why(error)})") from error
        finally:
            with suppress(OSError):
                draft.unlink()
        return target

    def _tidy(self, keep: frozenset[str]) -> None:
        """Take away what earlier pages showed: a picture that is set aside leaves no small one behind."""
        with suppress(OSError):
            for entry in os.scandir(self.place / THUMBS):
                if NAME.fullmatch(entry.name) and entry.name.removesuffix(".webp") not in keep:
                    Path(entry.path).unlink()
        for name, sha256 in self._before.items():
            path = self.place / PICTURES / name
            with suppress(OSError):
                if name in self._copies or not (os.path.lexists(path) and has_hash(path, sha256)):
                    continue
                if self._has_original(name, sha256):
                    path.unlink()
                else:
                    self._copies[name] = sha256
        with suppress(OSError):
            replace(self.place / MARKER, _told_as(self._copies, self._origins), 0o644)

    def _has_original(self, name: str, sha256: str) -> bool:
        """Whether the picture is there still: else its copy may be the last that is left of it."""
        origin = self._origins.get(name)
        if origin is None:
            return False
        with suppress(OSError):
            path = self.place / origin
            return path.is_file() and not path.samefile(self.place / PICTURES / name) and has_hash(path, sha256)
        return False


def _told_as(copies: dict[str, str], origins: dict[str, str]) -> bytes:
    about = "This directory is written by imgcli gallery, which rebuilds it when it is asked to."
    kept = {name: origins[name] for name in copies if name in origins}
    return (
        json.dumps({"imgcli_gallery": 1, "about": about, "pictures": copies, "from": kept}, indent=1).encode() + b"\n"
    )
