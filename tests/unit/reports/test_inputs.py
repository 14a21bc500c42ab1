from pathlib import Path

from imgcli.model.input import Edit, Input
from imgcli.reports.inputs import input_fields, input_lines

PHOTO = Input(Path("/here/photo.jpg"), "a" * 64, 2_345_678, "jpeg", 4000, 3000, "photo.jpg")
CHAIR = Input(Path("/here/chair.png"), "b" * 64, 4_321, "png", 40, 30, "chair.png")
MASK = Input(Path("/there/m.png"), "c" * 64, 99_999, "png", 4000, 3000, "box 1,1,2,2", "d" * 64)


def test_a_line_for_each_picture() -> None:
    assert input_lines(Edit((PHOTO, CHAIR), mask=MASK, fidelity="high")) == [
        "from photo.jpg, 4000x3000 jpeg, 2.3 MB",
        "and chair.png, 40x30 png, 4 kB",
        "mask box 1,1,2,2, 4000x3000 png, 100 kB",
        "input fidelity high",
    ]
    assert input_lines(Edit((PHOTO,), markup=CHAIR)) == [
        "from photo.jpg, 4000x3000 jpeg, 2.3 MB",
        "markup chair.png, 40x30 png, 4 kB",
    ]


def test_fields_for_scripts() -> None:
    assert input_fields(None) == {}
    told = input_fields(Edit((PHOTO,), mask=MASK, fidelity="low"))
    assert told["input_fidelity"] == "low"
    assert told["inputs"][0] == {
        "role": "input",
        "file": "photo.jpg",
        "path": "/here/photo.jpg",
        "sha256": "a" * 64,
        "bytes": 2_345_678,
        "format": "jpeg",
        "width": 4000,
        "height": 3000,
    }
    assert [each["role"] for each in told["inputs"]] == ["input", "mask"]
    assert "input_fidelity" not in input_fields(Edit((PHOTO,)))
