"""The SELECT behind "who held an office on a day": from the folded states, never from a table."""

from __future__ import annotations

from timeline.readmodel.selection import Query


def office_holders(office: str, day: int) -> Query:
    """Who held an office on a day: `holder`, `name`, `capacity`, `since`, `until`, `uncertain`.

    The day of leaving counts: on a day of handing over both are given, first who left. Nobody held
    it where no row comes.

    Args:
        office: entity id.
        day: Julian Day Number. `since` and `until` are such numbers too, both inclusive; `since`
            is the first day of the standing that holds on the day, `until` NULL where it goes on.
    """
    return Query(_HOLDERS, {"office": office, "day": day})


_HOLDERS = """
WITH standing AS (
  SELECT s.subject, s.valid_from, s.valid_to, s.uncertain, holder.value AS holder
  FROM states s, json_each(s.standings) AS way, json_each(way.value) AS holder
  WHERE s.machine = 'office_holder' AND s.subject = :office AND s.known_to IS NULL
    AND coalesce(s.valid_from, -1000000000) <= :day
    AND coalesce(s.valid_to, 1000000000) >= :day
),
found AS (
  SELECT holder, min(valid_from) AS since, max(coalesce(valid_to, 1000000000)) AS until,
    max(uncertain) AS uncertain
  FROM standing GROUP BY holder
)
SELECT f.holder, coalesce(n.label, f.holder) AS name,
  coalesce((
    SELECT json_extract(e.data, '$.capacity')
    FROM state_events b
    JOIN events e ON e.number = b.event AND e.type = 'office.began' AND NOT e.retracted
    JOIN participants p ON p.event = e.number AND p.entity = f.holder AND p.role = 'appointee'
    WHERE b.machine = 'office_holder' AND b.subject = :office AND e.start_min <= :day
    ORDER BY e.start_min DESC, e.number DESC LIMIT 1
  ), 'full') AS capacity,
  f.since, nullif(f.until, 1000000000) AS until, f.uncertain
FROM found f LEFT JOIN entities n ON n.id = f.holder
ORDER BY f.until, f.since, f.holder
"""
