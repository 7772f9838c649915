-- One row per township: its people, its open gaps, its cards, its overdue visits and its score on the run date.
-- What no township is known of stands in a row of its own, 未知, so that the rows add up to the county.

with

villages as (

    select * from {{ ref('stg_registry__villages') }}

),

persons as (

    select
        coalesce(township_name, '未知') as township_name,
        count(*) as linked_persons
    from {{ ref('linked_person') }}
    where not is_deceased
    group by coalesce(township_name, '未知')

),

households as (

    select
        coalesce(township_name, '未知') as township_name,
        count(*) filter (where living_members > 0) as linked_households,
        count(*) filter (where living_members > 0 and is_target) as target_households,
        count(*) filter (where living_members > 0 and is_monitored) as monitored_households,
        count(*) filter (where card = 'red') as red_cards,
        count(*) filter (where card = 'yellow') as yellow_cards,
        count(*) filter (where card = 'blue') as blue_cards,
        count(*) filter (where card = 'clue') as clues
    from {{ ref('linked_household') }}
    group by coalesce(township_name, '未知')

),

gaps as (

    select
        coalesce(township_name, '未知') as township_name,
        count(*) filter (where {{ is_open('status') }}) as open_gaps,
        count(*) filter (where {{ is_open('status') }} and severity = 'C') as open_critical_gaps,
        count(*) filter (where {{ is_open('status') }} and severity = 'M') as open_major_gaps,
        count(*) filter (where {{ is_open('status') }} and severity = 'N') as open_minor_gaps,
        count(*) filter (where {{ is_open('status') }} and first_seen = {{ run_date() }}) as new_gaps,
        count(*) filter (where resolved_on = {{ run_date() }}) as resolved_gaps,
        count(*) filter (where status = 'unknown') as unknown_gaps
    from {{ ref('policy_gap') }}
    group by coalesce(township_name, '未知')

),

visits as (

    select
        coalesce(township_name, '未知') as township_name,
        count(*) filter (where is_overdue) as overdue_visits
    from {{ ref('visit_due') }}
    group by coalesce(township_name, '未知')

),

townships as (

    select
        township_name,
        max(township_code) as township_code,
        count(*) as villages
    from villages
    group by township_name

),

-- the graded period that runs, and the last closed one, which says who is listed
running as (

    select * from {{ ref('township_scorecard_period') }}
    where score is not null
        and as_of = {{ run_date() }}

),

listed as (

    select
        township_name,
        is_listed,
        interview_due,
        row_number() over (partition by township_name order by period_end desc, period_kind) as position
    from {{ ref('township_scorecard_period') }}
    where score is not null
        and is_closed

),

-- the union keeps each name once
names as (

    select township_name from townships
    union
    select township_name from persons
    union
    select township_name from households
    union
    select township_name from gaps

)

select
    names.township_name,
    townships.township_code,
    cast(coalesce(townships.villages, 0) as integer) as villages,
    cast(coalesce(persons.linked_persons, 0) as integer) as linked_persons,
    cast(coalesce(households.linked_households, 0) as integer) as linked_households,
    cast(coalesce(households.target_households, 0) as integer) as target_households,
    cast(coalesce(households.monitored_households, 0) as integer) as monitored_households,
    cast(coalesce(gaps.open_gaps, 0) as integer) as open_gaps,
    cast(coalesce(gaps.open_critical_gaps, 0) as integer) as open_critical_gaps,
    cast(coalesce(gaps.open_major_gaps, 0) as integer) as open_major_gaps,
    cast(coalesce(gaps.open_minor_gaps, 0) as integer) as open_minor_gaps,
    cast(coalesce(gaps.new_gaps, 0) as integer) as new_gaps,
    cast(coalesce(gaps.resolved_gaps, 0) as integer) as resolved_gaps,
    cast(coalesce(gaps.unknown_gaps, 0) as integer) as unknown_gaps,
    cast(coalesce(households.red_cards, 0) as integer) as red_cards,
    cast(coalesce(households.yellow_cards, 0) as integer) as yellow_cards,
    cast(coalesce(households.blue_cards, 0) as integer) as blue_cards,
    cast(coalesce(households.clues, 0) as integer) as clues,
    cast(coalesce(visits.overdue_visits, 0) as integer) as overdue_visits,
    running.clue_clocks_passed,
    running.overdue_visit_rate,
    running.old_critical_share,
    running.verdict_rate,
    running.stale_share,
    running.score,
    running.grade,
    coalesce(listed.is_listed, false) as is_listed,
    listed.interview_due
from names
left join townships
    on names.township_name = townships.township_name
left join persons
    on names.township_name = persons.township_name
left join households
    on names.township_name = households.township_name
left join gaps
    on names.township_name = gaps.township_name
left join visits
    on names.township_name = visits.township_name
left join running
    on names.township_name = running.township_name
left join listed
    on names.township_name = listed.township_name
    and listed.position = 1
