"""The words of the committee room: benches, ways to decide, choices, outcomes, shares and the four principles."""

from enum import StrEnum

from django.utils.translation import gettext as _


class Bench(StrEnum):
    """On which side of the table a seat stands."""

    DONOR = "donor"
    TECHNICAL = "technical"
    INDEPENDENT = "independent"
    RECIPIENT = "recipient"

    @property
    def label(self) -> str:
        """The bench's name on the page."""
        return {
            Bench.DONOR: _("donor bench"),
            Bench.TECHNICAL: _("technical bench"),
            Bench.INDEPENDENT: _("independent bench"),
            Bench.RECIPIENT: _("recipient bench"),
        }[self]


class Way(StrEnum):
    """How a motion is put to the committee."""

    MEETING = "meeting"
    CORRESPONDENCE = "correspondence"
    NO_OBJECTION = "no_objection"

    @property
    def label(self) -> str:
        """The way as a page says it."""
        return {
            Way.MEETING: _("In a meeting"),
            Way.CORRESPONDENCE: _("Without a meeting"),
            Way.NO_OBJECTION: _("By no objection"),
        }[self]


class Choice(StrEnum):
    """What a ballot says."""

    APPROVE = "approve"
    REJECT = "reject"
    ABSTAIN = "abstain"

    @property
    def label(self) -> str:
        """What the member did, as the record says it."""
        return {
            Choice.APPROVE: _("Approved"),
            Choice.REJECT: _("Rejected"),
            Choice.ABSTAIN: _("Abstained"),
        }[self]


class Outcome(StrEnum):
    """How a motion ends when its votes are counted."""

    CARRIED = "carried"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    OBJECTED = "objected"


class Share(StrEnum):
    """How many of a number must approve."""

    NONE = "none"
    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"
    FOUR_FIFTHS = "four_fifths"
    ALL = "all"

    def needed(self, of: int) -> int:
        """Return how many of `of` this share asks for."""
        return {
            Share.NONE: 0,
            Share.MAJORITY: of // 2 + 1,
            Share.TWO_THIRDS: -(-2 * of // 3),
            Share.FOUR_FIFTHS: -(-4 * of // 5),
            Share.ALL: of,
        }[self]

    @property
    def label(self) -> str:
        """The share in words."""
        return {
            Share.NONE: _("none"),
            Share.MAJORITY: _("more than half"),
            Share.TWO_THIRDS: _("two thirds"),
            Share.FOUR_FIFTHS: _("four fifths"),
            Share.ALL: _("all"),
        }[self]


class Principle(StrEnum):
    """The four principles that every ballot answers."""

    HUMANITY = "humanity"
    IMPARTIALITY = "impartiality"
    NEUTRALITY = "neutrality"
    INDEPENDENCE = "independence"

    @property
    def label(self) -> str:
        """The principle's name."""
        return {
            Principle.HUMANITY: _("Humanity"),
            Principle.IMPARTIALITY: _("Impartiality"),
            Principle.NEUTRALITY: _("Neutrality"),
            Principle.INDEPENDENCE: _("Independence"),
        }[self]

    @property
    def question(self) -> str:
        """What the member answers."""
        return {
            Principle.HUMANITY: _("Does it address human suffering wherever it is found?"),
            Principle.IMPARTIALITY: _("Is assistance given on need alone?"),
            Principle.NEUTRALITY: _("Does it take no side?"),
            Principle.INDEPENDENCE: _("Is it autonomous from political, economic or military aims?"),
        }[self]
