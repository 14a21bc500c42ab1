"""Sub-directories and file names from strangers: never outside the output directory, and possible on every OS."""

import re

from imgcli.batch.draft import shown

OUT_LIMIT = 200
PART_BYTES = 180

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_EXTENSION = re.compile(r"\.(png|jpe?g|webp)$", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"/\\|?*]+')


def out_problem(out: str) -> str:
    """Why `out` cannot be a directory below the output directory, or an empty string."""
    if "\\" in out:
        return "write / between the parts, not a backslash"
    if re.match(r"[A-Za-z]:", out):
        return 'a drive letter is not allowed; write a directory below the output directory, such as "social/tiles"'
    if out.startswith(("/", "~")):
        return 'must be relative to the output directory, such as "social/tiles"'
    if len(out) > OUT_LIMIT:
        return f"is over {OUT_LIMIT} characters; shorten it"
    return next((problem for part in out.removesuffix("/").split("/") if (problem := part_problem(part))), "")


def part_problem(part: str) -> str:
    """Why `part` cannot be one part of a path, or an empty string."""
    if part == "..":
        return '".." is not allowed; use --out for another output directory'
    if part in {"", "."}:
        return "has an empty part; write one name between two /"
    if found := _FORBIDDEN.search(part):
        return f"may not hold {found[0]!r}, which Windows forbids"
    if part != part.strip() or part.endswith("."):
        return f"the part {shown(part)} may not begin or end with a space, nor end with a dot"
    if len(part.encode()) > PART_BYTES:
        return f"the part {shown(part)} is over {PART_BYTES} bytes; shorten it"
    if _RESERVED.match(part):
        return f"{shown(part)} is a reserved name on Windows; choose another"
    return ""


def name_problem(name: str) -> str:
    """Why `name` cannot be a file name or a template for one, or an empty string."""
    if "/" in name or "\\" in name:
        return "may not hold / or \\; use out for directories"
    if not name.strip(" ."):
        return "must be more than dots and spaces"
    if found := _EXTENSION.search(name):
        return f"leave out {found[0]!r}: the picture's own format decides"
    return ""


def as_part(value: str) -> str:
    """`value` as one part of a path: without separators or characters some OS forbids."""
    return _UNSAFE.sub("-", value).strip(" .") or "-"
