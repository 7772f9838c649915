"""What the Splink peer with our features compares between two mentions: levels in our two strata, without weights.

Belongs here: the conditions. They are those of `comparisons`, said of two rows instead of a row and a person. Input,
pairs and counting are `featured_peer`.
"""

from linkage.comparisons import Comparison, Level

MACROS = """
create or replace temp macro peer_at_home(co_a, home_a, no_a, co_b, home_b, no_b) as
    coalesce(list_contains(home_a, no_b), false) or coalesce(list_contains(home_b, no_a), false)
    or coalesce(list_has_any(co_a, co_b), false);
create or replace temp macro peer_survives(damaged_a, sound_a, damaged_b, sound_b) as
    coalesce(number_survives(damaged_a, sound_b), false) or coalesce(number_survives(damaged_b, sound_a), false)
    or coalesce(damaged_a = damaged_b, false);
create or replace temp macro peer_strange(damaged_a, sound_a, damaged_b, sound_b) as
    coalesce(number_strange(damaged_a, sound_b), false) or coalesce(number_strange(damaged_b, sound_a), false);
"""
_HOME = "peer_at_home(co_l, home_l, number_no_l, co_r, home_r, number_no_r)"
_AGREE = "(name_l = name_r or sound_l = sound_r or one_character_apart(name_l, name_r))"


def _strata(*levels: tuple[str, str], by_frequency: str | None = None) -> tuple[Level, ...]:
    """The levels once among relatives and once among strangers."""
    home = [Level(f"{label} at home", f"{_HOME} and {condition}", "home") for label, condition in levels]
    away = [Level(label, condition, "away", label == by_frequency) for label, condition in levels]
    return (*home, *away)


COMPARISONS = (
    Comparison(
        "name",
        "name_l is null or name_r is null",
        _strata(
            ("same", "name_l = name_r"),
            ("same sound", "sound_l = sound_r"),
            ("one character apart", "one_character_apart(name_l, name_r)"),
            ("cut short", "any_name_cut([name_l], name_r)"),
            ("other", "true"),
            by_frequency="same",
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
        f"village_code_l is null or village_code_r is null or {_HOME}",
        (
            Level("same", "village_code_l = village_code_r"),
            Level("same township", "township_code_l = township_code_r"),
            Level("other", "true"),
        ),
    ),
    Comparison(
        "village_group",
        "village_group_l is null or village_group_r is null or coalesce(village_code_l <> village_code_r, true)"
        f" or {_HOME}",
        (Level("same", "village_group_l = village_group_r"), Level("other", "true")),
    ),
    Comparison(
        "phone",
        "phone_l is null or phone_r is null",
        _strata(("same", "phone_l = phone_r"), ("other", "true")),
    ),
    Comparison(
        "household",
        "co_l is null and co_r is null",
        (Level("co-members at home there", _HOME), Level("other", "true")),
    ),
    Comparison(
        "department_key",
        "department_key_l is null or department_key_r is null"
        " or split_part(department_key_l, ':', 1) <> split_part(department_key_r, ':', 1)",
        (
            Level("same", f"department_key_l = department_key_r and {_AGREE}"),
            Level("same, another name", "department_key_l = department_key_r"),
            Level("other", "true"),
        ),
    ),
    Comparison(
        "only_source",
        "only_source_l is null or only_source_r is null",
        (Level("second row of one source", "only_source_l = only_source_r"), Level("other", "true")),
    ),
    Comparison(
        "number",
        "number_no_l is null or number_no_r is null",
        (
            Level("same, another name", f"number_no_l = number_no_r and not {_AGREE}"),
            Level("same", "number_no_l = number_no_r"),
            Level("both owned", "not open_l and not open_r"),
            Level("of somebody at home", _HOME),
            Level("of a stranger", "true"),
        ),
    ),
    Comparison(
        "damaged_number",
        "(damaged_number_l is null or coalesce(id_number_r, damaged_number_r) is null)"
        " and (damaged_number_r is null or id_number_l is null)",
        (
            Level("survives", "peer_survives(damaged_number_l, id_number_l, damaged_number_r, id_number_r)"),
            Level("strange", "peer_strange(damaged_number_l, id_number_l, damaged_number_r, id_number_r)"),
            Level("other", "true"),
        ),
    ),
)
# What numbers are worth cannot be counted on pairs that numbers prove: as in our own model, set by what damages them.
FIXED = {
    "number": {"same, another name": (0.01, 0.99), "same": (0.99, 1e-6), "both owned": (1e-6, 1.0),
               "of somebody at home": (0.003, 0.003), "of a stranger": (0.003, 1.0)},
    "damaged_number": {"survives": (0.9, 1e-6), "strange": (0.02, 0.97), "other": (0.08, 0.03)},
}  # fmt: skip
