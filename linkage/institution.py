"""Insurance numbers of institutions: a welfare home or a temple insures its residents under one number, and they are no family.

A family of many people has few surnames; residents of an institution have come from everywhere. Reads the temp tables
`household_claim` and `resident` of `household`; takes the claims of institutions out of `household_claim`: whom nothing else
leads anywhere is a home of his own.
"""

import duckdb

_INSTITUTION = """
delete from household_claim where source = 'medical_insurance' and group_no in (
    select group_no from household_claim join resident using (person_no) where source = 'medical_insurance'
    group by group_no
    having count(*) > {people} and (count(distinct surname) > {surnames} * count(*) or count(*) > {surely})
);
"""


def part_institutions(con: duckdb.DuckDBPyConnection, people: int, surnames: float, surely: int) -> None:
    """Take insurance numbers of institutions out of `household_claim`.

    Such a number has more than `people` people, and more than `surnames` of them (a share) bear a surname of their own, or it
    has more than `surely` people, as many as no family has.
    """
    con.execute(_INSTITUTION.format(people=people, surnames=surnames, surely=surely))
