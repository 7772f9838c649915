"""Where bills are made: who is treated in a village's clinic or a township's hospital lives there as a rule.

A bill without a number and without the insurance's key has nothing but a name; which of his namesakes lives where the bill
was made is told by the county's own proven bills, hospital by hospital, and no name of a hospital is read. Reads `mention`,
`profiled`, `profile` and `candidate`; writes the temp tables `provider_habit` (provider, village, bits) and `provider_pair`
(record_no, known, bits) for open records that name no village.
"""

import duckdb

from linkage.habits import HABIT_DOUBT, MOST_BITS

_HABIT = """
create or replace temp table provider_habit as
with
told as (
    select m.provider, p.village, count(*) as n
    from profiled f join mention m using (mention_no)
    -- whose rows name one village: of others nobody knows from where they came
    join (select record_no, villages[1] as village from profile where proven and len(villages) = 1) p using (record_no)
    where m.provider is not null and f.match_method in ('id_exact', 'id_upgraded')
    group by all
),
village as (select village, sum(n) / sum(sum(n)) over () as share from told group by village),
provider as (select provider, sum(n) as n from told group by provider)
select p.provider, v.village,
    greatest(-{most}, least({most}, log2((coalesce(t.n, 0) + {doubt} * v.share) / (p.n + {doubt}) / v.share))) as bits
from provider p cross join village v left join told t using (provider, village);
"""

# Of a person with several villages the one that fits best.
_PAIRS = """
create or replace temp table provider_pair as
select c.record_no, c.known, max(h.bits) as bits
from candidate c
join (select p.record_no, m.provider from profile p join mention m using (mention_no) where p.villages is null and m.provider is not null) o
    using (record_no)
join (select record_no as known, unnest(villages) as village from profile semi join (select known as record_no from candidate) using (record_no)) k
    using (known)
join provider_habit h using (provider, village)
group by all;
"""


def write_provider_habit(con: duckdb.DuckDBPyConnection) -> None:
    """Count which village's people are treated where (`provider_habit`), on the bills that a sound number proves."""
    con.execute(_HABIT.format(doubt=HABIT_DOUBT, most=MOST_BITS))


def write_provider_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """What each open bill's provider says for a candidate's village (`provider_pair`, in bits); needs `candidate`."""
    con.execute(_PAIRS)
