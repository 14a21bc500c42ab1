from pathlib import Path

import pytest

from imgcli.cli.own_styles import chosen, read_bytes, read_file, side, taken_in, text_of, write_new
from imgcli.director.exchange.foreign import ForeignStyle
from imgcli.director.shelf import open_shelf
from imgcli.errors import StyleError, UsageError
from imgcli.settings import Paths

FILE = 'description = "d"\nextends = "glass"\nprose = "More: rain."\n'
IMPORTED = '[imported]\ntool = "a1111"\nfile = "{file}"\nentry = {entry}\nname = "{name}"\n'


def paths(directory: Path) -> Paths:
    (directory / "styles").mkdir()
    return Paths(directory, directory, directory, directory)


def own(where: Paths, name: str, file: str, entry: int) -> None:
    text = f'description = "d"\nprose = "{{prompt}}"\nfamily = "mine"\nkeyword_prompt = "{{prompt}}, {name}"\n'
    (where.styles / f"{name}.toml").write_text(text + IMPORTED.format(file=file, entry=entry, name=name.upper()))


def test_a_new_file_is_whole_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "x.toml"
    write_new(path, "å\r\n")
    assert path.read_bytes() == "å\r\n".encode()
    with pytest.raises(UsageError, match="exists; nothing is ever overwritten"):
        write_new(path, "other")
    assert [one.name for one in path.parent.iterdir()] == ["x.toml"]


def test_a_directory_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write_new(tmp_path / "file" / "x.toml", "text")


def test_a_file_of_another_tool_is_read_with_its_line_ends(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\xef\xbb\xbfa\r\nb")
    assert read_file(tmp_path / "f") == "\ufeffa\r\nb"
    with pytest.raises(UsageError, match="cannot be read"):
        read_bytes(tmp_path)


def test_a_name_is_taken_by_what_an_export_would_give(tmp_path: Path) -> None:
    where = paths(tmp_path)
    own(where, "fog", "s.csv", 2)
    (where.styles / "broken.toml").write_text("prose")
    taken = taken_in(where.styles)
    found = taken("fog")
    assert found is not None
    assert (found.where, found.foreign) == (str(where.styles / "fog.toml"), ForeignStyle("FOG", "{prompt}, fog"))
    broken = taken("broken")
    assert broken is not None
    assert (broken.where, broken.foreign) == (str(where.styles / "broken.toml"), None)
    built_in = taken("glass")
    assert built_in is not None
    assert built_in.where == "the built-in styles"
    assert taken("rain") is None


def test_imported_styles_go_out_in_the_order_of_their_file(tmp_path: Path) -> None:
    where = paths(tmp_path)
    for name, file, entry in (("c", "b.csv", 2), ("a", "b.csv", 10), ("b", "a.csv", 30)):
        own(where, name, file, entry)
    assert [style.name for style, _ in chosen((), "mine", where, everything=False)] == ["b", "c", "a"]
    assert [style.name for style, _ in chosen(["a", "c", "a"], None, where, everything=False)] == ["a", "c"]
    everything = [style.name for style, _ in chosen((), None, where, everything=True)]
    assert everything[-3:] == ["b", "c", "a"]
    assert everything[:-3] == sorted(everything[:-3])


def test_a_file_by_its_path_sees_the_styles_there_are(tmp_path: Path) -> None:
    (tmp_path / "wet-glass.toml").write_text(FILE)
    shelf = open_shelf([])
    style = side(str(tmp_path / "wet-glass.toml"), shelf)
    assert style.prose == f"{shelf['glass'].prose} More: rain."
    assert text_of(style) == FILE
    assert side("glass", shelf) == shelf["glass"]
    with pytest.raises(StyleError, match="no style"):
        side("wet-glass", shelf)
