"""Questions to a person at a terminal."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from imgcli.cli.safe import safe_lines

LONGEST = 4096
"""Characters of an answer, as a terminal hands over at once."""


def can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def question(text: str) -> str:
    """What a person answers, without blanks around it; empty also where no answer comes (Ctrl-D).

    Raises:
        KeyboardInterrupt: Ctrl-C.
    """
    return (_asked(text) or "").strip()


def required(text: str) -> str:
    """As `question`, where no answer is not the same as an empty one.

    Raises:
        EOFError: none comes.
        KeyboardInterrupt: Ctrl-C.
    """
    answer = _asked(text)
    if not answer:
        raise EOFError
    return answer.strip()


def secret(text: str) -> str:
    """A password or key, which the terminal does not show.

    Raises:
        EOFError: none comes.
        KeyboardInterrupt: Ctrl-C.
    """
    import getpass

    with _interruptible():
        return getpass.getpass(safe_lines(text)).strip()


def _asked(text: str) -> str:
    with _interruptible():
        # Within: who sees the question may answer it by Ctrl-C at once.
        sys.stderr.write(safe_lines(text))
        sys.stderr.flush()
        return sys.stdin.readline(LONGEST)


@contextmanager
def _interruptible() -> Iterator[None]:
    # The loop's own handler would wait for the answer before it hears Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
