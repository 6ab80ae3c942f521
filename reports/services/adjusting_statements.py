"""The statements that keep what is shown of locked periods apart from what is known of them.

A figure of which nothing is left keeps a row while something of it was, or is, shown. The scope's policies apply.
"""

# ruff: noqa: S608  every part is a constant of this file, and values are passed as parameters
from __future__ import annotations

from typing import Final

_INSERT: Final = """
INSERT INTO reports_figure AS figure (provider_id, id, cafe_id, period_kind, period_start, measure, category, value,
                                      published, first_value, first_published)
"""
_ON_CONFLICT: Final = """
ON CONFLICT (provider_id, cafe_id, period_kind, period_start, measure, category) DO UPDATE
"""

SET_PUBLISHED: Final = (
    _INSERT
    + """
SELECT %(provider_id)s, gen_random_uuid(), said.cafe_id, said.kind, said.start, said.measure, said.category, 0,
       said.published, said.first_value, said.first_published
FROM unnest(%(cafe_ids)s::uuid[], %(kinds)s::text[], %(starts)s::date[], %(measures)s::text[], %(categories)s::text[],
            %(published)s::int[], %(first_values)s::int[], %(first_published)s::int[])
     AS said (cafe_id, kind, start, measure, category, published, first_value, first_published)
"""
    + _ON_CONFLICT
    + """
SET published = excluded.published, first_value = excluded.first_value, first_published = excluded.first_published
"""
)

# Quarters and years show what their months show, for every measure that adds up.
ADD_UP_MONTHS: Final = (
    """
WITH slot (cafe_id, period_kind, period_start, period_end, first) AS (
    SELECT * FROM unnest(%(cafe_ids)s::uuid[], %(kinds)s::text[], %(starts)s::date[], %(ends)s::date[],
                         %(first)s::int[])
)
"""
    + _INSERT
    + """
SELECT %(provider_id)s, gen_random_uuid(), slot.cafe_id, slot.period_kind, slot.period_start, month.measure,
       month.category, 0, sum(month.published), slot.first, slot.first
FROM slot JOIN reports_figure AS month
    ON month.provider_id = %(provider_id)s AND month.cafe_id = slot.cafe_id AND month.period_kind = 'month'
    AND month.period_start BETWEEN slot.period_start AND slot.period_end AND month.measure <> %(people)s
GROUP BY 3, 4, 5, 6, 7, slot.first
"""
    + _ON_CONFLICT
    + """
SET published = excluded.published
"""
)
