"""The project: its foundation (core) and its roof (pages, api, notices)."""

from trustfund.celery import app as celery_app

__all__ = ["celery_app"]
