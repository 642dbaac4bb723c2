"""How a programme is described, what it set out to reach, and what is reported of it with what shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import confidence, crs, locks, regions
from disbursements.confidence import EvidenceKind
from disbursements.fingerprints import People
from disbursements.models import (
    CrsShare,
    Evidence,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    PeopleReached,
    Programme,
)
from disbursements.operations.exemptions import keep_document
from disbursements.permissions import programmes as permissions
from disbursements.uploads import Upload
from trustfund.core import events
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.refusals import Missing, Unacceptable

_NAME: Final = 200
_UNIT: Final = 40


@dataclass(frozen=True)
class Shown:
    """What shows something: its kind, a title, the region in words, the day, and a note."""

    kind: EvidenceKind
    title: str
    place: str
    observed_on: date
    note: str = ""


@transaction.atomic(durable=True)
def describe_programme(
    *,
    programme_id: UUID,
    codes: Mapping[str, Decimal],
    is_pandemic_preparedness: bool,
    is_technology_transfer: bool,
    actor: User,
    at: datetime,
) -> Programme:
    """
    Say under which purpose codes a programme counts, and whether it prepares for pandemics or transfers technology.

    :param codes: percent by code, with at most two decimals, exactly 100 together
    :raises Missing: if there is no such programme
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if a code is not of the table, or the shares are not exactly 100 %
    """
    programme = locks.programme(programme_id)
    permissions.may_describe(actor).enforce()
    whole = crs.require_codes(codes)
    CrsShare.objects.filter(programme=programme).delete()
    CrsShare.objects.bulk_create(
        CrsShare(programme=programme, code_id=code, percent=percent) for code, percent in whole.items()
    )
    programme.mark_described(
        is_pandemic_preparedness=is_pandemic_preparedness, is_technology_transfer=is_technology_transfer
    )
    events.record(
        "programme.described",
        about=programme.id,
        by=actor,
        at=at,
        codes={code: str(percent) for code, percent in whole.items()},
        is_pandemic_preparedness=is_pandemic_preparedness,
        is_technology_transfer=is_technology_transfer,
    )
    return programme


@transaction.atomic(durable=True)
def set_indicator(
    *,
    programme_id: UUID,
    name: str,
    unit: str,
    baseline: Decimal,
    baseline_on: date,
    targets: Mapping[int, Decimal],
    actor: User,
    at: datetime,
) -> Indicator:
    """
    Set what a programme will be measured by: where it stands before, and where it shall stand at the end of each year.

    :raises Missing: if there is no such programme
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if name, unit or targets are missing, or a target lies outside the programme's years
    """
    programme = locks.programme(programme_id)
    permissions.may_describe(actor).enforce()
    if not name.strip() or not unit.strip() or not targets:
        raise Unacceptable(_("An indicator needs a name, a unit and at least one yearly target."))
    outside = [year for year in targets if not programme.starts_on.year <= year <= programme.ends_on.year]
    if outside:
        raise Unacceptable(
            _("%(year)s lies outside the programme, which runs from %(first)s to %(last)s.")
            % {"year": outside[0], "first": programme.starts_on.year, "last": programme.ends_on.year}
        )
    indicator = Indicator.objects.create(
        programme=programme,
        number=programme.indicators.count() + 1,
        name=name.strip()[:_NAME],
        unit=unit.strip()[:_UNIT],
        baseline=baseline,
        baseline_on=baseline_on,
        added_by=actor,
        added_at=at,
    )
    IndicatorTarget.objects.bulk_create(
        IndicatorTarget(indicator=indicator, year=year, value=value) for year, value in sorted(targets.items())
    )
    events.record("indicator.set", about=programme.id, by=actor, at=at, title=indicator.name)
    return indicator


@transaction.atomic(durable=True)
def report_results(
    *,
    programme_id: UUID,
    through: date,
    values: Mapping[UUID, Decimal],
    people: People | None,
    shown: Shown,
    actor: User,
    at: datetime,
    paper: Upload | None = None,
) -> Evidence:
    """
    Report where a programme's indicators stand on a day and whom it has reached by then, with what shows it.

    Reported again for the same day, the later word counts; the earlier one stays readable.

    :param values: by indicator
    :param people: women, men, girls and boys reached since the beginning, and of them those with a disability
    :raises Missing: if there is no such programme, or no such indicator of it
    :raises NotPermitted: if the actor is neither of the secretariat nor the programme's own partner
    :raises Unacceptable: if nothing is reported, the day has not come, or the evidence is not what it is said to be
    """
    programme = locks.programme(programme_id)
    permissions.may_report_results(actor, programme).enforce()
    if not values and people is None:
        raise Unacceptable(_("Report at least one value, or whom the programme has reached."))
    if not programme.starts_on <= through <= at.date():
        raise Unacceptable(_("Results are reported for a day of the programme that has come."))
    known = {one.pk: one for one in programme.indicators.all()}
    if set(values) - set(known):
        raise Missing(_("There is no such indicator of this programme. Reload the page."))
    if people is not None and people.disability > people.number:
        raise Unacceptable(_("More people with a disability than people in all cannot be. Check the numbers."))
    evidence = _keep(programme, shown, paper, by=actor, at=at)
    IndicatorValue.objects.bulk_create(
        IndicatorValue(
            indicator=known[pk], as_of=through, value=value, evidence=evidence, reported_by=actor, reported_at=at
        )
        for pk, value in values.items()
    )
    if people is not None:
        PeopleReached.objects.create(
            programme=programme,
            through=through,
            women=people.women,
            men=people.men,
            girls=people.girls,
            boys=people.boys,
            disability=people.disability,
            evidence=evidence,
            reported_by=actor,
            reported_at=at,
        )
    events.record(
        "results.reported", about=programme.id, by=actor, at=at, title=evidence.title, through=through.isoformat()
    )
    return evidence


@transaction.atomic(durable=True)
def submit_evidence(
    *, programme_id: UUID, shown: Shown, actor: User, at: datetime, paper: Upload | None = None
) -> Evidence:
    """
    Hand in what shows how a programme goes, or record that nobody was let in to see.

    :raises Missing: if there is no such programme
    :raises NotPermitted: if the actor is neither of the secretariat nor the programme's own partner
    :raises Unacceptable: if it is not what it is said to be, or a denial of access does not say by whom
    """
    programme = locks.programme(programme_id)
    permissions.may_report_results(actor, programme).enforce()
    evidence = _keep(programme, shown, paper, by=actor, at=at)
    kind = "access.denied" if evidence.kind == EvidenceKind.ACCESS_DENIED else "evidence.submitted"
    events.record(kind, about=programme.id, by=actor, at=at, title=evidence.title)
    return evidence


def _keep(programme: Programme, shown: Shown, paper: Upload | None, *, by: User, at: datetime) -> Evidence:
    require_transaction()
    if not shown.title.strip() or not shown.place.strip():
        raise Unacceptable(_("Say in a few words what shows it, and in which region."))
    if shown.observed_on > at.date():
        raise Unacceptable(_("It was seen on a day that has not come. Change the day."))
    if shown.kind == EvidenceKind.ACCESS_DENIED and not shown.note.strip():
        raise Unacceptable(_("Say who denied access, to whom, and what was said."))
    grade = confidence.confidence_of(
        shown.kind, has_file=paper is not None, has_place=paper is not None and paper.has_place
    )
    return Evidence.objects.create(
        programme=programme,
        kind=shown.kind,
        confidence=grade,
        title=shown.title.strip()[:_NAME],
        place=regions.require_words(shown.place)[:_NAME],
        observed_on=shown.observed_on,
        note=shown.note.strip(),
        document=keep_document(paper, by=by, at=at) if paper is not None else None,
        submitted_by=by,
        submitted_at=at,
    )
