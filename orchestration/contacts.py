"""Keys of the officers who look after households, so that their visits can be counted without their names.

Staff are not linked persons: an officer is a name within a township. Names stay in the restricted zone.
"""

import duckdb

from linkage.keys import key_sql

_PREFIX = "c"


def write_keys(connection: duckdb.DuckDBPyConnection, secret: bytes) -> None:
    """Write `policies.household_contact` (household_no, contact_key, helper_key) and `policies.contact` (restricted).

    `policies.contact` has one row per key: contact_key, township_name, name, title, phone. Of several titles or numbers
    the last in order of text counts.
    """
    contact = key_sql(_PREFIX, "coalesce(township_name, '') || '|' || contact_name", secret)
    helper = key_sql(_PREFIX, "coalesce(township_name, '') || '|' || helper_name", secret)
    connection.execute(f"""
        create or replace temp table keyed_contact as
        select *, {contact} as contact_key, {helper} as helper_key from intermediate.int_household__contact
    """)
    connection.execute("""
        create or replace table policies.household_contact as
        select household_no, contact_key, helper_key from keyed_contact order by household_no
    """)
    connection.execute("""
        create or replace table policies.contact as
        select contact_key, any_value(township_name) as township_name, any_value(name) as name, max(title) as title,
            max(phone) as phone
        from (
            select contact_key, township_name, contact_name as name, contact_title as title, contact_phone as phone
            from keyed_contact where contact_key is not null
            union all
            select helper_key, township_name, helper_name, null, null from keyed_contact where helper_key is not null
        )
        group by contact_key order by contact_key
    """)
    connection.execute("drop table temp.keyed_contact")
