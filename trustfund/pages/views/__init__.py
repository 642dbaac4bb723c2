"""The pages that need more than one room: overview, my work, decisions, people."""

from trustfund.pages.views.decision import decision
from trustfund.pages.views.home import home
from trustfund.pages.views.people import people, person
from trustfund.pages.views.public import public

__all__ = ["decision", "home", "people", "person", "public"]
