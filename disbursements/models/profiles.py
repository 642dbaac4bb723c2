"""Under which purpose codes of the creditor reporting system a programme counts."""

from typing import ClassVar

from django.db import models

from disbursements.models.programmes import Programme


class CrsCode(models.Model):
    """A purpose code. Filled by a migration from `disbursements.crs`."""

    code = models.CharField(primary_key=True, max_length=5)
    name = models.CharField(max_length=120)
    # The code under which readers who do not use voluntary codes find it.
    broader = models.CharField(max_length=5, blank=True)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CrsShare(models.Model):
    """The part of a programme that counts under one code. A programme has none, or exactly 100 % at commit."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="crs_shares")
    code = models.ForeignKey(CrsCode, on_delete=models.PROTECT, related_name="shares")
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["programme", "code"], name="a_code_has_one_share_of_a_programme"),
            models.CheckConstraint(
                condition=models.Q(percent__gt=0, percent__lte=100), name="a_codes_share_is_above_0_and_at_most_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_id} {self.percent} %"
