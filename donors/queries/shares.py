"""How much of the pool is one donor's, the cap in force, and what the committee has accepted above it."""

from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum

from committee import queries as committee_queries
from committee.matters import Kind
from committee.models import Decision, Motion
from committee.rules import Outcome
from donors import rates
from donors.models import Donor, DonorCap, Pledge, Receipt, ShareQuestion
from donors.shares import USUAL_CAP, Concentration, share_of
from donors.states import IN_THE_BOOKS, Status
from trustfund.core.money import Money, total

_MOST_SHOWN = 20


def cap_in_force() -> Decimal:
    """Return the share above which a donor is a matter for the committee: the usual one until one is set."""
    latest = cap_versions().first()
    return latest.share if latest else USUAL_CAP


def cap_versions() -> QuerySet[DonorCap]:
    """Return every version of the cap, latest first."""
    return DonorCap.objects.select_related("set_by").order_by("-version")


def concentration_of(donor: Donor, *, promising: Money | None = None, receiving: Money | None = None) -> Concentration:
    """
    Return a donor's share of signed pledges and of money received, in USD, now and with what is to come.

    :param promising: what it is about to promise more, in USD
    :param receiving: what is about to arrive of it, in USD
    """
    return _concentration(
        donor.pk,
        _promised(),
        _received(),
        cap=cap_in_force(),
        accepted=_accepted().get(donor.pk),
        promising=promising,
        receiving=receiving,
    )


def donors_to_ask_about() -> list[tuple[Donor, Concentration]]:
    """Return the donors above the cap, and above what the committee has accepted for them, by name."""
    promised, received, cap, accepted = _promised(), _received(), cap_in_force(), _accepted()
    found = {
        donor: _concentration(donor, promised, received, cap=cap, accepted=accepted.get(donor))
        for donor in {*promised, *received}
    }
    asked = [donor for donor, concentration in found.items() if concentration.is_to_be_asked]
    return [(donor, found[donor.pk]) for donor in Donor.objects.filter(pk__in=asked).order_by("name")]


def share_questions_of(donor: Donor) -> QuerySet[ShareQuestion]:
    """Return what the committee was asked about a donor's share, latest first."""
    return donor.share_questions.select_related("asked_by").order_by("-asked_at")


def _accepted() -> dict[UUID, Decimal]:
    """Return the largest share that the committee has accepted for each donor."""
    carried = Decision.objects.filter(motion__kind=Kind.CONCENTRATION.value, outcome=Outcome.CARRIED.value)
    asked = ShareQuestion.objects.filter(pk__in=list(carried.values_list("motion__subject", flat=True)))
    return dict(asked.order_by("up_to").values_list("donor", "up_to"))


def share_questions_with_answers(donor: Donor) -> list[tuple[ShareQuestion, Motion | None]]:
    """Return what the committee was asked about a donor's share, latest first, each with its motion."""
    return [(asked, committee_queries.motion_about(asked.pk, 1)) for asked in share_questions_of(donor)[:_MOST_SHOWN]]


def donors_asked_about(question_id: UUID) -> list[UUID]:
    """Return the donor whose share a question to the committee is about."""
    return list(ShareQuestion.objects.filter(pk=question_id).values_list("donor", flat=True))


def open_share_question(donor: Donor) -> ShareQuestion | None:
    """Return the question about a donor's share on which the committee is voting, or nothing."""
    asked = share_questions_of(donor).first()
    motion = committee_queries.motion_about(asked.pk, 1) if asked else None
    return asked if motion is not None and motion.is_open else None


def _concentration(
    donor_id: UUID,
    promised: dict[UUID, Money],
    received: dict[UUID, Money],
    *,
    cap: Decimal,
    accepted: Decimal | None,
    promising: Money | None = None,
    receiving: Money | None = None,
) -> Concentration:
    nothing = Money.zero(rates.FUND_CURRENCY)
    all_promised = total(promised.values(), rates.FUND_CURRENCY)
    all_received = total(received.values(), rates.FUND_CURRENCY)
    own_promised, own_received = promised.get(donor_id, nothing), received.get(donor_id, nothing)
    more_promised, more_received = promising or nothing, receiving or nothing
    return Concentration(
        cap=cap,
        accepted=accepted,
        promised=share_of(own_promised, all_promised),
        promised_after=share_of(own_promised + more_promised, all_promised + more_promised),
        received=share_of(own_received, all_received),
        received_after=share_of(own_received + more_received, all_received + more_received),
    )


def _promised() -> dict[UUID, Money]:
    owed = [str(status) for status in IN_THE_BOOKS - {Status.WRITTEN_OFF}]
    found = Pledge.objects.filter(status__in=owed).order_by().values_list("donor")
    return {donor: Money(minor, rates.FUND_CURRENCY) for donor, minor in found.annotate(total=Sum("usd_minor"))}


def _received() -> dict[UUID, Money]:
    found = Receipt.objects.filter(reversed_at=None).order_by().values_list("pledge__donor")
    return {donor: Money(minor, rates.FUND_CURRENCY) for donor, minor in found.annotate(total=Sum("gross_usd_minor"))}
