"""Nothing below the command line reads the clock: the run date is data."""

import ast
import re

from tests.conventions.source_tree import dotted, modules, report, text_files

READS = {
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time", "time.time_ns", "time.localtime",
    "time.gmtime", "time.strftime", "time.ctime", "Timestamp.now", "Timestamp.today", "Timestamp.utcnow",
}  # fmt: skip
# time.perf_counter and time.monotonic measure how long something took and never tell what day it is.
# Which days may be asked for ends with today: partitions.py offers days and judges nothing.
MAY_READ = ("orchestration/cli/", "orchestration/defs/", "orchestration/partitions.py")
SQL_READS = re.compile(
    r"\b(current_date|current_timestamp|current_time|localtimestamp|getdate\s*\(|now\s*\(|today\s*\(|get_current_timestamp\s*\()",
    re.IGNORECASE,
)
INSTEAD = (
    "The run date is an argument (a dbt var in SQL: {{ var('run_date') }}), the time of receipt too. "
    "Only orchestration/cli/ and orchestration/defs/ look at the clock and hand it down."
)


def test_python_reads_no_clock() -> None:
    """Prevents a day that gives other results when it is run again tomorrow."""
    problems = [
        f"{module.at(node)} {dotted(node.func)}()"
        for module in modules()
        if not module.path.startswith(MAY_READ)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ".".join(dotted(node.func).split(".")[-2:]) in READS
    ]
    assert not problems, report(problems, INSTEAD)


def test_sql_reads_no_clock() -> None:
    """Prevents a model or a policy that judges by the day the machine has, not by the day of the run."""
    problems = []
    for path, text in text_files():
        if not path.startswith(("dbt_project/", "expectations/")) or not path.endswith(
            (".sql", ".yml", ".yaml")
        ):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            code = line.split("--")[0] if path.endswith(".sql") else line.split("#")[0]
            if SQL_READS.search(code):
                problems.append(f"{path}:{number}")
    for module in modules():
        for node in ast.walk(module.tree):
            is_sql = (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.search(r"\bselect\b", node.value, re.IGNORECASE)
            )
            if is_sql and SQL_READS.search(re.sub(r"--[^\n]*", "", node.value)):
                problems.append(module.at(node))
    assert not problems, report(problems, INSTEAD)
