"""There is no field in which an earmark could live: no row of a donor leads to a programme, and none leads back."""

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models

from committee.models import Motion
from disbursements.models import Payment, Programme, Proposal
from donors.models import Hold, Pledge, Receipt

GIVES = ("donors", "bank")
SPENDS = ("disbursements", "screening")
# Words that a field would have in which a wish about use was kept with the money.
WISHES = ("programme", "earmark", "project", "restrict", "destination", "country_of_use", "use_for", "beneficiar")


def links(every: Iterable[type[models.Model]]) -> Iterator[tuple[str, str, str]]:
    """Yield every relation as the room it starts in, its name, and the room it leads to."""
    for model in every:
        for field in model._meta.get_fields(include_hidden=True):
            other = getattr(field, "related_model", None)
            if isinstance(other, type):
                yield model._meta.app_label, f"{model.__name__}.{field.name}", other._meta.app_label


def crossings(every: Iterable[type[models.Model]]) -> list[str]:
    return [
        name
        for start, name, end in links(every)
        if (start in GIVES and end in SPENDS)
        or (start in SPENDS and end in GIVES)
        or (start == "ledger" and end in GIVES + SPENDS)
    ]


def wishes(every: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{model.__name__}.{field.name}"
        for model in every
        for field in model._meta.get_fields()
        if any(word in field.name for word in WISHES)
    ]


def rooms(*labels: str) -> list[type[models.Model]]:
    return [model for label in labels for model in apps.get_app_config(label).get_models(include_auto_created=True)]


def test_no_row_of_a_donor_leads_to_a_programme_or_back():
    every = rooms(*GIVES, "disbursements", "ledger")
    assert {Pledge, Receipt, Hold, Programme, Proposal, Payment} <= set(every)
    assert crossings(every) == []


def test_no_field_of_a_donor_or_of_the_books_names_a_use():
    assert wishes(rooms(*GIVES, "ledger")) == []


@pytest.mark.parametrize("start", ["donors", "ledger", "bank"])
def test_the_link_is_seen(start):
    class Tied(models.Model):
        programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = start
            managed = False

        def __str__(self) -> str:
            return "tied"

    try:
        assert crossings([Tied]) == ["Tied.programme"]
        assert wishes([Tied]) == ["Tied.programme"]
    finally:
        apps.all_models[start].pop("tied")
        apps.clear_cache()


def test_what_the_committee_decides_is_known_by_an_id_only():
    assert [name for _start, name, end in links([Motion]) if end in GIVES + SPENDS] == []
