"""Every failure imgcli can explain, and the exit code each one ends with.

    ImgcliError                      1
     ├─ UsageError                   2   nothing was sent
     │   ├─ BatchFileError           2   a batch file, with file, line and key
     │   ├─ StyleError               2   a style file or a style name
     │   ├─ SettingsError            2   configuration, environment or a flag
     │   └─ ModelError               2   a model, or a size or quality it cannot make
     ├─ BudgetError                  3   a hold did not fit, or a price is unknown
     ├─ AccountError                 4   no key, wrong key, no credit: nothing more can be made
     ├─ UnsafeError                  1   a prompt that was refused while it was expanded
     ├─ UncertainError               5   the answer of a text model was lost: it may be billed
     ├─ StorageError                 7   a picture or its directory cannot be written
     │   └─ NotAPictureError         7   bytes came, but they are no picture
     ├─ LedgerError                  8   no ledger, no paid call
     └─ AttemptError                 9   one request to a provider failed; says what became of the money

Codes 5 (an outcome is uncertain, of a picture), 6 (billed above the quote), 130 and 143 (signals) belong to a run as a whole
and are decided in `reports/summary.py`. Messages are one line: what happened, where, and what to type next.
"""

from enum import Enum
from typing import ClassVar


class ImgcliError(Exception):
    """Base of all expected failures; only `cli/app.py` catches it."""

    exit_code: ClassVar[int] = 1


class UsageError(ImgcliError):
    exit_code = 2


class BatchFileError(UsageError):
    """`where` is `file:line: key`, as much of it as is known."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


class StyleError(UsageError):
    pass


class SettingsError(UsageError):
    pass


class ModelError(UsageError):
    pass


class BudgetError(ImgcliError):
    exit_code = 3


class AccountError(ImgcliError):
    exit_code = 4


class UncertainError(ImgcliError):
    """`attempt` is the one whose answer was lost."""

    exit_code = 5

    def __init__(self, message: str, attempt: str = "") -> None:
        super().__init__(message)
        self.attempt = attempt


class UnsafeError(ImgcliError):
    """A provider's safety system refused a prompt before there was a picture."""


class StorageError(ImgcliError):
    exit_code = 7


class NotAPictureError(StorageError):
    """The bytes that came back are not a picture format imgcli knows."""


class LedgerError(ImgcliError):
    exit_code = 8


class Money(Enum):
    """What became of the hold of a failed attempt."""

    VOID = "void"  # certainly not billed: the hold goes back
    HOLD = "hold"  # may have been billed: the upper bound stays posted
    POST = "post"  # certainly billed


class Retry(Enum):
    """Whether the same request may be sent again without asking the user."""

    FREE = "free"  # certainly unpaid, and likely to work later
    NEVER = "never"


PATIENCE = 120.0
"""Seconds a provider may ask us to wait before we rather stop and say so."""


class Halt(Enum):
    """How much of the run a failure ends."""

    JOB = "job"
    MODEL = "model"
    RUN = "run"


class AttemptError(ImgcliError):
    """One request to a provider failed.

    Attributes:
        money: what becomes of the hold.
        retry: whether resending is free of risk.
        halt: how much of the run this ends.
        code: the provider's own error code, or a short word of ours such as `connect`.
        request_id: the provider's id of the request, for a support ticket.
        wait: seconds the provider asked to wait, if it did.
        limit: images per minute the provider said it allows, if it did.
        account: True when the key or the account is at fault (exit code 4).
        moderated: True when the provider's safety system refused.
        stage: what it looked at then, `input` or `output`, if it said so.
        categories: what it named.
    """

    exit_code = 9

    def __init__(
        self,
        message: str,
        *,
        money: Money,
        retry: Retry = Retry.NEVER,
        halt: Halt = Halt.JOB,
        code: str = "",
        request_id: str = "",
        wait: float | None = None,
        limit: float | None = None,
        account: bool = False,
        moderated: bool = False,
        stage: str = "",
        categories: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.money = money
        self.retry = retry
        self.halt = halt
        self.code = code
        self.request_id = request_id
        self.wait = wait
        self.limit = limit
        self.account = account
        self.moderated = moderated
        self.stage = stage
        self.categories = categories

    def at_no_cost(self) -> "AttemptError":
        """The same fault of a request that could cost nothing: nobody need decide what became of its money."""
        return AttemptError(
            str(self),
            money=Money.VOID,
            retry=self.retry,
            halt=self.halt,
            code=self.code,
            request_id=self.request_id,
            wait=self.wait,
            limit=self.limit,
            account=self.account,
            moderated=self.moderated,
            stage=self.stage,
            categories=self.categories,
        )
