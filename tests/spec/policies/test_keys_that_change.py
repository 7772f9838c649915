"""A subject whose key has changed (a number corrected, households merged) keeps his clue and its history."""

CHILDREN = """
    person_key | household_key | is_target | school_age | on_roll | stage
    {first}    | {home}        | true      | 9          | false   | 小学
    {second}   | h2            | true      | 9          | {second_on_roll} | 小学
"""
ONLY = ["EDU-01"]


def children(county, first: str, home: str, second: str, second_on_roll: str = "false") -> None:
    county.give(
        "person", CHILDREN.format(first=first, home=home, second=second, second_on_roll=second_on_roll)
    )


def redirect(county, *rows: tuple[str, str, str]) -> str:
    county.con.execute("CREATE OR REPLACE TABLE key_redirect (old_key TEXT, new_key TEXT, kind TEXT)")
    county.con.executemany("INSERT INTO key_redirect VALUES (?, ?, ?)", rows)
    return "key_redirect"


def test_the_clue_follows_the_person(county) -> None:
    """Prevents a corrected ID number from closing a clue, losing its verdicts and opening it anew."""
    children(county, "p1", "h1", "p2")
    county.ask("2026-11-23", policies=ONLY)
    county.verdicts("""
        gap_id    | verified_on | verdict
        EDU-01-p1 | 2026-11-24  | 属实
    """)
    children(county, "p9", "h9", "p2")
    told = redirect(county, ("p1", "p9", "person"), ("h1", "h9", "household"))
    county.ask("2026-11-24", policies=ONLY, redirects=told)
    county.expect(
        "policies.gap",
        """
        gap_id    | subject_key | person_key | household_key | status    | first_seen
        EDU-01-p1 | p9          | p9         | h9            | confirmed | 2026-11-23
        EDU-01-p2 | p2          | p2         | h2            | open      | 2026-11-23
    """,
    )
    county.ask("2026-11-25", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | subject_key | status    | first_seen | last_seen
        EDU-01-p1 | p9          | confirmed | 2026-11-23 | 2026-11-25
        EDU-01-p2 | p2          | open      | 2026-11-23 | 2026-11-25
    """,
    )


def test_two_who_were_one_keep_one_clue(county) -> None:
    """Prevents one child from standing twice on the list after his two records were joined."""
    children(county, "p1", "h1", "p2")
    county.ask("2026-11-23", policies=ONLY)
    county.give(
        "person",
        """
        person_key | household_key | is_target | school_age | on_roll | stage
        p2         | h2            | true      | 9          | false   | 小学
    """,
    )
    county.ask("2026-11-24", policies=ONLY, redirects=redirect(county, ("p1", "p2", "person")))
    county.expect(
        "policies.gap",
        """
        gap_id    | subject_key | status
        EDU-01-p1 | p1          | resolved
        EDU-01-p2 | p2          | open
    """,
    )
