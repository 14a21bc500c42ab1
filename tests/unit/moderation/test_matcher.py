"""The process of the patterns, as a script."""

import json
import subprocess
import sys
from importlib.resources import files


def test_it_answers_a_line_for_each_pattern_and_ends_with_its_stdin() -> None:
    script = files("imgcli.moderation").joinpath("matcher.py")
    asked = [json.dumps(["a", "b+"]), json.dumps("xBx\nA"), json.dumps("c")]
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script)],
        input="\n".join(asked) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["1", "1", "0", "0"]
    assert done.stderr == ""
