"""What libraries log, on its way to the terminal: safe, and without keys, whatever OPENAI_LOG or asyncio want told."""

import logging

from imgcli.cli import show


class SafeHandler(logging.Handler):
    """Hands every record to the printer. A server's headers and a traceback's words are as untrusted as its body."""

    def emit(self, record: logging.LogRecord) -> None:
        show.talk(self.format(record))


def tame_logs() -> None:
    """Be the root's handler before a library is: `logging.basicConfig` leaves a root that has one alone."""
    root = logging.getLogger()
    if not any(isinstance(handler, SafeHandler) for handler in root.handlers):
        handler = SafeHandler()
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)
