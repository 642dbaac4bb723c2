"""Django's name card of this app."""

from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """Names the app."""

    name = "committee"
    label = "committee"
