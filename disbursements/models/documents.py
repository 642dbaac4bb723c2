"""Files that somebody handed in: letters, evidence, compliance papers. Their bytes lie under their SHA-256."""

import uuid
from typing import ClassVar

from django.db import models

from trustfund.core.models import User


class Document(models.Model):
    """One file as it came. Append-only; its kind was told from its bytes, never from its name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="a_file_has_its_fingerprint"
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="a_file_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
