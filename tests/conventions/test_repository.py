"""What must never stand in the repository: real people's numbers, one machine's paths, an index's address."""

import re

from tests.conventions.source_tree import report, text_files

# A citizen number, also inside a certificate number: region, birth date, sequence, check digit.
EIGHTEEN = re.compile(
    r"(?<![0-9A-Za-z])(\d{6})(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?:\d{2})?(?![0-9A-Za-z])"
)
# Issued until 1999: region, two-digit year, month, day, sequence.
FIFTEEN = re.compile(
    r"(?<![0-9A-Za-z.])(\d{6})\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9A-Za-z])"
)
# Province 51 has no prefecture 99: nobody's number begins so. 999999 is what offices type when there is none.
UNASSIGNED = ("5199", "9999")

# Spelt in halves, or this file would break its own rule.
MACHINE_PATHS = re.compile(
    "|".join(
        [r"(?<![\w.])/" + "work/", r"(?<![\w.])/" + "tmp/", "/" + "root/", "/" + "home/", "/opt/" + "pypi"]
    )
)
INDEX_HOSTS = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            r"mirrors\." + r"[a-z]+\.",
            "crates" + r"\.io",
            "npm" + r"js\.",
        ]
    )
)
# The text of the licence and of the lock is not ours.
NOT_OURS = {"LICENSE"}


def _lines(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}"
        for path, text in text_files()
        if path not in NOT_OURS
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_id_numbers_belong_to_nobody() -> None:
    """Prevents a living person's number from entering git, by a fixture copied from a real extract."""
    problems = [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
        for path, text in text_files()
        for pattern in (EIGHTEEN, FIFTEEN)
        for match in pattern.finditer(text)
        if not match.group(1).startswith(UNASSIGNED)
    ]
    assert not problems, report(
        problems,
        "Numbers like citizens' numbers use a region never assigned (5199xx); people are made by ingest/county/.",
    )


def test_no_path_of_one_machine() -> None:
    """Prevents code and pages that hold on the author's machine only."""
    problems = _lines(MACHINE_PATHS)
    assert not problems, report(
        problems, "Take the path from an argument, HULIAN_HOME or the module's own place; tests use tmp_path."
    )


def test_no_package_index_is_named() -> None:
    """Prevents an installation that fails where a county reaches only its own mirror."""
    problems = _lines(INDEX_HOSTS)
    assert not problems, report(
        problems,
        "The lock holds names, versions and hashes; the index comes from the machine's own configuration.",
    )
