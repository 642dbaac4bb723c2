"""What charts are drawn from: plain figures with labels."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trustfund.core.money import Money


@dataclass(frozen=True)
class Instalment:
    """One column of a pledge's schedule: what came, what is late, what is still to fall due."""

    label: str
    received: Money
    overdue: Money
    scheduled: Money


@dataclass(frozen=True)
class Share:
    """A part of a whole."""

    label: str
    amount: Money


@dataclass(frozen=True)
class Tally:
    """How often something happened."""

    label: str
    count: int


@dataclass(frozen=True)
class Pair:
    """Two amounts side by side, such as money in and money out of a year."""

    label: str
    one: Money
    other: Money


@dataclass(frozen=True)
class Difference:
    """By how many per cent a figure lies above or below another."""

    label: str
    percent: Decimal


@dataclass(frozen=True)
class Reading:
    """Where something that is counted stood at the end of a day."""

    on: date
    number: Decimal


@dataclass(frozen=True)
class Count:
    """How many were planned and how many were reached of one group."""

    label: str
    planned: int
    reached: int


@dataclass(frozen=True)
class Point:
    """A balance, or a running total, as it stood at the end of a day."""

    on: date
    amount: Money


@dataclass(frozen=True)
class Span:
    """How many days something takes: half of the cases at most the median, nine of ten at most the p90."""

    label: str
    median: Decimal
    p90: Decimal
