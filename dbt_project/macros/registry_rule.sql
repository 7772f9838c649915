{#
  What the registry's own columns mean when its quality rules judge them.
  Belongs here: reading of raw texts and lists for models/intermediate/registry_rule. Does not belong here: any rule (expectations/registry_rules).
#}

{# A list column without null: an empty list where nothing is filled in. #}
{% macro list_or_empty(column) %}{{ return(adapter.dispatch('list_or_empty')(column)) }}{% endmacro %}
{% macro default__list_or_empty(column) %}coalesce({{ column }}, cast(array() as array<string>)){% endmacro %}
{% macro duckdb__list_or_empty(column) %}coalesce({{ column }}, cast([] as varchar[])){% endmacro %}

{# The parts of a text that lists several values; a blank text has one part, the empty text. #}
{% macro text_parts(text) %}{{ return(adapter.dispatch('text_parts')(text)) }}{% endmacro %}
{% macro default__text_parts(text) %}split(coalesce({{ text }}, ''), '[,，、;；/ ]+'){% endmacro %}
{% macro duckdb__text_parts(text) %}string_split_regex(coalesce({{ text }}, ''), '[,，、;；/ ]+'){% endmacro %}

{# True where a text matches a pattern; false for null. #}
{% macro matches(text, pattern) %}{{ return(adapter.dispatch('matches')(text, pattern)) }}{% endmacro %}
{% macro default__matches(text, pattern) %}coalesce({{ text }} rlike '{{ pattern }}', false){% endmacro %}
{% macro duckdb__matches(text, pattern) %}coalesce(regexp_matches({{ text }}, '{{ pattern }}'), false){% endmacro %}

{# True where a phone number is a mobile number of 11 digits; false for null. Real ones begin 13 to 19; 10 is given to nobody, so synthetic people have it. #}
{% macro is_mobile_phone(phone) %}{{ matches(phone, '^1[03-9][0-9]{9}$') }}{% endmacro %}

{# True where the first 18 characters end with the check digit of the 17 before it (GB 11643, ISO 7064 MOD 11-2); false for any other text. #}
{% macro check_digit_fits(text) -%}
    case
        when {{ matches(text, '^[0-9]{17}[0-9X]') }}
            then substr({{ text }}, 18, 1) = substr(
                '10X98765432',
                1 + cast((
                    {% for weight in [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] -%}
                    coalesce(try_cast(substr({{ text }}, {{ loop.index }}, 1) as integer), 0) * {{ weight }}{{ " + " if not loop.last }}
                    {% endfor -%}
                ) % 11 as integer), 1)
        else false
    end
{%- endmacro %}

{# True where a place is this county, written alone or behind its province and prefecture; false where either is not known. #}
{% macro is_this_county(place, county) -%}
    coalesce(
        {{ place }} = {{ county }}
        or (
            substr({{ place }}, length({{ place }}) - length({{ county }}) + 1) = {{ county }}
            and substr({{ place }}, length({{ place }}) - length({{ county }}), 1) in ('省', '市', '州', '盟', '区')
        ), false)
{%- endmacro %}

{# The last 市 named in a place, behind its province and prefecture; the empty text where none is. #}
{% macro last_city(place) -%}
    regexp_extract(regexp_replace({{ place }}, '^.*(省|自治区|自治州|地区|盟)', ''), '(?:^|市)([^市]+市)[^市]*$', 1)
{%- endmacro %}
