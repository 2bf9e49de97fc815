"""Which cases cite a device's word: how a resident's tracking code finds its case, whichever alarm took the report in."""

from typing import Final

from sqlalchemy import select

from handlers.alarm_past import AlarmPastViews
from handlers.past import seq_at
from handlers.schema import timeline
from handlers.views import Doc
from rules.model import Entity

_LINES_MAX: Final = 20


class CitedViews(AlarmPastViews):
    """``AlarmPastViews``, the alarms that cite a device, and the cases that quote it."""

    def alarms_citing(self, device_end: str, from_at: int, until_at: int) -> tuple[Doc, ...]:
        """As they now are: the alarms of which a line told in this stretch (ms) cites a device whose name ends so.

        Of the first twenty such lines; a report is cited by a few, at once after it came.
        """
        with self._reading() as connection:
            lines = (
                select(timeline.c.entity_id)
                .where(timeline.c.seq >= seq_at(connection, from_at), timeline.c.seq < seq_at(connection, until_at))
                .where(timeline.c.entity == Entity.ALARM.value)
                .where(timeline.c.doc.contains(f'{device_end}"', autoescape=True))
                .order_by(timeline.c.seq)
                .limit(_LINES_MAX)
            )
            names = list(dict.fromkeys(connection.execute(lines).scalars()))
        found = [self.record(Entity.ALARM, name) for name in names]
        return tuple(doc for doc in found if doc is not None)

    def cases_quoting(self, device_end: str, from_at: int, until_at: int) -> tuple[str, ...]:
        """The ids of the cases in whose story of this stretch (ms) a device is quoted whose name ends so.

        Of many reports of one happening not each is cited by a line of its alarm.
        """
        with self._reading() as connection:
            lines = (
                select(timeline.c.incident_id)
                .where(timeline.c.seq >= seq_at(connection, from_at), timeline.c.seq < seq_at(connection, until_at))
                .where(timeline.c.transition == "quoted")
                .where(timeline.c.doc.contains(f'{device_end}"', autoescape=True))
                .order_by(timeline.c.seq)
                .limit(_LINES_MAX)
            )
            return tuple(dict.fromkeys(connection.execute(lines).scalars()))
