"""Pages of what a programme set out to reach and has reached, and of how it is described."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disbursements import operations
from disbursements.forms.programme_work import (
    DescribeForm,
    EvidenceForm,
    ImplementingPartnerForm,
    IndicatorForm,
    ResultsForm,
)
from disbursements.models import ImplementingPartner, Organisation, Programme
from disbursements.permissions import programmes as permissions
from disbursements.queries import results as queries
from disbursements.queries.partners import visible_programmes
from disbursements.queries.results import Progress
from disbursements.states import OrganisationKind
from disbursements.views.asking import Ask, answer, do
from disbursements.views.drafts import WRITERS
from disbursements.views.exemptions import hand_out
from disbursements.views.programmes import PAGE, READERS, insist, posted
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.charts import Chart, Count, Reading, planned_and_reached, progress_line
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

_LAST: Final = (12, 31)


def _programme(request: HttpRequest, programme_id: UUID) -> Programme:
    return get_object_or_404(visible_programmes(person_of(request)), pk=programme_id)


def _ask_about(programme: Programme, title: str, button: str, *, back: str = "results") -> Ask:
    onward = reverse(f"disbursements:{back}", args=[programme.pk])
    return Ask(
        title=title,
        button=button,
        back=onward,
        crumbs=((reverse("disbursements:programme", args=[programme.pk]), programme.reference),),
        lead=programme.title,
    )


def chart_of(progress: Progress) -> Chart:
    """Return the line of an indicator: baseline, what was reported, and the yearly targets."""
    indicator = progress.indicator
    return progress_line(
        title=indicator.name,
        unit=indicator.unit,
        readings=[
            Reading(indicator.baseline_on, indicator.baseline),
            *(Reading(point.on, point.value) for point in progress.points),
        ],
        targets=[
            Reading(indicator.baseline_on.replace(year=year, month=_LAST[0], day=_LAST[1]), value)
            for year, value in progress.targets
        ],
    )


def _people_chart(programme: Programme) -> Chart:
    planned, reached = queries.planned_for(programme), queries.reached_by(programme)
    groups = (
        (_("Women"), planned.women, reached.women),
        (_("Men"), planned.men, reached.men),
        (_("Girls"), planned.girls, reached.girls),
        (_("Boys"), planned.boys, reached.boys),
        (_("Of these, with a disability"), planned.disability, reached.disability),
    )
    return planned_and_reached(title=_("People planned and reached"), counts=[Count(*group) for group in groups])


@audience(*READERS)
@require_safe
def results(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Show a programme's indicators on their way, whom it has reached, and what shows it."""
    person = person_of(request)
    programme = _programme(request, programme_id)
    context = {
        "programme": programme,
        "indicators": [(one, chart_of(one)) for one in queries.progress_of(programme)],
        "people": _people_chart(programme),
        "reached": queries.reached_rows(programme)[:PAGE],
        "evidence": queries.evidence_of(programme)[:PAGE],
        "may_describe": permissions.may_describe(person),
        "may_report": permissions.may_report_results(person, programme),
    }
    return render(request, "disbursements/results.html", context)


def _rows(programme: Programme) -> list[Row]:
    rows: list[Row] = [
        (_("Indicator"), _("Unit"), _("Kind"), _("Day or year"), _("Value"), _("Confidence"), _("Evidence"))
    ]
    for one in queries.progress_of(programme):
        name, unit = one.indicator.name, one.indicator.unit
        rows.append((name, unit, _("Baseline"), one.indicator.baseline_on, one.indicator.baseline, "", ""))
        rows += [(name, unit, _("Target"), str(year), value, "", "") for year, value in one.targets]
        rows += [
            (name, unit, _("Reported"), point.on, point.value, str(point.confidence.label), point.title)
            for point in one.points
        ]
    for row in queries.reached_rows(programme):
        counted = (
            (_("Women"), row.women),
            (_("Men"), row.men),
            (_("Girls"), row.girls),
            (_("Boys"), row.boys),
            (_("Of these, with a disability"), row.disability),
        )
        grade = str(row.evidence.get_confidence_display())
        said = row.evidence.title
        rows += [(label, _("people"), _("Reached"), row.through, many, grade, said) for label, many in counted]
    return rows


@audience(*READERS)
@require_safe
def results_csv(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Give a programme's results as CSV."""
    programme = _programme(request, programme_id)
    return csv_file(f"results-{programme.reference}", _rows(programme))


@audience(*READERS)
@require_safe
def results_xlsx(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Give a programme's results as a spreadsheet."""
    programme = _programme(request, programme_id)
    return xlsx_file(f"results-{programme.reference}", _rows(programme))


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def describe_programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Ask under which codes a programme counts and what kind of work it is, and keep it on POST."""
    programme = _programme(request, programme_id)
    insist(permissions.may_describe(person_of(request)))
    shares = programme.crs_shares.order_by("code")
    form = DescribeForm(
        posted(request),
        initial={
            "codes": "\n".join(f"{share.code_id}; {share.percent}" for share in shares),
            "is_pandemic_preparedness": programme.is_pandemic_preparedness,
            "is_technology_transfer": programme.is_technology_transfer,
        },
    )
    ask = _ask_about(programme, _("Describe the programme"), _("Keep this"), back="programme")
    known = "\n".join(f"{code} {name}" for code, name in DescribeForm.known())
    ask = Ask(ask.title, ask.button, ask.back, ask.crumbs, ask.lead, facts=((_("Codes that can be used"), known),))

    def act() -> str:
        said = form.cleaned_data
        operations.describe_programme(
            programme_id=programme.pk,
            codes=said["codes"],
            is_pandemic_preparedness=said["is_pandemic_preparedness"],
            is_technology_transfer=said["is_technology_transfer"],
            actor=person_of(request),
            at=clock.now(),
        )
        return ask.back

    return answer(ask, request, form, act, _("Kept."))


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def add_partner(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Ask who carries out which part of a programme, and keep it on POST."""
    programme = _programme(request, programme_id)
    insist(permissions.may_describe(person_of(request)))
    known = Organisation.objects.exclude(pk=programme.organisation_id).exclude(kind=OrganisationKind.DONOR_AGENCY)
    form = ImplementingPartnerForm(posted(request), organisations=known.order_by("name"))
    ask = _ask_about(programme, _("Add an implementing partner"), _("Add it"), back="programme")

    def act() -> str:
        operations.add_implementing_partner(
            programme_id=programme.pk,
            organisation_id=form.cleaned_data["organisation"].pk,
            part=form.cleaned_data["part"],
            actor=person_of(request),
            at=clock.now(),
        )
        return ask.back

    return answer(ask, request, form, act, _("Added."))


@audience(RoleName.SECRETARIAT)
@require_POST
def end_partner(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Say that an organisation no longer takes part."""
    partner = get_object_or_404(ImplementingPartner, pk=partner_id)
    return do(
        lambda: operations.end_implementing_partner(partner_id=partner.pk, actor=person_of(request), at=clock.now()),
        request,
        _("It no longer takes part."),
        reverse("disbursements:programme", args=[partner.programme_id]),
    )


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def set_indicator(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Ask what a programme will be measured by, and keep it on POST."""
    programme = _programme(request, programme_id)
    insist(permissions.may_describe(person_of(request)))
    form = IndicatorForm(posted(request), initial={"baseline_on": programme.starts_on})
    ask = _ask_about(programme, _("Set an indicator"), _("Set it"))

    def act() -> str:
        said = form.cleaned_data
        operations.set_indicator(
            programme_id=programme.pk,
            name=said["name"],
            unit=said["unit"],
            baseline=said["baseline"],
            baseline_on=said["baseline_on"],
            targets=said["targets"],
            actor=person_of(request),
            at=clock.now(),
        )
        return ask.back

    return answer(ask, request, form, act, _("Set. Baseline and targets stay as they are."))


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def report_results(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Ask where indicators stand, whom the programme has reached and what shows it, and keep it on POST."""
    person = person_of(request)
    programme = _programme(request, programme_id)
    insist(permissions.may_report_results(person, programme))
    form = ResultsForm(
        posted(request),
        request.FILES or None,
        indicators=list(programme.indicators.order_by("number")),
        initial={"through": clock.today(), "observed_on": clock.today(), "place": programme.region},
    )
    ask = _ask_about(programme, _("Report results"), _("Report this"))

    def act() -> str:
        operations.report_results(
            programme_id=programme.pk,
            through=form.cleaned_data["through"],
            values=form.values,
            people=form.people,
            shown=form.shown,
            paper=form.file,
            actor=person,
            at=clock.now(),
        )
        return ask.back

    return answer(ask, request, form, act, _("Reported. A correction is reported again for the same day."))


@audience(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def submit_evidence(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Ask what shows how a programme goes, or that nobody was let in, and keep it on POST."""
    person = person_of(request)
    programme = _programme(request, programme_id)
    insist(permissions.may_report_results(person, programme))
    form = EvidenceForm(
        posted(request),
        request.FILES or None,
        initial={"observed_on": clock.today(), "place": programme.region, "kind": request.GET.get("kind", "")},
    )
    ask = _ask_about(programme, _("Hand in evidence"), _("Hand it in"))

    def act() -> str:
        operations.submit_evidence(
            programme_id=programme.pk, shown=form.shown, paper=form.file, actor=person, at=clock.now()
        )
        return ask.back

    return answer(ask, request, form, act, _("Kept, with how far it is believed."))


@audience(*READERS)
@require_safe
def evidence_file(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Hand out a piece of evidence, exactly as it was uploaded."""
    found = get_object_or_404(queries.visible_evidence(person_of(request)).exclude(document=None), pk=evidence_id)
    return hand_out(found.document)
