"""Rules of procedure: written down at founding, changed by the committee's own decision, put in force."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from committee import locks, permissions, queries
from committee.matters import Kind, Matter
from committee.models import Motion, RulesOfProcedure, RulesProposal, Seat
from committee.operations.motions import lay_before
from committee.rules import Bench, Rules, Way, differences
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable, WrongState


@transaction.atomic(durable=True)
def adopt_rules(*, rules: Rules, title: str, actor: User, at: datetime) -> RulesOfProcedure:
    """
    Write down the first rules of procedure, at founding. Every later version is a decision of the committee.

    :raises NotPermitted: if the actor is not the fund administrator
    :raises WrongState: if rules are in force
    :raises Unacceptable: if the rules have no title, cannot be met, or give donors the majority
    """
    locks.the_table()

    permissions.may_rule(actor).enforce()
    if queries.rules_in_force() is not None:
        raise WrongState(_("Rules of procedure are in force. They change only by a motion: propose new ones."))
    _require_whole(rules, title)

    adopted = RulesOfProcedure.objects.create(
        version=1, title=title.strip(), figures=rules.figures(), adopted_by=actor, adopted_at=at
    )
    events.record("rules.adopted", about=adopted.id, by=actor, at=at, version=1, title=adopted.title)
    return adopted


@transaction.atomic(durable=True)
def propose_rules(
    *,
    rules: Rules,
    title: str,
    reason: str,
    actor: User,
    at: datetime,
    way: Way = Way.CORRESPONDENCE,
    closes_at: datetime | None = None,
    meeting_id: UUID | None = None,
) -> Motion:
    """
    Lay new rules of procedure before the committee. Motions that are open keep the rules they were opened under.

    :raises NotPermitted: if the actor is neither the fund administrator nor the chair
    :raises WrongState: if no rules are in force
    :raises Unacceptable: if nothing differs, no reason is given, the rules cannot be met, or a bench has fewer seats
        than are taken
    """
    locks.the_table()

    permissions.may_propose(actor, Kind.RULES).enforce()
    _require_whole(rules, title)
    in_force = queries.rules_in_force()
    if in_force is None:
        raise WrongState(_("No rules of procedure are in force. The fund administrator must record them first."))
    changes = differences(in_force.rules, rules)
    if not changes:
        raise Unacceptable(_("Nothing differs from the rules in force. Change something first."))
    if not reason.strip():
        raise Unacceptable(_("Say why the rules should change. It is kept in the record."))
    require_places(rules)

    proposal = RulesProposal.objects.create(
        title=title.strip(), figures=rules.figures(), reason=reason.strip(), proposed_by=actor, proposed_at=at
    )
    matter = Matter(
        kind=Kind.RULES,
        subject=proposal.id,
        version=1,
        title=_("New rules of procedure: %(title)s") % {"title": proposal.title},
        summary=proposal.reason,
        amount=Money.zero(settings.FUND_CURRENCY),
        particulars=tuple(
            (one.label, _("%(after)s (now: %(before)s)") % {"after": one.after, "before": one.before})
            for one in changes
        ),
    )
    return lay_before(
        matter,
        proposer=actor,
        closes_at=closes_at,
        actor=actor,
        at=at,
        way=way,
        meeting_id=meeting_id,
        replaces=queries.decision_that_set_the_rules(),
    )


def require_places(rules: Rules) -> None:
    """
    Insist that rules have a place for every seat that is taken.

    :raises Unacceptable: if more seats of a bench are taken than they have
    """
    for bench in Bench:
        taken = Seat.objects.filter(bench=bench.value, terms__isnull=False, terms__vacated_at=None).distinct().count()
        if taken > rules.of_bench(bench).seats:
            raise Unacceptable(
                _("%(taken)s seats of the %(bench)s are taken. Vacate some, or leave the bench its seats.")
                % {"taken": taken, "bench": bench.label}
            )


def _require_whole(rules: Rules, title: str) -> None:
    if not title.strip():
        raise Unacceptable(_("Give these rules a title, by which people quote them."))
    rules.require_sense()
