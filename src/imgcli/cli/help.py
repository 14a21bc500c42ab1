"""Plain help, grouped: rich's would cost every `--help` more time than all the rest of it."""

from typing import Any

from typer.core import TyperCommand, TyperGroup

from imgcli.cli.typed import PlainParameters


class GroupedCommand(PlainParameters, TyperCommand):
    """A command whose options stand under the titles of their panels."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        panels: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                plain = "Arguments" if parameter.param_type_name == "argument" else "Options"
                title = getattr(parameter, "rich_help_panel", None) or plain
                # Typer adds a Python type to what has a metavar already.
                panels.setdefault(title, []).append((record[0].split(" <")[0], record[1]))
        for title, records in panels.items():
            with formatter.section(title):
                formatter.write_dl(records)


ORDER = (
    "init",
    "gen",
    "edit",
    "vary",
    "restyle",
    "outpaint",
    "cutout",
    "upscale",
    "describe",
    "batch",
    "pick",
    "final",
    "gallery",
    "history",
    "sheet",
    "export",
    "styles",
    "models",
    "budget",
    "report",
    "cache",
    "quarantine",
    "verify",
    "ledger",
    "config",
    "doctor",
)


class OrderedGroup(PlainParameters, TyperGroup):
    """A group that lists its commands in the order people meet them."""

    def list_commands(self, _ctx: Any) -> list[str]:
        known = [name for name in ORDER if name in self.commands]
        return known + [name for name in self.commands if name not in ORDER]
