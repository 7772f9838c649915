"""How modules are named, introduced and kept small."""

import ast
import re

from tests.conventions.source_tree import modules, report, text_files

# Names that say nothing about what belongs in a module: such modules collect everything.
EMPTY_NAMES = {
    "base",
    "common",
    "core",
    "helper",
    "helpers",
    "lib",
    "manager",
    "misc",
    "shared",
    "stuff",
    "tools",
    "util",
    "utils",
}
MOST_LINES = 400


def test_packages_only_say_what_they_are() -> None:
    """Prevents imports that run because something beside them was imported."""
    problems = [
        module.path
        for module in modules()
        if module.path.endswith("/__init__.py")
        and (len(module.tree.body) != 1 or not ast.get_docstring(module.tree))
    ]
    assert not problems, report(
        problems, "An __init__.py holds a docstring and nothing else; import from the module itself."
    )


def test_every_module_begins_with_its_purpose() -> None:
    """Prevents modules whose place nobody can tell, which then grow in every direction."""
    problems = []
    for module in modules("ingest", "linkage", "expectations", "orchestration", "tests"):
        first = (ast.get_docstring(module.tree) or "").split("\n\n")[0].strip()
        if not first or first[-1] not in ".:;":
            problems.append(module.path)
    assert not problems, report(
        problems,
        "A module begins with one sentence of purpose that ends in a full stop, then what belongs in it and what does not.",
    )


def test_module_names_say_what_is_inside() -> None:
    """Prevents drawers: a module named `utils` has no reason to stop growing."""
    problems = []
    for module in modules():
        name = module.path.rsplit("/", 1)[1].removesuffix(".py")
        if name in EMPTY_NAMES or not re.fullmatch(r"_{0,2}[a-z][a-z0-9_]*_{0,2}", name):
            problems.append(module.path)
    assert not problems, report(
        problems, "Name the module after the one thing in it (a noun or a verb of the field, snake_case)."
    )


def test_files_have_one_reason_to_change() -> None:
    """Prevents files too long to be read at one sitting."""
    problems = [
        f"{path}: {text.count(chr(10))} lines"
        for path, text in text_files()
        if path.endswith((".py", ".sql")) and text.count("\n") > MOST_LINES
    ]
    assert not problems, report(
        problems, f"Split at the concept: a file of code has at most {MOST_LINES} lines."
    )


def test_public_functions_are_typed() -> None:
    """Prevents tables handed from room to room whose shape only the author knew."""
    problems = []
    for module in modules():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            bare = [a.arg for a in arguments if a.annotation is None and a.arg not in {"self", "cls"}]
            if bare or node.returns is None:
                problems.append(f"{module.at(node)} {node.name}: {', '.join(bare) or 'what it returns'}")
    assert not problems, report(
        problems, "Give every argument and the result a type; `make check` proves them."
    )
