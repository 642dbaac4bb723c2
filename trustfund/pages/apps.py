"""Django's name card of this app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Names the app."""

    name = "trustfund.pages"
    label = "pages"
