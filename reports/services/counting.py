"""The statements that count visits into figures, in the database and a set at a time.

``slot`` is one café in one period; each visit is counted in the three slots it falls in. The scope's policies apply
to every table named here; the provider is named too, for the sake of the index.
"""

# ruff: noqa: S608  every part is a constant of this file, and values are passed as parameters
from __future__ import annotations

from typing import Final

_SLOTS: Final = """
WITH slot (cafe_id, period_kind, period_start, period_end) AS (
    SELECT * FROM unnest(%(cafe_ids)s::uuid[], %(kinds)s::text[], %(starts)s::date[], %(ends)s::date[])
), coding (measure, answer, category) AS (
    SELECT * FROM unnest(%(measures)s::text[], %(answers)s::text[], %(categories)s::text[])
)
"""
_INSERT: Final = """
INSERT INTO reports_figure (provider_id, id, cafe_id, period_kind, period_start, measure, category, value, published)
"""
_VISITS_OF_SLOT: Final = """
    v.provider_id = %(provider_id)s AND v.cafe_id = slot.cafe_id
    AND v.visited_on BETWEEN slot.period_start AND slot.period_end AND v.withdrawn_at IS NULL
"""

# Held sessions of a slot. Visits that nobody wrote down one by one are signed for at closing (door tally), and count as
# what they are: visits of which nothing is recorded, so that every breakdown adds up to the visits.
_SESSIONS_OF_SLOT: Final = """
    s.provider_id = %(provider_id)s AND s.cafe_id = slot.cafe_id
    AND s.held_on BETWEEN slot.period_start AND slot.period_end AND s.withdrawn_at IS NULL
    AND s.state IN ('open', 'closed', 'reported')
"""
_UNRECORDED: Final = (
    """
    FROM slot JOIN cafes_session AS s ON """
    + _SESSIONS_OF_SLOT
    + """ AND s.unrecorded_visits > 0
    GROUP BY 1, 2, 3
"""
)

DELETE: Final = (
    _SLOTS
    + """
DELETE FROM reports_figure AS figure USING slot
WHERE figure.provider_id = %(provider_id)s AND figure.cafe_id = slot.cafe_id
  AND figure.period_kind = slot.period_kind AND figure.period_start = slot.period_start
"""
)

# A slot in which nothing happened has no figures at all; one with sessions has its totals, be they 0.
COUNT_TOTALS: Final = (
    _SLOTS
    + _INSERT
    + """
SELECT %(provider_id)s, gen_random_uuid(), slot.cafe_id, slot.period_kind, slot.period_start, total.measure, '',
       total.value, total.value
FROM slot
CROSS JOIN LATERAL (
    -- Return codes that were joined are one person's.
    SELECT count(*) AS visits, count(DISTINCT coalesce(joined.kept_id, v.visitor_id)) AS people,
           count(*) FILTER (WHERE v.visitor_id IS NULL) AS without_reference
    FROM cafes_visit AS v
    LEFT JOIN cafes_visitormerge AS joined ON joined.provider_id = %(provider_id)s
        AND joined.merged_id = v.visitor_id AND joined.undone_at IS NULL
    WHERE """
    + _VISITS_OF_SLOT
    + """
) AS seen
CROSS JOIN LATERAL (
    SELECT count(*) AS sessions, coalesce(sum(s.unrecorded_visits), 0) AS unrecorded
    FROM cafes_session AS s WHERE """
    + _SESSIONS_OF_SLOT
    + """
) AS held
CROSS JOIN LATERAL (VALUES
    ('sessions', held.sessions), ('visits', seen.visits + held.unrecorded), ('people', seen.people),
    ('visits_without_reference', seen.without_reference + held.unrecorded)
) AS total (measure, value)
WHERE seen.visits > 0 OR held.sessions > 0
"""
)

# Visits are first counted by the answers they share, so that an answer is coded once and not once a visit.
COUNT_ANSWERS: Final = (
    _SLOTS
    + """, shared AS (
    SELECT slot.cafe_id, slot.period_kind, slot.period_start, v.is_new, v.ethnic_category, v.age_band, v.gender,
           count(*) AS visits
    FROM slot JOIN cafes_visit AS v ON """
    + _VISITS_OF_SLOT
    + """
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    UNION ALL
    SELECT slot.cafe_id, slot.period_kind, slot.period_start, NULL, '99', '', 'not_stated', sum(s.unrecorded_visits)
    """
    + _UNRECORDED
    + """
)"""
    + _INSERT
    + """
SELECT %(provider_id)s, gen_random_uuid(), shared.cafe_id, shared.period_kind, shared.period_start, given.measure,
       coalesce(exact.category, other.category), sum(shared.visits), sum(shared.visits)
FROM shared
CROSS JOIN LATERAL (VALUES
    ('visits_by_newness', coalesce(shared.is_new::text, '')), ('visits_by_ethnic_category', shared.ethnic_category),
    ('visits_by_ethnic_group', shared.ethnic_category), ('visits_by_age_band', shared.age_band),
    ('visits_by_gender', shared.gender)
) AS given (measure, answer)
JOIN coding AS other ON other.measure = given.measure AND other.answer = %(anything_else)s
LEFT JOIN coding AS exact ON exact.measure = given.measure AND exact.answer = given.answer
GROUP BY 3, 4, 5, 6, 7
"""
)

# A visit with two reasons counts under both, and once under “other” however many other reasons it has.
COUNT_REASONS: Final = (
    _SLOTS
    + """, shared AS (
    SELECT slot.cafe_id, slot.period_kind, slot.period_start, v.reasons, count(*) AS visits
    FROM slot JOIN cafes_visit AS v ON """
    + _VISITS_OF_SLOT
    + """
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT slot.cafe_id, slot.period_kind, slot.period_start, '{}', sum(s.unrecorded_visits)
    """
    + _UNRECORDED
    + """
)"""
    + _INSERT
    + """
SELECT %(provider_id)s, gen_random_uuid(), shared.cafe_id, shared.period_kind, shared.period_start,
       'visits_by_reason', given.category, sum(shared.visits), sum(shared.visits)
FROM shared
CROSS JOIN LATERAL (
    SELECT DISTINCT coalesce(exact.category, other.category) AS category
    FROM unnest(shared.reasons) AS reason
    JOIN coding AS other ON other.measure = 'visits_by_reason' AND other.answer = %(anything_else)s
    LEFT JOIN coding AS exact ON exact.measure = 'visits_by_reason' AND exact.answer = reason
    UNION ALL
    SELECT 'not_recorded' WHERE cardinality(shared.reasons) = 0
) AS given
GROUP BY 3, 4, 5, 7
"""
)

STATEMENTS: Final = (DELETE, COUNT_TOTALS, COUNT_ANSWERS, COUNT_REASONS)
