"""What a relation says of somebody: his sex, and whether he is a parent or grandparent, as SQL macros; and which names are none.

The words stand in `relations.yaml`. Belongs here: no judgement about any row.
"""

from functools import cache
from importlib import resources
from typing import Any

import duckdb
import yaml


@cache
def _words() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (resources.files("linkage") / "relations.yaml").read_text(encoding="utf-8")
    )
    return content


def install_relation_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Create `sex_of_relation` (text → 男, 女 or null), `forebear_years` (text → years that a parent or grandparent is older at
    least, or null), `head_years` (the least age of a head), `is_keeper`, `is_leaver`, `is_no_name` and
    `is_childs_name` (text → bool; null stays null) here.
    """
    words = _words()
    cases = " ".join(
        f"when regexp_matches(relation, '[{told['characters']}]') then '{told['sex']}'"
        for told in words["sex"]
    )
    con.execute(f"create or replace temp macro sex_of_relation(relation) as case {cases} end")
    years = " ".join(
        f"when regexp_matches(relation, '[{told['characters']}]') then {told['years']}"
        for told in words["forebears"]
    )
    con.execute(f"create or replace temp macro forebear_years(relation) as case {years} end")
    con.execute(f"create or replace temp macro head_years() as {words['head_years']}")
    for macro in ("keeper", "leaver"):
        listed = ", ".join(f"'{relation}'" for relation in words[f"{macro}s"])
        con.execute(f"create or replace temp macro is_{macro}(relation) as relation in ({listed})")
    kin, child = "|".join(words["no_names"]["words"]), "|".join(words["no_names"]["endings"])
    con.execute(
        f"create or replace temp macro is_no_name(name) as regexp_full_match(name, '.{{0,2}}({kin})|.{{2,}}({child})')"
    )
    con.execute(
        f"create or replace temp macro is_childs_name(name) as regexp_full_match(name, '.{{2,}}({child})')"
    )
