"""The pages that need more than one room: overview, my work, decisions, people; and how accessible they all are."""

from trustfund.pages.views.decision import decision
from trustfund.pages.views.home import home
from trustfund.pages.views.people import people, person
from trustfund.pages.views.public import accessibility, public
from trustfund.pages.views.subject import subject

__all__ = ["accessibility", "decision", "home", "people", "person", "public", "subject"]
