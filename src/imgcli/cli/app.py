"""The front door: the command tree, the only catch and the only event loop."""

import functools
import inspect
import io
import re
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from imgcli import __version__
from imgcli.cli import (
    again,
    alerts,
    batch,
    budget,
    cache,
    config,
    cutout,
    describe,
    doctor,
    edit,
    export,
    final,
    gallery,
    gen,
    glance,
    history,
    history_export,
    init,
    learn,
    ledger,
    models,
    opinions,
    options,
    outpaint,
    pick,
    quarantine,
    report,
    restyle,
    savings,
    sheet,
    show,
    spend,
    story,
    style_files,
    style_sheet,
    styles,
    upscale,
    vary,
    verify,
    waste,
)
from imgcli.cli.help import GroupedCommand, OrderedGroup
from imgcli.credentials import hidden
from imgcli.errors import ImgcliError, UsageError

PLAIN: dict[str, Any] = {
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "cls": OrderedGroup,
    "context_settings": {"help_option_names": ["--help", "-h"], "max_content_width": 100},
}


ALONE = {"history": "list", "budget": "show"}
"""The command of a group that is meant where none is named."""

MISTYPED = re.compile(r"(?:Try '(?P<help>[^']+)' for help\.\s+)?Error: (?P<message>.*)", re.DOTALL)
"""How Typer shows a mistyped command, below its usage."""


def _command(work: Callable[..., Any]) -> Callable[..., None]:
    """`work` as Typer calls it: awaited if it is async, its result the exit code."""

    @functools.wraps(work)
    def call(*args: Any, **kwargs: Any) -> None:
        code = work(*args, **kwargs)
        if inspect.iscoroutine(code):
            import asyncio

            from imgcli.cli.log import tame_logs

            tame_logs()
            code = asyncio.run(code)
        raise typer.Exit(code)

    return call


def _group(help_text: str, commands: dict[str, Callable[..., Any]]) -> typer.Typer:
    group = typer.Typer(help=help_text, **PLAIN)
    for name, work in commands.items():
        group.command(name, cls=GroupedCommand)(_command(work))
    return group


def _alone(work: Callable[[], Any]) -> Callable[[typer.Context], None]:
    """`work` as what a group does where no command of it is named."""

    def call(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            _command(work)()

    return call


app = typer.Typer(
    help="Batch image generation with art direction, under a spending cap that holds.\n\n"
    'Start with:  imgcli gen "a car" --style cinematic --provider placeholder',
    **PLAIN,
)
app.command("gen", cls=GroupedCommand)(_command(gen.gen))
app.command("edit", cls=GroupedCommand)(_command(edit.edit))
app.command("vary", cls=GroupedCommand)(_command(vary.vary))
app.command("restyle", cls=GroupedCommand)(_command(restyle.restyle))
app.command("outpaint", cls=GroupedCommand)(_command(outpaint.outpaint))
app.command("cutout", cls=GroupedCommand)(_command(cutout.cutout))
app.command("upscale", cls=GroupedCommand)(_command(upscale.upscale))
app.command("describe", cls=GroupedCommand)(_command(describe.describe))
app.command("batch", cls=GroupedCommand)(_command(batch.batch))
app.command("pick", cls=GroupedCommand)(_command(pick.pick))
app.command("final", cls=GroupedCommand)(_command(final.final))
app.add_typer(
    _group(
        "Styles: the presets of the Director.",
        {
            "list": styles.list_styles,
            "show": styles.show_style,
            "sheet": style_sheet.style_sheet,
            "new": styles.new_style,
            "learn": learn.learn_style,
            "edit": style_files.edit_style,
            "diff": style_files.diff_styles,
            "lint": styles.lint_styles,
            "schema": styles.print_schema,
            "import": style_files.import_styles,
            "export": style_files.export_styles,
        },
    ),
    name="styles",
)
app.command("models", cls=GroupedCommand)(_command(models.models))
app.add_typer(
    _group(
        "Budgets: caps on money and pictures; alone, what is left of them.",
        {
            "show": budget.show_budgets,
            "set": budget.set_budget,
            "remove": budget.remove_budget,
            "alert": alerts.alert,
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
app.add_typer(
    _group(
        "Pictures that moderation flagged: paid, kept, and not shown.",
        {
            "list": quarantine.list_pictures,
            "show": quarantine.show_picture,
            "release": quarantine.release,
            "delete": quarantine.delete,
        },
    ),
    name="quarantine",
)
past = typer.Typer(help="What was made: listed, found again, told and exported; by itself, the newest.", **PLAIN)
past.command("list", cls=GroupedCommand)(_command(history.list_pictures))
# -night is a word there, which is left out: no short option may be in it.
past.command(
    "search",
    cls=GroupedCommand,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"], "max_content_width": 100},
)(_command(history.search))
past.command("show", cls=GroupedCommand)(_command(story.show_story))
past.command("open", cls=GroupedCommand)(_command(opinions.open_pictures))
past.command("again", cls=GroupedCommand)(_command(again.again))
past.command("tag", cls=GroupedCommand)(_command(opinions.tag))
past.command("export", cls=GroupedCommand)(_command(history_export.export))
app.add_typer(past, name="history")
reports = _group(
    "What all pictures together tell; alone, this month's money at a glance.",
    {
        "spend": spend.report_spend,
        "waste": waste.report_waste,
        "savings": savings.report_savings,
        "forecast": glance.report_forecast,
        "prompts": report.prompts,
        "moderation": report.moderation,
    },
)
reports.callback(invoke_without_command=True, no_args_is_help=False)(_alone(glance.glance))
app.add_typer(reports, name="report")
app.command("gallery", cls=GroupedCommand)(_command(gallery.gallery))
app.command("sheet", cls=GroupedCommand)(_command(sheet.sheet))
app.command("export", cls=GroupedCommand)(_command(export.export))
app.command("verify", cls=GroupedCommand)(_command(verify.verify))
app.add_typer(
    _group(
        "Pictures that were made before: what is kept of them, and the money they saved.",
        {"stats": cache.stats, "clear": cache.clear, "verify": cache.verify},
    ),
    name="cache",
)
app.add_typer(
    _group(
        "The ledger on a bad day: backup, rebuild, adopt.",
        {"backup": ledger.back_up, "rebuild": ledger.rebuild, "adopt": ledger.adopt},
    ),
    name="ledger",
)
app.command("init", cls=GroupedCommand)(_command(init.init))
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
    show.Streams.open()
    code = _run(words)
    if show.Streams.lost:
        show.error(f"stdout took no more ({show.Streams.lost}); what came after that is not in it")
        return code or 1
    return code


def _run(words: list[str]) -> int:
    try:
        _require_text(words)
        code = app(options.with_bare_options(_with_list(words)), prog_name="imgcli", standalone_mode=False)
    except ImgcliError as error:
        return _tell(error, words)
    except typer.TyperException as error:
        text = _shown(error)
        found = MISTYPED.search(text)
        if found is None:
            # A group without a command shows its help.
            show.talk(text)
            return error.exit_code
        return _tell(UsageError(_with_next(error, found, words)), words)
    except typer.Abort:
        show.error("aborted")
        return 1
    except KeyboardInterrupt:
        # Before or after a run; in one, the signal is handled there.
        return 130
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except Exception as error:  # noqa: BLE001 - the last door: Python's own report would print escapes and keys raw
        show.bug(error)
        return 1
    return code if isinstance(code, int) else 0


def _with_next(error: typer.TyperException, found: re.Match[str], words: list[str]) -> str:
    """What was mistyped, and what was meant by it, or else where its help is."""
    from imgcli.cli.instead import instead

    context, message = getattr(error, "ctx", None), getattr(error, "message", "").rstrip(".")
    command = context.command_path if context else "imgcli"
    shorts = [name for each in context.command.params for name in each.opts] if context else []
    if meant := instead(message, command, words, shorts):
        return f"{message}; {meant}"
    return f"{found['message'].rstrip('.')}; see {found['help'] or 'imgcli --help'}"


def _with_list(words: list[str]) -> list[str]:
    """`imgcli history`, also with options of its list, is `imgcli history list`; and so is `budget` its `show`."""
    if not words or words[0] not in ALONE:
        return words
    is_bare = not words[1:] or (words[1][:1] == "-" and words[1] not in {"-h", "--help"})
    return [words[0], ALONE[words[0]], *words[1:]] if is_bare else words


def _require_text(words: Sequence[str]) -> None:
    """Refuse bytes that are no UTF-8: no sidecar, ledger or provider could be given them.

    Raises:
        UsageError: with the argument.
    """
    for word in words:
        if any("\ud800" <= letter <= "\udfff" for letter in word):
            raise UsageError(f"{word[:60]!r} is not UTF-8 text; type it anew, or rename the file")


def _shown(error: typer.TyperException) -> str:
    told = io.StringIO()
    if (tell := getattr(error, "show", None)) is not None:
        tell(told)
    return told.getvalue().rstrip() or str(error)


def _tell(error: ImgcliError, words: Sequence[str]) -> int:
    """Say what went wrong in one line, and on stdout as an event for scripts; its exit code."""
    if "--json" in words:
        show.json_line({"event": "error", "exit_code": error.exit_code, "error": hidden(str(error))})
    show.error(str(error))
    return error.exit_code
