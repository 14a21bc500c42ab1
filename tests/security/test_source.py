"""Rules of the source that no review should have to remember: one printer, no raw text, no code or SQL out of data."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import imgcli

SRC = Path(imgcli.__file__).parent
TREES = {str(path.relative_to(SRC)): ast.parse(path.read_text("utf-8")) for path in sorted(SRC.rglob("*.py"))}

PRINTERS = {"cli/show.py"}
QUESTIONS = {
    "cli/questions.py": "asks, without a line end, in words that are made safe there",
    "cli/style_editor.py": "ditto",
}
CONSOLES = {"cli/show.py", "cli/live.py"}
SAFE_TEXTS = {
    ("cli/budget.py", "used"): "a bar is blocks times a number",
    ("cli/doctor.py", "level"): "the word of an enum",
    ("cli/verify.py", "finding"): "ditto",
    ("cli/verify.py", "seen"): "ditto",
    ("cli/live.py", "task"): "numbers of a bar",
    ("cli/live.py", "left"): "ditto",
    ("cli/closing.py", "cell"): "made safe line by line where the rows are built, as they keep their line ends",
}
"""(file, first name in the argument) of a `Text(...)` that does not pass through `safe_text`, and why it may."""

SQL_BY_HAND = {
    ("db/connect.py", "pragma"): "from a constant of the module",
    ("db/connect.py", "len"): "the number of migrations",
    ("db/connect.py", "begin"): "one of two constants",
    ("db/connect.py", "seconds"): "one of two constants",
    ("db/board.py", "patience"): "one of two constants",
    ("db/connect.py", "statement"): "a statement of a migration script in the package",
    ("catalog/search.py", "MAKE_WORDS"): "a constant of the module",
    ("catalog/search.py", "text"): "of terms that are written here; what a person typed is a parameter of each",
    ("catalog/search.py", "rows"): "a SELECT that is written here",
    ("ledger/peek.py", "text"): "of constants of the module",
    ("ledger/audit.py", "table"): "one of the ledger's tables",
    ("ledger/audit.py", "statement"): "a statement of a migration script in the package",
    ("ledger/sqlite.py", "version"): "a number that SQLite told",
    ("ledger/events.py", "table"): "one of the ledger's tables",
    ("ledger/rebuild.py", "statement"): "a statement of a migration script in the package",
    ("ledger/rebuild.py", "table"): "one of the ledger's tables, with its columns",
    ("ledger/rebuild.py", "len"): "the number of migrations",
    ("ledger/salvage.py", "table"): "one of the ledger's tables",
}
RUNNERS = {"eval", "exec", "compile", "__import__"}
MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "yaml", "subprocess", "pty", "code", "runpy", "xml"}
STARTERS = {
    ("exports/label.py", "xml"): "escapes words; parses nothing",
    ("cli/style_editor.py", "subprocess"): "opens the user's own editor, word by word and without a shell",
    ("cli/inline.py", "subprocess"): "chafa, which is given pixels of our making; what it answers is looked at",
    ("cli/opening.py", "subprocess"): "shows a file in the system's own program, by its whole path and without a shell",
}
SHELLS = {"system", "popen", "spawnl", "spawnv", "execv", "execve", "execvp"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for file, tree in TREES.items():
        yield from ((file, node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def dotted(node: ast.expr) -> str:
    """`sys.stdout.write` for the expression that reads so; empty for what is no plain name."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{dotted(node.value)}.{node.attr}"
        case _:
            return ""


def first_name(node: ast.AST) -> str:
    return next((child.id for child in ast.walk(node) if isinstance(child, ast.Name)), "")


def is_literal(node: ast.expr) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.IfExp():
            return is_literal(node.body) and is_literal(node.orelse)
        case _:
            return False


def is_safe(node: ast.expr) -> bool:
    """A literal, or what `safe_text` made."""
    match node:
        case ast.Call():
            return dotted(node.func) in {"safe_text", "safe_lines"}
        case ast.IfExp():
            return is_safe(node.body) and is_safe(node.orelse)
        case _:
            return is_literal(node)


def texts(tree: ast.AST) -> Iterator[str]:
    """Names that are given a `Text` somewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and dotted(node.value.func) == "Text":
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def where(file: str, node: ast.AST) -> str:
    return f"{file}:{getattr(node, 'lineno', 0)}"


def found(rule: Callable[[str, ast.Call], bool]) -> list[str]:
    return [where(file, call) for file, call in calls() if rule(file, call)]


def test_there_is_something_to_look_at() -> None:
    assert {"cli/show.py", "cli/live.py", "pipeline.py", "ledger/sqlite.py"} <= set(TREES)


def test_nobody_prints() -> None:
    assert found(lambda _file, call: dotted(call.func) in {"print", "pprint", "pprint.pprint", "rich.print"}) == []


def test_one_module_writes_to_the_terminal() -> None:
    """Handing `sys.stdout` on counts as well as writing to it; `isatty` and reading stdin do not."""
    for file, tree in TREES.items():
        if file in PRINTERS | set(QUESTIONS):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute):
                continue
            name = dotted(node)
            stream = next((part for part in ("sys.stdout", "sys.stderr", "sys.__std") if name.startswith(part)), "")
            assert not stream or name.endswith(".isatty") or name == stream, where(file, node)
            assert not name.endswith(("stdout.write", "stderr.write", "stdout.buffer", "stderr.buffer")), where(
                file, node
            )
            assert name not in {"os.write", "typer.echo", "typer.secho", "typer.prompt", "typer.confirm"}, where(
                file, node
            )


@pytest.mark.parametrize("file", QUESTIONS)
def test_a_question_is_made_safe(file: str) -> None:
    written = [
        call for name, call in calls() if name == file and dotted(call.func) in {"sys.stdout.write", "sys.stderr.write"}
    ]
    assert len(written) == 1
    assert all(is_safe(call.args[0]) for call in written)


def test_rich_prints_in_two_modules() -> None:
    def prints(file: str, call: ast.Call) -> bool:
        name = dotted(call.func)
        return file not in CONSOLES and (name.endswith((".print", "console.log", "console.rule")) or name == "Console")

    assert found(prints) == []


def test_text_for_rich_is_safe_or_on_the_list() -> None:
    used = set()
    appends = {file: {f"{name}.append" for name in texts(tree)} for file, tree in TREES.items()}
    for file, call in calls():
        name = dotted(call.func)
        if name not in {"Text", "rich.text.Text", "Text.from_markup", "Text.from_ansi"} | appends[file]:
            continue
        assert "from_" not in name, where(file, call)
        if not call.args or is_safe(call.args[0]):
            continue
        key = (file, first_name(call.args[0]))
        assert key in SAFE_TEXTS, f"{where(file, call)}: {key[1]!r} does not pass through safe_text"
        used.add(key)
    assert used == set(SAFE_TEXTS), "the list holds only what is there"


def test_no_string_is_given_to_rich_where_it_would_be_markup() -> None:
    """A bare string in a table or a column is parsed for `[link=...]`, and fails at `[/nope]`."""
    for file, call in calls():
        name = dotted(call.func)
        if name == "TextColumn":
            assert any(word.arg == "markup" and is_literal(word.value) for word in call.keywords), where(file, call)
        if name == "Table":
            title = next((word.value for word in call.keywords if word.arg == "title"), None)
            assert title is None or not isinstance(title, ast.Constant | ast.BoolOp | ast.JoinedStr), where(file, call)
        assert name not in {"Panel", "Markdown", "Syntax", "Prompt.ask", "Confirm.ask", "Traceback", "install"}, where(
            file, call
        )


def test_nothing_runs_what_it_was_given() -> None:
    def runs(_file: str, call: ast.Call) -> bool:
        name = dotted(call.func)
        shell = any(word.arg == "shell" for word in call.keywords)
        return shell or name in RUNNERS or (name.startswith("os.") and name.removeprefix("os.") in SHELLS)

    assert found(runs) == []
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            used = {name.split(".")[0] for name in names} & MODULES
            assert all((file, name) in STARTERS for name in used), where(file, node)


def test_sql_is_named_or_literal_and_values_are_parameters() -> None:
    """`execute(SQL["name"], ...)` or one string literal; the rest is on the list, with its reason."""
    used = set()
    for file, call in calls():
        if not dotted(call.func).endswith((".execute", ".executemany", ".executescript")):
            continue
        assert not dotted(call.func).endswith(".executescript"), where(file, call)
        statement = call.args[0]
        if isinstance(statement, ast.Constant):
            continue
        if isinstance(statement, ast.Subscript) and dotted(statement.value) == "SQL":
            continue
        key = (file, first_name(statement))
        assert key in SQL_BY_HAND, f"{where(file, call)}: SQL made of {key[1]!r}"
        used.add(key)
    assert used == set(SQL_BY_HAND)


def test_no_setting_of_tls_is_turned_off() -> None:
    def trusts(_file: str, call: ast.Call) -> bool:
        off = any(
            word.arg in {"verify", "check_hostname"} and isinstance(word.value, ast.Constant) and not word.value.value
            for word in call.keywords
        )
        return off or dotted(call.func).endswith("_create_unverified_context")

    assert found(trusts) == []
    for file, call in calls():
        follows = next((word.value for word in call.keywords if word.arg == "follow_redirects"), None)
        assert follows is None or (isinstance(follows, ast.Constant) and follows.value is False), where(file, call)
        if dotted(call.func).endswith("AsyncClient"):
            assert follows is not None, f"{where(file, call)}: say that redirects are not followed"


def test_no_dotenv_and_no_locals_in_tracebacks() -> None:
    locals_shown = {"show_locals", "capture_locals", "pretty_exceptions_show_locals"}
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not node.value.endswith(".env"), where(file, node)
                assert node.value not in locals_shown, where(file, node)
            if isinstance(node, ast.keyword):
                assert node.arg not in locals_shown, where(file, node)
