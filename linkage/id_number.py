"""What the text of an ID number says: birth date and sex, digits that survived, digits that an office hid; as SQL macros.

Belongs here: reading one number, or two beside one another. Whose number it is, is asked by the stages of the cascade.
"""

import duckdb

_MACROS = """
-- asked of millions: half the time of casting a text with its hyphens
create or replace temp macro date_of(digits) as
    try(make_date(try_cast(digits as int) // 10000, try_cast(digits as int) // 100 % 100, try_cast(digits as int) % 100));
create or replace temp macro birth_in(number) as date_of(substr(number, 7, 8));

create or replace temp macro sex_in(number) as
    case when try_cast(substr(number, 17, 1) as int) % 2 = 1 then '男' else '女' end;

-- what a number says besides birth date and check digit: where it was given out, and the how manieth of that day it is
create or replace temp macro place_and_order(number) as left(number, 6) || substr(number, 15, 3);

-- two birth dates of which one part differs, or day and month are swapped
create or replace temp macro one_part_apart(a, b) as
    (year(a) = year(b))::int + (month(a) = month(b))::int + (day(a) = day(b))::int = 2
    or (year(a) = year(b) and month(a) = day(b) and day(a) = month(b));

-- two birth dates that are no slip of one another: not one part wrong, not swapped, not one year off, and further apart
-- than the lunar calendar's date is from the solar one's
create or replace temp macro dates_far(a, b) as
    abs(date_diff('day', a, b)) > 60 and abs(abs(date_diff('day', a, b)) - 365) > 1
    and (year(a) = year(b))::int + (month(a) = month(b))::int + (day(a) = day(b))::int < 2
    and not (year(a) = year(b) and month(a) = day(b) and day(a) = month(b))
    -- the first of January is what a form fills in where only the year is known
    and not (year(a) = year(b) and (month(a) = 1 and day(a) = 1 or month(b) = 1 and day(b) = 1));

-- what was typed in the number's column and belongs in the next one: a birth date, a mobile telephone
create or replace temp macro is_date(raw) as regexp_full_match(raw, '(19|20)[0-9]{6}');
create or replace temp macro is_telephone(raw) as regexp_full_match(raw, '1[3-9][0-9]{9}');

create or replace temp macro surviving_digits(raw) as
    case
        when regexp_full_match(raw, '[1-9]\\.[0-9]+E\\+?17')
            then replace(split_part(raw, 'E', 1), '.', '')
        when regexp_full_match(raw, '[0-9]{15}000') then left(raw, 15)
        when regexp_full_match(raw, '[0-9]{14,16}[*X]+') and length(raw) = 18 then regexp_extract(raw, '^[0-9]+')
    end;

-- what is left of a number when fingers skipped some neighbouring digits: its beginning and its end
create or replace temp macro digits_skipped(raw, number) as
    case when regexp_full_match(raw, '[0-9]{11,15}[0-9X]')
        then list_bool_or(list_transform(range(0, length(raw) + 1),
            lambda i: starts_with(number, left(raw, i)) and ends_with(number, substr(raw, i + 1))))
        else false end;

-- the birth date in a number that a system gave to whoever had none (999999 and the birth date), or typed in place of a number
create or replace temp macro given_birth(raw) as
    case when starts_with(raw, '999999') and length(raw) = 18
        then date_of(substr(raw, 7, 8)) when length(raw) = 8 and is_date(raw) then date_of(raw) end;

-- a pupil's number is a letter and, as a rule, his ID number
create or replace temp macro number_in_key(key_no) as
    case when regexp_full_match(key_no, 'G[0-9]{17}[0-9X]') then substr(key_no, 2) end;

-- digits that an office hid before it passed the list on (519901********3138), as a pattern for `like`; of a number that
-- a system gave to whoever had none (999999 and the birth date) that date
create or replace temp macro seen_digits(raw) as
    case when regexp_full_match(raw, '999999(19|20)[0-9]{9}[0-9X]') then '______' || substr(raw, 7, 8) || '____'
        when regexp_full_match(raw, '[0-9*X]{18}') and regexp_matches(raw, '[*X]{2}')
        then translate(raw, case when contains(raw, 'XX') then '*X' else '*' end, '__') end;

-- the same where enough is seen to know somebody of the name by: the whole birth date, or the last four and ten in all
create or replace temp macro hidden_digits(raw) as
    case when regexp_full_match(seen_digits(raw), '.{6}[0-9]{8}.{4}')
        or regexp_full_match(seen_digits(raw), '.{14}[0-9]{3}[0-9X]') and length(replace(seen_digits(raw), '_', '')) >= 10
        then seen_digits(raw) end;

-- a disability certificate's number is an ID number with a kind, a grade and sometimes a reissue behind it; a telephone or
-- a birth date in its place is none
create or replace temp macro number_part(raw) as
    case when length(raw) > 18 and regexp_full_match(raw, '[0-9]{17}[0-9X][1-7][1-4](B[0-9])?') then left(raw, 18)
        when length(raw) in (8, 11) and (is_date(raw) or is_telephone(raw)) then null
        when contains(raw, '＊') then replace(raw, '＊', '*')  -- stars may be full-width
        else raw end;

-- adjacent swap, one wrong, one missing, one added character: the byte distance is right here, digits are one byte
create or replace temp macro one_slip_apart(a, b) as
    abs(length(a) - length(b)) <= 1 and damerau_levenshtein(a, b) = 1;
"""


def install_number_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Create the macros of ID numbers on this connection.

    `birth_in`, `given_birth` (text → date), `is_date`, `is_telephone` (text → bool), `sex_in` (text → 男 or 女), `dates_far`, `one_part_apart` (date, date → bool),
    `place_and_order`, `surviving_digits`, `seen_digits`, `hidden_digits`, `number_part`, `number_in_key` (text → text),
    `one_slip_apart`, `digits_skipped` (text, text → bool).
    """
    con.execute(_MACROS)
