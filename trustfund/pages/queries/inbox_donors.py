"""What waits for a person around promises and the money they bring."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bank import queries as bank_queries
from donors import queries as donor_queries
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.pages.queries.inbox_item import MOST, Item

CALLED_WITHIN_DAYS = 60
COMMITTEE = (RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)


def giving_back(person: User) -> Iterable[Item]:
    """Tell of what is to be written off, refunded or verified."""
    if person.is_seconded:
        return
    if person.holds(RoleName.SECRETARIAT):
        for one in donor_queries.write_offs_to_carry_out()[:MOST]:
            yield Item(
                title=_("Write-off of %(donor)s") % {"donor": one.pledge.donor.name},
                url=reverse("donors:write_off", args=[one.pk]),
                reference=one.reference,
                why=_("carried by the committee; carry it out"),
                icon="circle-minus",
                amount=one.amount,
            )
    if person.holds(RoleName.TREASURY_OFFICER):
        for refund in donor_queries.refunds_to_pay()[:MOST]:
            yield Item(
                title=_("Refund to %(donor)s") % {"donor": refund.donor.name},
                url=reverse("donors:refund", args=[refund.pk]),
                reference=refund.reference,
                why=_("carried by the committee; let it go"),
                icon="arrow-back-up",
                amount=refund.amount,
            )
    if person.holds(*donor_queries.OFFICERS):
        for account in donor_queries.details_to_verify().exclude(registered_by=person)[:MOST]:
            yield Item(
                title=_("Bank details of %(donor)s") % {"donor": account.donor.name},
                url=reverse("donors:bank_details_verify", args=[account.pk]),
                reference=account.donor.reference,
                why=_("call the donor back and verify them"),
                icon="building-bank",
            )


def promises(person: User) -> Iterable[Item]:
    """Tell of wishes, conditions and shares that somebody must weigh."""
    """Yield what waits for the secretariat about promises: held texts, conditions, and shares above the cap."""
    if person.is_seconded or not person.holds(RoleName.SECRETARIAT):
        return
    for hold in donor_queries.holds_to_ask_about()[:MOST]:
        yield Item(
            title=hold.donor.name,
            url=reverse("donors:hold", args=[hold.id]),
            reference=hold.reference,
            why=_("held: the text names an earmark"),
            icon="hand-stop",
        )
    for condition in donor_queries.approvals_to_confirm(person)[:MOST]:
        yield Item(
            title=condition.pledge.donor.name,
            url=reverse("donors:pledge", args=[condition.pledge_id]),
            reference=condition.pledge.reference,
            why=_("an approval was shown; confirm it as a second person"),
            icon="checklist",
        )
    for pledge in donor_queries.ready_pledges()[:MOST]:
        yield Item(
            title=pledge.donor.name,
            url=reverse("donors:pledge_bring_in", args=[pledge.id]),
            reference=pledge.reference,
            why=_("its conditions are met; bring it into the books"),
            icon="circle-check",
            amount=pledge.amount,
        )
    for donor, found in donor_queries.donors_to_ask_about()[:MOST]:
        yield Item(
            title=donor.name,
            url=reverse("donors:share", args=[donor.id]),
            reference=donor.reference,
            why=_("above the cap of %(cap)s%% of the pool; ask the committee") % {"cap": found.cap_percent},
            icon="alert-triangle",
        )


def bank_lines(person: User) -> Iterable[Item]:
    """Tell of lines of the bank and matches that wait."""
    if person.is_seconded or not person.holds(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER):
        return
    for match in donor_queries.open_matches().exclude(proposed_by=person)[:MOST]:
        yield Item(
            title=match.pledge.donor.name,
            url=reverse("donors:match", args=[match.id]),
            reference=match.reference,
            why=_("another person says that this money pays its pledge; confirm it or not"),
            icon="users",
            amount=match.received,
            due=match.proposed_at.date(),
            due_words=_("proposed"),
        )
    if not person.holds(RoleName.SECRETARIAT):
        return
    waiting = list(bank_queries.unused_credits()[: MOST + 1])
    if waiting:
        yield Item(
            title=ngettext(
                "%(number)s line of the bank waits to be matched",
                "%(number)s lines of the bank wait to be matched",
                len(waiting),
            )
            % {"number": f"{MOST}+" if len(waiting) > MOST else len(waiting)},
            url=reverse("donors:desk"),
            reference=waiting[0].reference,
            why=_("say whose money it is, or hold it as unidentified"),
            icon="building-bank",
            due=waiting[0].value_on,
            due_words=_("value date"),
        )
    for held in donor_queries.unidentified()[:MOST]:
        yield Item(
            title=held.line.party or _("Payer not named by the bank"),
            url=reverse("donors:held", args=[held.id]),
            reference=held.reference,
            why=_("nobody knows whose money it is"),
            icon="search",
            amount=held.left,
            due=held.value_on,
            due_words=_("value date"),
        )


def own_pledges(person: User, at: datetime) -> Iterable[Item]:
    """Tell a donor what is late of their own pledges."""
    if not person.holds(RoleName.DONOR_REPRESENTATIVE):
        return
    today = at.date()
    own = donor_queries.pledges_of(person)
    for instalment, lacking in donor_queries.overdue_instalments(today, most=MOST, of=own):
        days = (today - instalment.due_on).days
        yield Item(
            title=_("Instalment %(number)s of your pledge") % {"number": instalment.number},
            url=reverse("donors:pledge", args=[instalment.pledge_id]),
            reference=instalment.pledge.reference,
            why=ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days},
            icon="alert-triangle",
            amount=lacking,
            due=instalment.due_on,
            due_words=_("was due"),
        )


def calls(person: User, at: datetime) -> Iterable[Item]:
    """Say how many instalments fall due soon and are not called: one line, for they are called together."""
    if person.is_seconded or not person.holds(RoleName.SECRETARIAT):
        return
    waiting = donor_queries.uncalled_count(at.date(), CALLED_WITHIN_DAYS)
    if waiting:
        yield Item(
            title=ngettext("%(number)s instalment to call", "%(number)s instalments to call", waiting)
            % {"number": waiting},
            url=reverse("donors:calls"),
            reference=_("Calls and reminders"),
            why=_("late, or due within %(days)s days, and not called") % {"days": CALLED_WITHIN_DAYS},
            icon="mail",
        )


def rate_corrections(person: User) -> Iterable[Item]:
    """Tell of corrections of exchange rates by a colleague."""
    if person.is_seconded or not person.holds(RoleName.SECRETARIAT):
        return
    for correction in donor_queries.open_corrections().exclude(proposed_by=person)[:MOST]:
        yield Item(
            title=_("Correction of %(rate)s") % {"rate": correction.rate},
            url=reverse("donors:rate", args=[correction.rate_id]),
            reference=correction.rate.currency,
            why=_("a colleague says that it was mistyped; confirm it or withdraw it"),
            icon="pencil",
        )


def late_promises(person: User, at: datetime) -> Iterable[Item]:
    """Tell the committee of instalments that are late for ninety days: one line, for nothing follows by itself."""
    if person.is_seconded or not person.holds(*COMMITTEE):
        return
    late = donor_queries.escalated(at.date(), MOST)
    if late:
        yield Item(
            title=ngettext(
                "%(number)s instalment is late for 90 days or more",
                "%(number)s instalments are late for 90 days or more",
                len(late),
            )
            % {"number": len(late)},
            url=reverse("continuity:arrears"),
            reference=_("Arrears"),
            why=_("you were told of it; the committee decides whether anything follows"),
            icon="clock",
            due=late[0][0].due_on,
            due_words=_("the oldest was due"),
        )
