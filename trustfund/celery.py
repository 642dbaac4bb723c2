"""Celery: the queues, the safety settings and beat's timetable. PostgreSQL keeps the work; Redis only wakes workers."""

import os

from celery import Celery
from celery.schedules import crontab

from trustfund.core.tasks import queue_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustfund.settings")

app = Celery("trustfund")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    ["committee", "donors", "disbursements", "assurance", "continuity", "ledger", "screening", "trustfund.notices"]
)

app.conf.task_routes = (queue_of,)

# The whole timetable, earliest in the day first; all times are UTC.
app.conf.beat_schedule = {
    "announce what was missed": {
        "task": "trustfund.notices.announce_missed",
        "schedule": 60.0,
    },
    "close motions whose time is up": {
        "task": "committee.close_due_motions",
        "schedule": 60.0,
    },
    "remind members of votes": {
        "task": "committee.remind_of_votes",
        "schedule": crontab(minute="*/10"),
    },
    "put in force what the committee carried about itself": {
        "task": "committee.put_in_force",
        "schedule": 60.0,
    },
    "write down the committee's answers": {
        "task": "disbursements.record_outcomes",
        "schedule": 60.0,
    },
    "suspend and resume what the committee decided on": {
        "task": "disbursements.carry_out_suspensions",
        "schedule": 60.0,
    },
    "amend what the committee decided on": {
        "task": "disbursements.carry_out_amendments",
        "schedule": 60.0,
    },
    "write down what may pass outside an exemption": {
        "task": "disbursements.carry_out_overrides",
        "schedule": 60.0,
    },
    "warn of exemptions that expire": {
        "task": "disbursements.warn_of_expiry",
        "schedule": crontab(minute="20", hour="5"),
    },
    "bring tranches due": {
        "task": "disbursements.bring_tranches_due",
        "schedule": crontab(minute="5", hour="*"),
    },
    "look at who was not screened yet": {
        "task": "screening.screen_waiting",
        "schedule": 60.0,
    },
    "count what matching pledges wait for": {
        "task": "donors.count_matching",
        "schedule": crontab(minute="20", hour="*"),
    },
    "ask why banks are silent": {
        "task": "disbursements.note_silent_banks",
        "schedule": crontab(minute="*/15"),
    },
    "queue what cash does not cover": {
        "task": "disbursements.queue_short_payments",
        "schedule": crontab(minute="10", hour="*"),
    },
    "watch the reserve's floor": {
        "task": "disbursements.watch_reserve",
        "schedule": crontab(minute="20", hour="6"),
    },
    "remind donors of instalments": {
        "task": "donors.remind",
        "schedule": crontab(minute="25", hour="*"),
    },
    "bring over files of contributions that wait": {
        "task": "donors.bring_over_waiting",
        "schedule": 60.0,
    },
    "seal the books": {
        "task": "ledger.seal_books",
        "schedule": 60.0,
    },
    "set statements that wait": {
        "task": "assurance.render_waiting",
        "schedule": 60.0,
    },
    "issue the monthly audit report": {
        "task": "assurance.issue_monthly_report",
        "schedule": crontab(minute="15", hour="*/6"),
    },
}
