"""Break the rules of the deadline one by one and see that a test notices: `make mutants`.

    python -m tests.mutants [FILE ...]

Each mutant is one small change in one file, against the tests of that file. What
survives must stand in docs/mutants.md with the reason why it changes nothing; else the command exits 1. Ready
tools change neither the text of SQL nor the names of lookups, and there the rules are.
"""

import ast
import inspect
import itertools
import os
import re
import signal
import sys
import types
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTES = ROOT / "docs" / "mutants.md"
AT_ONCE = 2
PATIENCE = 3600  # seconds
A = "tests/assessments"
STEPS = "test_a_write_path_writes_while_its_window_is_open_and_never_else[workflow"
PAST = "test_what_is_written_past_the_workflow_the_database_judges_alike"
WINDOWS = [
    f"{A}/test_windows.py",
    f"{A}/test_closing.py",
    f"{A}/test_papers.py",
    f"{A}/test_write_paths.py::{PAST}",
    f"{A}/test_write_paths.py::{STEPS}",
]
# The tests of each file, the quickest first; where a name follows, only that class or those functions.
FILES = {
    "assessments/scoring.py": ([f"{A}/test_scoring.py"], None),
    "assessments/windows.py": ([*WINDOWS, f"{A}/test_board_pages.py"], None),
    "assessments/models/assessment.py": (
        WINDOWS,
        ["within_window", "left_by_closing", "_is_open", "_is_extended"],
    ),
    "assessments/models/campaign.py": (WINDOWS, ["in_effect", "is_open", "open_at", "reaches"]),
    "assessments/triggers.py": (
        [*WINDOWS, *(f"{A}/test_{name}.py" for name in ("extensions", "contests", "reopening", "workflow"))],
        None,
    ),
    "assessments/closing.py": ([f"{A}/test_closing.py", f"{A}/test_tally.py"], None),
}
OPERATORS = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.And: "or",
    ast.Or: "and",
    ast.BitAnd: "|",
    ast.BitOr: "&",
    ast.Add: "-",
    ast.Sub: "+",
}
LOOKUPS = [("__lte=", "__lt="), ("__lt=", "__lte="), ("__gte=", "__gt="), ("__gt=", "__gte=")]
SQL = [
    (r" AND ", " OR "),
    (r" OR ", " AND "),
    (r"\bNOT EXISTS", "EXISTS"),
    (r"\bNOT IN\b", "IN"),
    (r"(?<!NOT )\bIN \(", "NOT IN ("),
    (r"\bNOT \{", "{"),
    (r"IS NOT NULL", "IS NULL"),
    (r"IS NULL", "IS NOT NULL"),
    (r" <= ", " < "),
    (r" < ", " <= "),
    (r" <> ", " = "),
    (r"(?<=\w) = (?=[\w'])", " <> "),
]


def mutants(source, names):
    """(line number, the line before, the line after, the whole source after) of every small change."""
    seen = set()
    lines = source.splitlines(keepends=True)
    starts = [0, *itertools.accumulate(len(line.encode()) for line in lines)]
    told = source.encode()

    def place(line, column):
        return starts[line - 1] + column

    for start, end, text in sorted(_changes(ast.parse(source), told, place, names)):
        changed = (told[:start] + text.encode() + told[end:]).decode()
        if not text:
            changed = without_lone_comma(changed)
        try:
            same = ast.dump(ast.parse(changed)) == ast.dump(ast.parse(source))
        except SyntaxError:
            continue
        if same or changed in seen:
            continue
        seen.add(changed)
        number = told[:start].count(b"\n") + 1
        after = changed.splitlines()[number - 1].strip()
        yield number, lines[number - 1].strip(), after, changed


def _changes(tree, told, place, names):
    for top in _chosen(tree, names):
        for node in ast.walk(top):
            if hasattr(node, "lineno"):
                yield from _changes_at(node, told, place)


def _chosen(tree, names):
    """What functions do, and constants: not what types say, nor documentation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (names is None or node.name in names):
            has_documentation = ast.get_docstring(node) is not None
            yield from node.body[has_documentation:]
    if names is None:
        yield from (node for node in tree.body if isinstance(node, ast.Assign))


def _changes_at(node, told, place):
    start, end = place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)

    def between(left, right, text):
        """Replace the operator that stands between two operands."""
        a, b = place(left.end_lineno, left.end_col_offset), place(right.lineno, right.col_offset)
        gap = told[a:b].decode()
        word = re.search(r"not in|is not|[<>=!]=|[<>&|+-]|\b(?:and|or|in|is)\b", gap)
        if word:
            yield a + word.start(), a + word.end(), text

    if isinstance(node, ast.Compare):
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            yield from between(left, right, OPERATORS[type(operator)])
    elif isinstance(node, ast.BoolOp):
        for left, right in itertools.pairwise(node.values):
            yield from between(left, right, OPERATORS[type(node.op)])
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield from between(node.left, node.right, OPERATORS[type(node.op)])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        yield start, end, f"({told[place(node.operand.lineno, node.operand.col_offset) : end].decode()})"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield start, end, str(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield start, end, str(node.value + 1)
    elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield from _changes_of_sql(told[start:end].decode(), start)
    elif isinstance(node, ast.Name) and node.id in ("max", "min"):
        yield start, end, {"max": "min", "min": "max"}[node.id]
    elif isinstance(node, ast.keyword) and node.arg:
        text = told[start:end].decode()
        for old, new in LOOKUPS:
            if f"{node.arg}=".endswith(old):
                yield start, end, text.replace(old, new, 1)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield start, end, "None"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in ("filter", "exclude") and len(node.keywords) > 1:
            for each in node.keywords:
                a, b = (
                    place(each.lineno, each.col_offset),
                    place(each.end_lineno, each.end_col_offset),
                )
                yield a, b, ""  # one condition less; its comma goes below
        if node.func.attr == "exclude":
            a = place(node.func.value.end_lineno, node.func.value.end_col_offset)
            gap = told[a:end].decode()
            yield a, a + gap.index("exclude") + 7, gap[: gap.index("exclude")] + "filter"


def _changes_of_sql(text, start):
    if not re.search(r"NEW\.|SELECT|EXISTS|x\.", text):
        return
    for pattern, new in SQL:
        for found in re.finditer(pattern, text):
            before = len(text[: found.start()].encode())
            yield start + before, start + before + len(found.group().encode()), new


def without_lone_comma(source):
    return re.sub(r"\(\s*,", "(", re.sub(r",(\s*),", r",\1", source))


class Mutating:
    """Instead of the tests themselves: the tests of each mutant, in a process forked when all is ready.

    The database is in memory, so that every process has its own.
    """

    def __init__(self, files):
        self.files, self.unexplained = files, 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        known = NOTES.read_text() if NOTES.exists() else ""
        first = session.items[0]
        elsewhere = next(item for item in session.items if item.path != first.path)
        session.config.hook.pytest_runtest_protocol(item=first, nextitem=elsewhere)  # makes the database
        if session.testsfailed:
            raise SystemExit("the tests fail without any mutant")
        capture = session.config.pluginmanager.getplugin("capturemanager")
        capture.suspend_global_capture(in_=True)
        work = [
            (file, *mutant)
            for file in self.files
            for mutant in mutants((ROOT / file).read_text(), FILES[file][1])
        ]
        print(f"{len(work)} mutants", flush=True)
        alive = 0
        for (file, number, before, after, _changed), status in self.each(session, work):
            if os.WIFSIGNALED(status):
                print(f"NEVER ENDED {file}:{number}\n    {before}\n    {after}", flush=True)
            if status == 0:
                note = f"`{before}` left out" if after == "None" else f"`{after}`"
                explained = note in known
                alive += 1
                self.unexplained += not explained
                word = "explained" if explained else "SURVIVED"
                print(f"{word} {file}:{number}\n    {before}\n    {after}", flush=True)
        print(f"{len(work) - alive} killed, {alive} survived, {self.unexplained} of them unexplained.")
        return True

    def each(self, session, work):
        running, work = {}, iter(work)
        while True:
            while len(running) < AT_ONCE and (mutant := next(work, None)):
                running[self.start(session, mutant)] = mutant
            if not running:
                return
            process, status = os.wait()
            yield running.pop(process), status

    def start(self, session, mutant):
        from pytest_django.plugin import blocking_manager_key  # loaded by pytest, not before it

        process = os.fork()
        if process:
            return process
        signal.alarm(PATIENCE)  # it never ends: that is noticed
        session.config.pluginmanager.unregister(name="terminalreporter")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        try:
            file, _number, _before, _after, changed = mutant
            put_in(file, changed, FILES[file][1], session.config.stash[blocking_manager_key])
            for test in FILES[file][0]:
                items = [item for item in session.items if item.nodeid.startswith(test)]
                for item, following in zip(items, [*items[1:], None], strict=True):
                    session.config.hook.pytest_runtest_protocol(item=item, nextitem=following or item)
                    if session.testsfailed:
                        os._exit(1)
        except BaseException:
            os._exit(1)
        os._exit(0)


def put_in(file, changed, names, blocker):
    """Let the functions of the running project do what the changed source says, and its constants be that."""
    module = import_module(file.removesuffix(".py").replace("/", "."))
    codes = dict(_codes(compile(changed, file, "exec")))
    for function in _functions(module):
        if function.__qualname__ in codes:
            function.__code__ = codes[function.__qualname__]
    if names is None:
        made = dict(vars(module))
        exec(compile(changed, file, "exec"), made)
        constants = {name: value for name, value in made.items() if name.isupper()}
        vars(module).update(constants)
    if file.endswith("triggers.py"):
        from django.db import connection

        from audit import triggers

        with blocker.unblock():
            triggers.drop(connection)
            triggers.create(connection)


def _codes(code):
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant.co_qualname, constant
            yield from _codes(constant)


def _functions(module):
    for thing in vars(module).values():
        inside = vars(thing).values() if inspect.isclass(thing) else [thing]
        for each in inside:
            each = getattr(each, "__func__", getattr(each, "fget", each))
            if callable(each) and inspect.isfunction(inspect.unwrap(each)):
                function = inspect.unwrap(each)
                if function.__module__ == module.__name__:
                    yield function


def main(*chosen):
    files = chosen or tuple(FILES)
    tests = dict.fromkeys(test.partition("::")[0] for tests, _names in FILES.values() for test in tests)
    mutating = Mutating(files)
    options = ["-q", "-x", "--nomigrations", "-p", "no:cacheprovider", "-p", "no:randomly"]
    ended = pytest.main([*options, *tests], plugins=[mutating])
    raise SystemExit(bool(ended or mutating.unexplained))


if __name__ == "__main__":
    main(*sys.argv[1:])
