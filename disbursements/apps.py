"""Django's name card of this app."""

from django.apps import AppConfig


class DisbursementsConfig(AppConfig):
    """Names the app."""

    name = "disbursements"
    label = "disbursements"
