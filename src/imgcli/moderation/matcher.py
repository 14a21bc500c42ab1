"""Regular expressions of strangers, in a process of its own: one that takes for ever is ended with it.

Run as a script. The first line on stdin is JSON of all patterns, each later one of a text; each text is answered with
a line for each pattern, 1 where it matches. It ends with its stdin.
"""

import json
import re
import signal
import sys
from io import FileIO

LONGEST = 5
"""Seconds for one pattern and one text."""


def main() -> None:
    answers = FileIO(1, "w", closefd=False)  # a pipe to whoever asks, and no terminal
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in json.loads(sys.stdin.readline())]
    for line in sys.stdin:
        text = json.loads(line)
        for pattern in patterns:
            if sys.platform != "win32":
                signal.alarm(2 * LONGEST)  # whoever asks may be dead
            found = pattern.search(text) is not None
            if sys.platform != "win32":
                signal.alarm(0)
            answers.write(b"1\n" if found else b"0\n")


if __name__ == "__main__":
    main()
