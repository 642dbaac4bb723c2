"""What the planning view is set to: the haircut on unpaid promises that are not in USD, version by version."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from trustfund.core.models import User


class Haircut(models.Model):
    """A version of the haircut, in per cent. Append-only: a later version takes its place. It moves no money."""

    version = models.PositiveSmallIntegerField(unique=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    reason = models.CharField(max_length=400)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(percent__gte=0) & Q(percent__lte=100), name="a_haircut_is_a_part_of_the_whole"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_haircut_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.plain}%"

    @property
    def plain(self) -> str:
        """The percentage without zeros that say nothing."""
        return f"{self.percent.normalize():f}"
