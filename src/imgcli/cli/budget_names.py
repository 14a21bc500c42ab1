"""Which budget is meant: the options that name one."""

from typing import Annotated

import typer

from imgcli.errors import UsageError
from imgcli.model.budget import EACH, Scope
from imgcli.model.names import plain_name

User = Annotated[str | None, typer.Option("--user", metavar="NAME", help="For one user, or 'each' of them.")]
Tag = Annotated[str | None, typer.Option("--tag", metavar="WORD", help="For one tag, or 'each'.")]
ForProvider = Annotated[str | None, typer.Option("--provider", metavar="NAME", help="For one provider, or 'each'.")]


def subject_of(user: str | None, tag: str | None, provider: str | None) -> tuple[Scope, str]:
    """Scope and subject.

    Raises:
        UsageError: two of them, or one without a name.
    """
    given = [(Scope.USER, user), (Scope.TAG, tag), (Scope.PROVIDER, provider)]
    named = [(scope, name) for scope, name in given if name is not None]
    if len(named) > 1:
        raise UsageError("a budget is for a user, a tag or a provider, not for two of them")
    if not named:
        return Scope.ALL, ""
    scope, name = named[0][0], plain_name(named[0][1])
    if not name:
        raise UsageError(f"--{scope.value} needs a name, or 'each'")
    return scope, EACH if name == "each" else name
