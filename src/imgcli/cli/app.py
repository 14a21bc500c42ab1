"""The front door: the command tree, the only catch and the only event loop."""

import functools
import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from imgcli import __version__
from imgcli.cli import batch, budget, config, doctor, gen, ledger, models, show, styles, verify
from imgcli.cli.help import GroupedCommand, OrderedGroup
from imgcli.errors import ImgcliError

PLAIN: dict[str, Any] = {
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "cls": OrderedGroup,
    "context_settings": {"help_option_names": ["--help", "-h"], "max_content_width": 100},
}


def _command(work: Callable[..., Any]) -> Callable[..., None]:
    """`work` as Typer calls it: awaited if it is async, its result the exit code."""

    @functools.wraps(work)
    def call(*args: Any, **kwargs: Any) -> None:
        code = work(*args, **kwargs)
        if inspect.iscoroutine(code):
            import asyncio

            code = asyncio.run(code)
        raise typer.Exit(code)

    return call


def _group(help_text: str, commands: dict[str, Callable[..., Any]]) -> typer.Typer:
    group = typer.Typer(help=help_text, **PLAIN)
    for name, work in commands.items():
        group.command(name, cls=GroupedCommand)(_command(work))
    return group


app = typer.Typer(
    help="Batch image generation with art direction, under a spending cap that holds.\n\n"
    'Start with:  imgcli gen "a car" --style cinematic --provider placeholder',
    **PLAIN,
)
app.command("gen", cls=GroupedCommand)(_command(gen.gen))
app.command("batch", cls=GroupedCommand)(_command(batch.batch))
app.add_typer(
    _group(
        "Styles: the presets of the Director.",
        {"list": styles.list_styles, "show": styles.show_style, "new": styles.new_style},
    ),
    name="styles",
)
app.command("models", cls=GroupedCommand)(_command(models.models))
app.add_typer(
    _group(
        "Budgets: caps on money and pictures, and what is left of them.",
        {
            "show": budget.show_budgets,
            "set": budget.set_budget,
            "remove": budget.remove_budget,
            "uncertain": budget.show_uncertain,
            "resolve": budget.resolve,
            "log": budget.show_log,
            "reconcile": budget.reconcile,
        },
    ),
    name="budget",
)
app.add_typer(
    _group(
        "Settings and keys.",
        {"show": config.show_config, "path": config.show_paths, "set": config.set_setting, "set-key": config.set_key},
    ),
    name="config",
)
app.command("verify", cls=GroupedCommand)(_command(verify.verify))
app.add_typer(
    _group(
        "The ledger on a bad day: backup, rebuild, adopt.",
        {"backup": ledger.back_up, "rebuild": ledger.rebuild, "adopt": ledger.adopt},
    ),
    name="ledger",
)
app.command("doctor", cls=GroupedCommand)(_command(doctor.doctor))


def _print_version(wanted: bool) -> None:
    if wanted:
        show.line(f"imgcli {__version__}")
        raise typer.Exit


@app.callback()
def main(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Options of imgcli itself."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code, and says what went wrong in one line."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        app(words, prog_name="imgcli")
    except ImgcliError as error:
        if "--json" in words:
            show.json_line({"event": "error", "exit_code": error.exit_code, "error": str(error)})
        show.error(str(error))
        return error.exit_code
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0
