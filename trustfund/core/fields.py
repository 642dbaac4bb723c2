"""Column types that the apps share: an amount in minor units and the currency beside it."""

from typing import Any

from django.db import models


class MinorUnitsField(models.BigIntegerField):  # type: ignore[type-arg]  # generic only in the stubs
    """An exact amount counted in the minor units of the currency in the column beside it."""


class CurrencyField(models.CharField):  # type: ignore[type-arg]  # generic only in the stubs
    """An ISO 4217 alphabetic code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 3
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Leave the fixed length out of migrations."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return str(name), path, list(args), kwargs
