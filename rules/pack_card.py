"""合理化卡片: the form of what an alarm means: what brings it about, what follows, what to do, and by when."""

from pydantic import Field

from rules.definition import Card
from rules.pack_fields import Bilingual, Duration, Form


class CardForm(Form):
    """What the person at the desk needs when the rule alarms (ISA-18.2: every alarm is rationalised)."""

    cause: Bilingual = Field(description="what brings it about, the likeliest first, and what it is mistaken for")
    consequence: Bilingual = Field(description="what follows when nobody does anything")
    action: Bilingual = Field(description="what to do, in order, and whom to call")
    time_to_respond: Duration = Field(gt=0, description="from the alarm until it is too late to prevent the consequence")


def card_from(part: CardForm) -> Card:
    """The card, as the house speaks of it."""
    return Card(
        cause=part.cause.said,
        consequence=part.consequence.said,
        action=part.action.said,
        time_to_respond_s=part.time_to_respond,
    )
