"""`imgcli init`: the first run, with a question for each thing worth setting; a later run shows and changes them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options, show
from imgcli.errors import ImgcliError, UsageError
from imgcli.model.budget import Budget, Scope, Window
from imgcli.model.finding import Finding, Level
from imgcli.model.money import format_usd, parse_usd

if TYPE_CHECKING:
    from imgcli.cli.making import Wanted
    from imgcli.settings import Settings

NONE = "none"
FREE = "placeholder"
SUGGESTED = "20"
"""Dollars a month, where nothing is set."""

SHOWN_STYLES = ("cinematic", "watercolor", "product-white", "storybook")
FIRST = "a lighthouse at dusk"
TRIES = 3
"""Keys that may be typed before it goes on without one."""

SCRIPTED = (
    "nobody can be asked here; say what to set, like  imgcli init --budget 20 --style cinematic --no-picture  "
    "(a key is read from stdin by  imgcli config set-key)"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says; None where a person is asked."""

    provider: str | None
    budget: str | None
    style: str | None
    prompt: str | None
    picture: bool
    out: Path | None
    offline: bool

    @property
    def sets_something(self) -> bool:
        return not (self.budget is None and self.style is None and self.prompt is None)


async def init(  # noqa: PLR0917 - a command line is named, not positional
    budget: Annotated[
        str | None, typer.Option("--budget", metavar="USD", help="Dollars a month at most, or none.")
    ] = None,
    style: Annotated[
        str | None,
        typer.Option(
            "--style",
            metavar="NAME",
            help="The style of every picture that names no other, or none.",
            autocompletion=options.complete_style,
        ),
    ] = None,
    prompt: Annotated[
        str | None,
        typer.Option("--prompt", metavar="TEXT", help="What the first picture shows; it is painted here, free."),
    ] = None,
    no_picture: Annotated[bool, typer.Option("--no-picture", help="Make no first picture.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Where the first picture goes. Default: here.")
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option("--provider", metavar="NAME", help="Whose key it is about. Default: the provider that is set."),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Keep a key without asking the provider about it.")
    ] = False,
) -> int:
    """Set up imgcli: a key, a budget, a style, and a first picture.

    Enter keeps what is set, so it may be run again. What an option says is not asked; without a terminal nothing is.
    Each answer is kept at once. Examples:

      imgcli init

      imgcli init --budget 20 --style cinematic --no-picture
    """
    from imgcli.cli import questions

    if no_picture and prompt is not None:
        raise UsageError("--no-picture and --prompt: say one of them")
    asked = Asked(provider, budget, style, prompt, not no_picture, out, offline)
    asks = questions.can_ask()
    if not asks and not asked.sets_something:
        raise UsageError(SCRIPTED)
    # A mistyped option is told before the first question, and before anything is set.
    cap, name = _dollars(budget), None if style is None else _style(style)
    try:
        if asks:
            await _key(asked)
        await _budget(cap, given=budget is not None, asks=asks)
        _set_style(name, given=style is not None, asks=asks)
        return await _picture(asked, asks=asks)
    except (KeyboardInterrupt, EOFError):
        show.talk("\nstopped; what was answered is kept, and  imgcli init  goes on from there")
        return 130


def _settings(**flags: object) -> "Settings":
    from imgcli.settings import load_settings

    return load_settings(os.environ, flags)


async def _key(asked: Asked) -> None:
    from imgcli.cli.questions import secret
    from imgcli.wiring import provider_key

    settings = _settings(provider=asked.provider)
    name = settings.provider if settings.provider != FREE else "openai"
    known, source = provider_key(settings, os.environ, name)
    now = f"{known.hint} from {source}" if known else "none, so pictures are painted here, free and without a key"
    show.talk(f"1. The key of {name}: {now}")
    for _ in range(TRIES):
        key = secret(f"   A {'new ' if known else ''}key (not shown), or Enter to {'keep it' if known else 'skip'}: ")
        if not key:
            return
        if await _is_kept(name, key, settings, asked):
            return


async def _is_kept(name: str, key: str, settings: "Settings", asked: Asked) -> bool:
    """Whether a key was kept; one that the provider refuses is not."""
    from imgcli.cli.questions import question
    from imgcli.credentials import store_key
    from imgcli.errors import SettingsError

    try:
        found = None if asked.offline else await _checked(name, key, settings)
        if found is not None:
            show.talk(f"   {found.seen}")
        if (
            found is not None
            and found.level is not Level.OK
            and not _agrees(question("   Keep it all the same? [y/N] "))
        ):
            return False
        show.talk(f"   kept in {store_key(name, key, os.environ, settings.paths.credentials)}")
    except SettingsError as error:
        show.talk(f"   {error}")
        return False
    return True


async def _checked(name: str, key: str, settings: "Settings") -> Finding:
    """What the provider says of a key, as `imgcli doctor` asks it; nothing is spent."""
    from imgcli.wiring import key_variable, open_providers

    provider = open_providers(settings, {**os.environ, key_variable(settings, name): key})[name]
    try:
        return await provider.check()
    finally:
        await provider.close()


def _agrees(answer: str) -> bool:
    return answer.lower() in {"y", "yes"}


async def _budget(cap: int | None, *, given: bool, asks: bool) -> None:
    from imgcli.cli.capping import cap_of
    from imgcli.cli.questions import required

    if not given and not asks:
        return
    now = await cap_of(Budget(Scope.ALL, "", Window.MONTH, None, None))
    if given:
        await _set_budget(cap, now)
        return
    usd = None if now is None else now.usd
    show.talk(f"2. The budget, which nothing can exceed: {'none' if usd is None else f'{format_usd(usd)} a month'}")
    kept = "to keep it" if usd is not None else f"for {SUGGESTED}"
    while True:
        answer = required(f"   Dollars a month, none, or Enter {kept}: ")
        if not answer and usd is not None:
            return
        try:
            cap = _dollars(answer or SUGGESTED)
        except UsageError as error:
            show.talk(f"   {error}")
            continue
        await _set_budget(cap, now)
        return


async def _set_budget(cap: int | None, now: Budget | None) -> None:
    from imgcli.cli import capping

    pictures = None if now is None else now.pictures
    if cap is not None or pictures is not None:
        await capping.cap(Budget(Scope.ALL, "", Window.MONTH, cap, pictures))
    elif now is not None:
        await capping.uncap(now)


def _dollars(text: str | None) -> int | None:
    if text is None or text.lower() == NONE:
        return None
    try:
        return parse_usd(text)
    except ValueError as error:
        raise UsageError(f"the budget: {error}, or none") from None


def _set_style(name: str | None, *, given: bool, asks: bool) -> None:
    from imgcli.cli.questions import required
    from imgcli.cli.setting import write_setting

    if given and name is not None:
        write_setting("style", name)
    if given or not asks:
        return
    now = ", ".join(_settings().style)
    show.talk(f"3. The style of pictures that name no other: {now or 'none'}")
    show.talk(f"   like {', '.join(SHOWN_STYLES)} (imgcli styles list)")
    while True:
        answer = required("   A style, none, or Enter to keep it: " if now else "   A style, or Enter for none: ")
        if not answer:
            return
        try:
            name = _style(answer)
        except UsageError as error:
            show.talk(f"   {error}")
            continue
        write_setting("style", name)
        return


def _style(text: str) -> str:
    """Names of styles as the setting takes them; empty for none.

    Raises:
        UsageError: one is the name of no style.
    """
    from imgcli.settings import find_paths, guess
    from imgcli.wiring import style_names

    if text.strip().lower() == NONE:
        return ""
    known = style_names(find_paths(os.environ))
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise UsageError(f"{text[:60]!r} names no style; write none for none")
    for name in names:
        if name not in known:
            raise UsageError(f"no style {name[:60]!r}{guess(name, known)} (imgcli styles list shows all)")
    return ", ".join(names)


async def _picture(asked: Asked, *, asks: bool) -> int:
    from imgcli.cli.making import make_pictures
    from imgcli.cli.questions import required

    prompt = asked.prompt
    if not asked.picture or (prompt is None and not asks):
        return 0
    if prompt is None:
        show.talk(f"4. A first picture, in {asked.out or 'this directory'}")
        prompt = required(f"   What it shows, none, or Enter for {FIRST!r}: ") or FIRST
        if prompt.lower() == NONE:
            return 0
    options.require_prompt(prompt)
    painter = await _painter(asked, prompt) if asks and asked.prompt is None else FREE
    code = await make_pictures(_wanted(asked, prompt, painter))
    if code == 0:
        show.talk(f'now:  imgcli gen "{FIRST}"{f" --provider {FREE}" if painter == FREE else ""}')
    return code


async def _painter(asked: Asked, prompt: str) -> str:
    """The provider that is set, if it is ready and the person says yes to its price; else the free one."""
    from imgcli.cli.questions import question
    from imgcli.wiring import provider_key

    settings = _settings(provider=asked.provider)
    name = settings.provider
    if name == FREE or provider_key(settings, os.environ, name)[0] is None:
        return FREE
    try:
        price = await _price(_wanted(asked, prompt, name))
    except ImgcliError as error:
        # A first picture is worth more here than the reason why it cannot be a dear one.
        show.talk(f"   not by {name}: {error}")
        return FREE
    return name if _agrees(question(f"   By {name}, for {price}? Else it is painted here, free. [y/N] ")) else FREE


async def _price(wanted: "Wanted") -> str:
    from imgcli.model.quote import Priced
    from imgcli.script import write_script
    from imgcli.wiring import open_studio

    async with open_studio(wanted.settings, os.environ, lambda _: None) as studio:
        quotes = (await write_script(wanted.entries, studio, wanted.settings, wanted.root)).quotes
    priced = [quote for quote in quotes if isinstance(quote, Priced)]
    if len(priced) < len(quotes):
        return "an unknown price"
    return f"about {format_usd(sum(q.expected for q in priced))}, at most {format_usd(sum(q.upper for q in priced))}"


def _wanted(asked: Asked, prompt: str, painter: str) -> "Wanted":
    from imgcli.cli.making import Wanted
    from imgcli.cli.wishes import Wishes

    # Its model may be that of another provider, and its words are not worth a second question.
    flags = {"provider": painter, "expand": "off"} | ({"model": ""} if painter == FREE else {})
    settings = _settings(**flags)
    root = asked.out or Path(settings.out or Path.cwd())
    options.require_text(root)
    entries = Wishes(None, None, None, None, None, None, 1, None, draft=False).entries([prompt], None)
    return Wanted("init", entries, settings, root, resume=False, yes=True)
