"""What was typed, read without pydantic.

Typer has pydantic read every parameter, also one that was not given, and importing it takes longer than all that
`imgcli styles list` does. Kinds of values that are not known here are still left to it.
"""

import os
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import typer
from typer.core import TyperArgument, TyperOption


class PlainOption(TyperOption):
    """An option of Typer that reads its value itself."""

    def get_runtime_param(self) -> Any:
        return Reader(self, super().get_runtime_param)


class PlainArgument(TyperArgument):
    """An argument of Typer that reads its value itself."""

    def get_runtime_param(self) -> Any:
        return Reader(self, super().get_runtime_param)


class PlainParameters:
    """Put before a class of commands, it makes their parameters, also those that Typer adds, read themselves."""

    def get_params(self, ctx: Any) -> list[Any]:
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for parameter in parameters:
            # Typer has a say in the class of a command, and none in that of a parameter.
            if type(parameter) is TyperOption:
                parameter.__class__ = PlainOption
            elif type(parameter) is TyperArgument:
                parameter.__class__ = PlainArgument
        return parameters


class Reader:
    """Stands where Typer would have pydantic read `parameter`; `typers_own` makes what would."""

    def __init__(self, parameter: PlainOption | PlainArgument, typers_own: Callable[[], Any]) -> None:
        self._typers_own = typers_own
        self._many = parameter.multiple or parameter.nargs == -1
        self._bounds = (parameter.min, parameter.max)
        kind = parameter.type_descriptor.annotation
        self._kind = get_args(kind)[0] if parameter.type_descriptor.is_list else kind

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value that the command is called with.

        Raises:
            BadParameter: with what was typed.
        """
        if value is None:
            return () if self._many else None
        read = _READERS.get(self._kind) or (_one_of(self._kind) if _is_enum(self._kind) else None)
        if read is None:
            return self._typers_own().coerce(value, param=param, ctx=ctx)
        try:
            values = [self._within(read(one)) for one in (value if self._many else [value])]
        except ValueError as error:
            raise typer.BadParameter(str(error), ctx=ctx, param=param) from None
        return values if self._many else values[0]

    def _within(self, value: Any) -> Any:
        least, most = self._bounds
        if (least is not None and value < least) or (most is not None and value > most):
            raise ValueError(
                f"{value} is less than {least}" if most is None else f"{value} is not between {least} and {most}"
            )
        return value


def _whole(typed: str | int) -> int:
    try:
        return int(typed)
    except ValueError:
        raise ValueError(f"{typed!r} is not a whole number") from None


def _number(typed: str | float) -> float:
    try:
        return float(typed)
    except ValueError:
        raise ValueError(f"{typed!r} is not a number") from None


def _path(typed: str | Path) -> Path:
    if os.access(typed, os.F_OK) and not os.access(typed, os.R_OK):
        raise ValueError(f"{str(typed)!r} is not readable")
    return Path(typed)


_READERS: Mapping[Any, Callable[[Any], Any]] = {str: str, int: _whole, float: _number, Path: _path}


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _one_of(kind: type[Enum]) -> Callable[[Any], Enum]:
    def read(typed: Any) -> Enum:
        try:
            return kind(typed)
        except ValueError:
            raise ValueError(f"{typed!r} is not one of {', '.join(repr(known.value) for known in kind)}") from None

    return read
