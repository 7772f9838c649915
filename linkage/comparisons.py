"""What is compared between an open record and a known one: Splink comparisons by level, without their weights.

Belongs here: the conditions and their reasons. m and u stand in the pinned model (`model/*.json`, made by `train`).
Names are compared by characters, through macros of the linking connection; DuckDB's distances count bytes.

Levels come in two strata. Among relatives ("home": the known person lives with people whom the open row's household
names) generation characters, phones and villages are shared, and twins share a birth date: there an agreement says
far less than among strangers. m and u of a level are therefore counted within its stratum.
"""

from dataclasses import dataclass

import duckdb

MACROS = """
create or replace temp macro at_home(context, known) as coalesce(list_contains(context, known), false);

create or replace temp macro any_name_apart(names, name) as
    len(list_filter(names, lambda other: one_character_apart(other, name))) > 0;

create or replace temp macro any_name_unreadable(names, name) as
    len(list_filter(names, lambda other: same_but_unreadable(other, name))) > 0;

create or replace temp macro any_name_swapped(names, name) as
    len(list_filter(names, lambda other: characters_swapped(other, name))) > 0;

create or replace temp macro any_name_shorter(names, name) as
    len(list_filter(names, lambda other: one_character_dropped(other, name) or one_character_dropped(name, other))) > 0;

-- the surname and at least one more character are kept: 李秀英 and 李秀芳
create or replace temp macro any_given_name_apart(names, name) as
    length(name) >= 3
    and len(list_filter(names, lambda other: other[1] = name[1] and one_character_replaced(other, name))) > 0;

-- the surname alone is kept (李强 and 李芳): a brother's name as often as a slip
create or replace temp macro any_short_name_apart(names, name) as
    length(name) = 2 and len(list_filter(names, lambda other: length(other) = 2 and other[1] = name[1])) > 0;

-- a long name cut short, as forms with four boxes do to names of other languages, or its last part alone; its first two
-- characters alone are a clan's
create or replace temp macro any_name_cut(names, name) as
    len(list_filter(names, lambda other: greatest(length(other), length(name)) >= 4
        and least(length(other), length(name)) >= 2
        and (least(length(other), length(name)) >= 3 and (starts_with(other, name) or starts_with(name, other))
            or ends_with(other, name) or ends_with(name, other)))) > 0;

-- any part of a long name, a clan's too: enough beside a number
create or replace temp macro any_name_part(names, name) as
    len(list_filter(names, lambda other: greatest(length(other), length(name)) >= 4
        and least(length(other), length(name)) >= 2
        and (starts_with(other, name) or starts_with(name, other) or ends_with(other, name) or ends_with(name, other)))) > 0;

create or replace temp macro any_name_alike(names, name) as
    any_name_apart(names, name) or any_name_unreadable(names, name) or any_name_swapped(names, name) or any_name_part(names, name);

-- two birth dates that nothing but the name could overcome
create or replace temp macro births_apart(a, b) as coalesce(not one_part_apart(a, b) and abs(year(a) - year(b)) > 2, false);

-- digits of a damaged number against a sound one: a slip of one key or what a spreadsheet left
create or replace temp macro number_survives(damaged, sound) as
    one_slip_apart(damaged, sound) or digits_skipped(damaged, sound) or coalesce(sound like hidden_digits(damaged), false)
    or coalesce(length(surviving_digits(damaged)) >= 14 and starts_with(sound, surviving_digits(damaged)), false);

create or replace temp macro number_strange(damaged, sound) as
    seen_digits(damaged) is not null and sound not like seen_digits(damaged)
    or surviving_digits(damaged) is null and seen_digits(damaged) is null and damerau_levenshtein(damaged, sound) > 3
        and not digits_skipped(damaged, sound)
    or surviving_digits(damaged) is not null and not starts_with(sound, left(surviving_digits(damaged), 14));
"""


@dataclass(frozen=True)
class Level:
    """One level: its SQL condition over `…_l` (open) and `…_r` (known); `stratum` groups levels whose m and u sum to 1."""

    label: str
    condition: str
    stratum: str = "all"
    by_frequency: bool = False


@dataclass(frozen=True)
class Comparison:
    """A comparison: no level holds where `null_when` does; the last level of each stratum is what is left."""

    name: str
    null_when: str
    levels: tuple[Level, ...]


_HOME = "at_home(context_l, record_no_r)"


def _where(place: str, condition: str) -> str:
    """A condition that is asked only where `place` holds: DuckDB asks both sides of an `and`, and names are dear to compare."""
    return f"case when {place} then {condition} else false end"


def _strata(*levels: tuple[str, str]) -> tuple[Level, ...]:
    """The levels once among relatives and once among strangers."""
    home = [Level(f"{label} at home", _where(_HOME, condition), "home") for label, condition in levels]
    away = [Level(label, condition, "away") for label, condition in levels]
    return (*home, *away)


_AGREES = (
    "(list_contains(names_r, name_l) or sound_l = sound_r or any_name_apart(names_r, name_l)"
    " or any_name_swapped(names_r, name_l) or any_name_part(names_r, name_l))"
)
_NEIGHBOURS = "coalesce(list_has_any(villages_l, villages_r), false)"
# What the row says of birth and sex is not the number's: a father's number under his son's name of one character less.
_CONTRADICTED = (
    "(coalesce(birth_date_l <> birth_date_r and not one_part_apart(birth_date_l, birth_date_r), false)"
    " or coalesce(sex_l <> sex_r, false))"
)
_NAMES = (
    ("same", "list_contains(names_r, name_l)"),
    ("same sound", "sound_l = sound_r"),
    ("unreadable character", "any_name_unreadable(names_r, name_l)"),
    ("characters swapped", "any_name_swapped(names_r, name_l)"),
    ("character missing", "any_name_shorter(names_r, name_l)"),
    ("one character apart", "any_given_name_apart(names_r, name_l)"),
    ("one of two characters", "any_short_name_apart(names_r, name_l)"),
    ("surname apart", "any_name_apart(names_r, name_l)"),
    ("cut short", "any_name_cut(names_r, name_l)"),
    ("clan alone", "any_name_part(names_r, name_l)"),
    ("other", "true"),
)

COMPARISONS = (
    # In a village of few surnames, names are alike by chance: there a slip says less than among strangers.
    Comparison(
        "name",
        "name_l is null or names_r is null",
        (
            *(Level(f"{label} at home", _where(_HOME, condition), "home") for label, condition in _NAMES),
            *(
                Level(f"{label} in the village", _where(_NEIGHBOURS, condition), "village", label == "same")
                for label, condition in _NAMES
            ),
            *(Level(label, condition, "away", label == "same") for label, condition in _NAMES),
        ),
    ),
    Comparison(
        "birth_date",
        "birth_date_l is null or birth_date_r is null",
        _strata(
            ("same", "birth_date_l = birth_date_r"),
            ("one part apart", "one_part_apart(birth_date_l, birth_date_r)"),
            ("same year", "year(birth_date_l) = year(birth_date_r)"),
            ("near year", "abs(year(birth_date_l) - year(birth_date_r)) <= 2"),
            ("other", "true"),
        ),
    ),
    Comparison(
        "sex", "sex_l is null or sex_r is null", (Level("same", "sex_l = sex_r"), Level("other", "true"))
    ),
    Comparison(
        "village",
        f"villages_l is null or villages_r is null or {_HOME}",
        (
            Level("same", "list_has_any(villages_l, villages_r)"),
            Level("same township", "list_has_any(townships_l, townships_r)"),
            Level("other", "true"),
        ),
    ),
    Comparison(
        "phone",
        "phones_l is null or phones_r is null",
        _strata(("same", "list_has_any(phones_l, phones_r)"), ("other", "true")),
    ),
    # The telephone in a pupil's row against those of whoever may have signed it.
    Comparison(
        "ward_phone",
        "ward_phones_l is null or phones_r is null",
        _strata(("same", "list_has_any(ward_phones_l, phones_r)"), ("other", "true")),
    ),
    Comparison(
        "household", "context_l is null", (Level("co-members at home there", _HOME), Level("other", "true"))
    ),
    # A sound number that the row may not own (its name did not agree). With a wholly other name it proves nothing, and
    # neither do birth date and sex, which forms fill in from the number. Names that are nearly alike are a slip or brothers,
    # and with a birth date or sex that is not the number's, brothers.
    Comparison(
        "number",
        "claimed_number_l is null or id_number_r is null",
        (
            Level(
                "own, another name",
                _where(
                    "claimed_number_l = id_number_r",
                    f"not {_AGREES} or (not list_contains(names_r, name_l) and {_CONTRADICTED})"
                    " or coalesce(dates_far(birth_date_l, birth_date_r), false)",
                ),
            ),
            Level(
                "own, nearly the name",
                "claimed_number_l = id_number_r and not list_contains(names_r, name_l)",
            ),
            Level("own", "claimed_number_l = id_number_r"),
            # who lives with those whom the row names lives with whose number it has, as a rule: the ward's, the wife's
            Level(
                "of somebody at home of its people",
                _where(_HOME, "list_contains(number_home_l, record_no_r)"),
            ),
            Level("of somebody at home", "list_contains(number_home_l, record_no_r)"),
            # a brother's would be a relative's or his own under another name; a wife's family is not always known, and a
            # finger that slips by a row meets anybody
            Level("of a stranger of another surname", "not coalesce(claims_of_surname_l, false)"),
            Level("of a stranger", "true"),
        ),
    ),
    # A department numbers a person once: two rows with two of its numbers are two persons, or one who was numbered again.
    Comparison(
        "department_key",
        "key_kinds_l is null or not coalesce(list_has_any(key_kinds_l, key_kinds_r), false)",
        (Level("same key", "list_has_any(keys_l, keys_r)"), Level("another key", "true")),
    ),
    Comparison(
        "damaged_number",
        "damaged_number_l is null or id_number_r is null",
        (
            Level("survives", "number_survives(damaged_number_l, id_number_r)"),
            Level("strange", "number_strange(damaged_number_l, id_number_r)"),
            Level("other", "true"),
        ),
    ),
)


def install_comparison_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Create the macros that the levels call; `linkage.names` and `linkage.damaged` install theirs."""
    con.execute(MACROS)
