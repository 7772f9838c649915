{# A model's schema is exactly the one its folder names: readers rely on `marts` and `lineage`, so no target prefix. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
