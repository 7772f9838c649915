{#
  The group (组, 社, 队, 屯) of a village that a cell or an address names: what linking compares within one village.
  Does not belong here: which village. A group's number means something inside its village only.
#}

{#
  The group in `text`, null without one: 3 in 3组, 第三组, 3 and 三江镇柏树村三组12号,
  王家湾 in 王家湾, 王家湾组 and 柏树村王家湾组.
  Chinese numerals up to 99 are written in digits, so that both writings are one group.
#}
{% macro village_group(text) -%}
    {%- set behind = "(?:村民)?小?(?:组|社|队|屯)" -%}
    {%- set forms = [
        "^第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:村民)?小?(?:组|社|队)(?:[^区]|$)",
        "(?:村|社区)第?([^村组社队屯]{1,6}?)" ~ behind,
        "^([^县区镇乡村组社队屯]{1,6}?)(?:" ~ behind ~ ")?$",
    ] -%}
    {%- set words = [] -%}
    {%- for form in forms %}{% do words.append("nullif(regexp_extract(" ~ text ~ ", '" ~ form ~ "', 1), '')") %}{% endfor -%}
    {%- set word = "coalesce(" ~ words | join(", ") ~ ")" -%}
    {%- set digit = "'一二三四五六七八九'" -%}
    case
        when regexp_full_match({{ word }}, '[0-9]+') then nullif(ltrim({{ word }}, '0'), '')
        when regexp_full_match({{ word }}, '[一二三四五六七八九]') then cast(instr({{ digit }}, {{ word }}) as string)
        when regexp_full_match({{ word }}, '[一二三四五六七八九]?十[一二三四五六七八九]?')
            then
                case when {{ word }} like '十%' then '1' else cast(instr({{ digit }}, left({{ word }}, 1)) as string) end
                || case when {{ word }} like '%十' then '0' else cast(instr({{ digit }}, right({{ word }}, 1)) as string) end
        else {{ word }}
    end
{%- endmacro %}
