-- One row per rule that a delivered file, row or cell can break: what is wrong and what to mend, in both languages.

with

rules as (

    select * from {{ ref('issue_rule_catalogue') }}

)

select
    cast(rule as string) as rule,
    cast(sentence_zh as string) as sentence_zh,
    cast(sentence_en as string) as sentence_en,
    cast(mend_zh as string) as mend_zh,
    cast(mend_en as string) as mend_en
from rules
