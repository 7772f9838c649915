"""Tests that can fail, and that say what they prevent."""

import ast

from tests.conventions.source_tree import dotted, modules, report

CHECKS = ("assert", "check", "expect", "raises", "fail", "warns")


def _tests() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (module.at(node), node)
        for module in modules("tests")
        if module.path.rsplit("/", 1)[1].startswith("test_")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def test_every_test_says_what_it_prevents() -> None:
    """Prevents tests that nobody dares to change because nobody knows what they are for."""
    problems = [f"{at} {test.name}" for at, test in _tests() if not ast.get_docstring(test)]
    assert not problems, report(problems, "Say in the docstring which failure the test prevents.")


def test_every_test_can_fail() -> None:
    """Prevents green tests that check nothing."""
    problems = []
    for at, test in _tests():
        checks = any(
            isinstance(node, ast.Assert)
            or (
                isinstance(node, ast.Call)
                and any(word in dotted(node.func).split(".")[-1].lower() for word in CHECKS)
            )
            for node in ast.walk(test)
        )
        constant = any(
            isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant) for node in ast.walk(test)
        )
        if not checks or constant:
            problems.append(f"{at} {test.name}")
    assert not problems, report(problems, "Assert what must hold, or expect the error by its message.")


def test_nothing_is_switched_off() -> None:
    """Prevents a failure that is silenced instead of mended."""
    problems = [
        f"{module.at(node)} {dotted(node)}"
        for module in modules("tests")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and dotted(node) in {"pytest.mark.skip", "pytest.mark.xfail", "pytest.skip", "pytest.xfail"}
    ]
    assert not problems, report(
        problems,
        "Mend it, or delete the test with the reason in the commit; skipif needs a condition of the platform.",
    )
