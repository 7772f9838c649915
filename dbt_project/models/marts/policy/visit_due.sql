-- One row per household with a red, yellow or blue card: when it must be visited next.

{#- the length of each colour's interval is a parameter of the run; unknown while dbt only parses -#}
{%- set visit_interval_days = var('visit_interval_days') if execute else {} %}

with

cards as (

    select * from {{ source('policies', 'card') }}
    where card in ('red', 'yellow', 'blue')

),

households as (

    select * from {{ ref('int_household__facts') }}

),

contacts as (

    select * from {{ source('policies', 'household_contact') }}

),

clocks as (

    select
        households.household_key,
        households.village_code,
        households.village_name,
        households.township_name,
        cards.card,
        contacts.contact_key,
        contacts.helper_key,
        households.last_visit_on,
        greatest(households.last_visit_on, households.identified_on, cards.since) as counted_from,
        case cards.card
            {% for card, days in visit_interval_days.items() -%}
            when '{{ card }}' then {{ days }}
            {% endfor -%}
            else 0
        end as interval_days
    from cards
    inner join households
        on cards.household_key = households.household_key
    left join contacts
        on households.household_no = contacts.household_no

),

due as (

    select
        *,
        {{ add_days('counted_from', 'interval_days') }} as next_visit_due
    from clocks

)

select
    household_key,
    village_code,
    village_name,
    township_name,
    cast(card as string) as card,
    last_visit_on,
    counted_from,
    next_visit_due,
    case
        when next_visit_due is not null
            then cast(greatest({{ days_between('next_visit_due', run_date()) }}, 0) as integer)
    end as days_overdue,
    coalesce(next_visit_due < {{ run_date() }}, true) as is_overdue,
    cast(contact_key as string) as contact_key,
    cast(helper_key as string) as helper_key,
    cast(coalesce(contact_key, helper_key) as string) as visitor_key
from due
