-- One row per township and running period (week, month, quarter): what was counted up to the run date, and its score.
-- What no township is known of stands under 未知, which is counted but never scored.

{#- periods, weights and grades are expectations/scorecard.yaml; unknown while dbt only parses -#}
{%- set rules = var('scorecard') if execute else {'periods': [], 'weights': {}, 'grades': []} %}
{%- set weights = rules.weights %}

with

periods as (

    {% for period in rules.periods -%}
    select
        '{{ period.kind }}' as period_kind,
        cast('{{ period.start }}' as date) as period_start,
        cast('{{ period.end }}' as date) as period_end,
        {{ period.graded | lower }} as graded
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

villages as (

    select * from {{ ref('stg_registry__villages') }}

),

visits as (

    select
        *,
        coalesce(township_name, '未知') as township
    from {{ ref('visit_due') }}

),

verdicts as (

    select
        gap_id,
        max(verified_on) as last_verified_on
    from {{ ref('stg_registry__verdicts') }}
    where verdict is not null
        and verified_on <= {{ run_date() }}
    group by gap_id

),

cards as (

    select household_key from {{ ref('warning_card') }}
    where card = 'clue'

),

gaps as (

    select
        coalesce(policy_gap.township_name, '未知') as township,
        policy_gap.severity,
        policy_gap.household_key,
        policy_gap.resolved_on,
        coalesce(policy_gap.opened_on, policy_gap.first_seen) as opened_on,
        verdicts.last_verified_on,
        {{ is_open('policy_gap.status') }} as is_open,
        policy_gap.status in ('open', 'sent')
        and coalesce(policy_gap.opened_on, policy_gap.first_seen)
        <= {{ add_days(run_date(), '-' ~ rules.verdict_days) }} as is_waiting,
        cards.household_key is not null and coalesce(policy_gap.due_on < {{ run_date() }}, false) as is_past_its_clock
    from {{ ref('policy_gap') }} as policy_gap
    left join verdicts
        on policy_gap.gap_id = verdicts.gap_id
    left join cards
        on policy_gap.household_key = cards.household_key

),

extracts as (

    select
        count(*) as extracts,
        count(*) filter (where is_stale) as stale_extracts
    from {{ source('policies', 'extract_freshness') }}

),

townships as (

    select
        township_name,
        max(township_code) as township_code
    from villages
    group by township_name

),

-- the union keeps each name once
names as (

    select township_name from townships
    union
    select township from visits
    union
    select township from gaps

),

visits_by_township as (

    select
        township,
        count(*) as households_with_card,
        count(*) filter (where is_overdue) as overdue_visits
    from visits
    group by township

),

gaps_by_township as (

    select
        township,
        count(*) filter (where is_open) as open_gaps,
        count(*) filter (where is_open and severity = 'C') as open_critical_gaps,
        count(*) filter (where is_open and severity = 'M') as open_major_gaps,
        count(*) filter (where is_open and severity = 'N') as open_minor_gaps,
        count(*) filter (
            where is_open and severity = 'C' and {{ days_between('opened_on', run_date()) }} > {{ rules.old_critical_days }}
        ) as old_critical_gaps,
        count(distinct case when is_open and is_past_its_clock then household_key end) as clue_clocks_passed, -- distinct: one clock for all clues of a household
        count(*) filter (where is_waiting) as waiting_gaps
    from gaps
    group by township

),

gaps_by_period as (

    select
        periods.period_kind,
        gaps.township,
        count(*) filter (where gaps.opened_on >= periods.period_start) as new_gaps,
        count(*) filter (where gaps.resolved_on >= periods.period_start) as resolved_gaps,
        count(*) filter (where gaps.last_verified_on >= periods.period_start and not gaps.is_waiting) as checked_gaps
    from gaps
    cross join periods
    group by periods.period_kind, gaps.township

),

counted as (

    select
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        periods.graded,
        names.township_name,
        townships.township_code,
        coalesce(visits_by_township.households_with_card, 0) as households_with_card,
        coalesce(visits_by_township.overdue_visits, 0) as overdue_visits,
        coalesce(gaps_by_township.open_gaps, 0) as open_gaps,
        coalesce(gaps_by_township.open_critical_gaps, 0) as open_critical_gaps,
        coalesce(gaps_by_township.open_major_gaps, 0) as open_major_gaps,
        coalesce(gaps_by_township.open_minor_gaps, 0) as open_minor_gaps,
        coalesce(gaps_by_township.old_critical_gaps, 0) as old_critical_gaps,
        coalesce(gaps_by_period.new_gaps, 0) as new_gaps,
        coalesce(gaps_by_period.resolved_gaps, 0) as resolved_gaps,
        coalesce(gaps_by_township.clue_clocks_passed, 0) as clue_clocks_passed,
        coalesce(gaps_by_period.checked_gaps, 0) as checked_gaps,
        coalesce(gaps_by_township.waiting_gaps, 0) as waiting_gaps,
        extracts.extracts,
        extracts.stale_extracts
    from names
    cross join periods
    cross join extracts
    left join townships
        on names.township_name = townships.township_name
    left join visits_by_township
        on names.township_name = visits_by_township.township
    left join gaps_by_township
        on names.township_name = gaps_by_township.township
    left join gaps_by_period
        on names.township_name = gaps_by_period.township
        and periods.period_kind = gaps_by_period.period_kind

),

-- a share of nothing is null, and costs no points
shares as (

    select
        *,
        cast(overdue_visits as double) / nullif(households_with_card, 0) as overdue_visit_rate,
        cast(old_critical_gaps as double) / nullif(open_critical_gaps, 0) as old_critical_share,
        cast(checked_gaps as double) / nullif(checked_gaps + waiting_gaps, 0) as verdict_rate,
        cast(stale_extracts as double) / nullif(extracts, 0) as stale_share
    from counted

),

scored as (

    select
        *,
        case
            when graded and township_name <> '未知'
                then round(
                    cast({{ rules.full_score }} as double)
                    - {{ weights.overdue_visits }} * coalesce(overdue_visit_rate, 0)
                    - {{ weights.old_critical_gaps }} * coalesce(old_critical_share, 0)
                    - {{ weights.missing_verdicts }} * (1 - coalesce(verdict_rate, 1))
                    - {{ weights.stale_extracts }} * coalesce(stale_share, 0), 2)
        end as score
    from shares

)

select
    period_kind,
    period_start,
    period_end,
    {{ run_date() }} as as_of,
    township_name,
    township_code,
    households_with_card,
    overdue_visits,
    open_gaps,
    open_critical_gaps,
    open_major_gaps,
    open_minor_gaps,
    old_critical_gaps,
    new_gaps,
    resolved_gaps,
    clue_clocks_passed,
    checked_gaps,
    waiting_gaps,
    extracts,
    stale_extracts,
    overdue_visit_rate,
    old_critical_share,
    verdict_rate,
    stale_share,
    score,
    case
        {% for grade in rules.grades -%}
        when score >= {{ grade.from }} then '{{ grade.grade }}'
        {% endfor -%}
        when score is not null then '{{ rules.lowest_grade }}'
    end as grade
from scored
