"""Every way by which the code can write a record, found in the code itself.

A function writes when it calls one of WRITING on whatever it holds, or speaks of a function that does. What
people and machines can start (steps of the workflow, views, commands, tasks) and what writes is a write path.
"""

import ast
import functools
import inspect
import pkgutil
import sys
import textwrap
from importlib import import_module
from pathlib import Path

from celery import Task
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import get_resolver

from assessments.models import Assessment, Evidence, Score

WRITING = {
    "update",
    "create",
    "save",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
ROOMS = [app.name for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
RECORDS = "assessments"


def modules():
    for room in ROOMS:
        package = import_module(room)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if ".migrations" not in found.name:
                yield import_module(found.name)


def name_of(function):
    return f"{function.__module__}.{function.__qualname__}"


def plain(thing):
    """The function as it was written, below decorators and a task's wrapping."""
    return inspect.unwrap(thing.run if isinstance(thing, Task) else thing)


def is_ours(thing):
    """Written in the project; what dataclasses make of themselves has no source."""
    return (
        inspect.isfunction(thing)
        and thing.__module__.partition(".")[0] in ROOMS
        and Path(thing.__code__.co_filename).is_file()
    )


@functools.cache
def body(function):
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


@functools.cache
def speaks_of(function):
    """The functions of the project that a function names, called or handed on."""
    found = set()
    around = sys.modules[function.__module__].__dict__
    for node in ast.walk(body(function)):
        thing = None
        if isinstance(node, ast.Name):
            thing = around.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            holder = around.get(node.value.id)
            thing = getattr(holder, node.attr, None) if inspect.ismodule(holder) else None
        if inspect.isclass(thing) and thing.__module__.partition(".")[0] in ROOMS:
            found.update(method for method in vars(thing).values() if is_ours(method))
        elif thing is not None and (callable(thing) or isinstance(thing, Task)) and is_ours(plain(thing)):
            found.add(plain(thing))
    return found - {function}


def writes_itself(function):
    """In the room of the records, or elsewhere with one of them in its hands."""
    calls = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING
        for node in ast.walk(body(function))
    )
    return calls and (function.__module__.partition(".")[0] == RECORDS or names_a_record(function))


def names_a_record(function):
    around = sys.modules[function.__module__].__dict__
    return any(
        isinstance(node, ast.Name) and around.get(node.id) in (Assessment, Score, Evidence)
        for node in ast.walk(body(function))
    )


def writers(aside):
    """All functions that write a record, themselves or by another that is not aside."""
    functions = {
        plain(thing)
        for module in modules()
        for thing in [*vars(module).values(), *methods_of(module)]
        if (callable(thing) or isinstance(thing, Task)) and is_ours_plain(thing)
    }
    functions = {each for each in functions if name_of(each) not in aside}
    found = {function for function in functions if writes_itself(function)}
    while more := {each for each in functions - found if speaks_of(each) & found}:
        found |= more
    return found


def is_ours_plain(thing):
    try:
        return is_ours(plain(thing))
    except (ValueError, AttributeError):
        return False


def methods_of(module):
    for thing in vars(module).values():
        if inspect.isclass(thing) and thing.__module__ == module.__name__:
            yield from (method for method in vars(thing).values() if inspect.isfunction(method))


def views(patterns=None):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern.url_patterns)
        elif is_ours_plain(pattern.callback):
            yield plain(pattern.callback)


def commands():
    for name, room in get_commands().items():
        if room in ROOMS:
            yield type(load_command_class(room, name)).handle


def tasks():
    for module in modules():
        for thing in vars(module).values():
            if isinstance(thing, Task):
                yield plain(thing)
