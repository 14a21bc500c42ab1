"""Lines of lock files, made in one line."""

from typing import Any

import msgspec

from imgcli.batch.lock import Locked, locked
from tests.fakes.jobs import A_JOB

A_LINE = locked(A_JOB, "out/a-car-1.png", "ab" * 32, 1234)


def a_line(**changes: Any) -> Locked:
    return msgspec.structs.replace(A_LINE, **changes)
