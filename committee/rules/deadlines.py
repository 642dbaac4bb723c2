"""Working-day deadlines: a day of the fund has ended only when it has ended at the last of its three seats."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from committee.rules.procedure import Rules
from trustfund.core import clock

# The westernmost of Geneva, New York and Seoul: nobody's working day is cut short.
_LAST_SEAT: Final = ZoneInfo("America/New_York")


def end_of_working_day(start: datetime, days: int) -> datetime:
    """Return the moment at which the so-manieth working day after a moment ends in New York, in UTC."""
    day = clock.add_working_days(start.astimezone(UTC).date(), days)
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=_LAST_SEAT).astimezone(UTC)


def objections_end(rules: Rules, opened_at: datetime) -> datetime:
    """Return until when a member may object to a motion that was opened at a moment."""
    return end_of_working_day(opened_at, rules.no_objection_days)


def consensus_until(rules: Rules, opened_at: datetime) -> datetime:
    """Return before when nobody is outvoted on a motion that was opened at a moment; without such a time, at once."""
    return end_of_working_day(opened_at, rules.consensus_days) if rules.consensus_days else opened_at


def earliest_meeting(rules: Rules, called_at: datetime, *, is_emergency: bool) -> datetime:
    """Return the earliest moment at which a meeting that is called at a moment may begin."""
    days = rules.emergency_notice_days if is_emergency else rules.meeting_notice_days
    return datetime.combine(clock.add_working_days(called_at.astimezone(UTC).date(), days), time(0), tzinfo=UTC)
