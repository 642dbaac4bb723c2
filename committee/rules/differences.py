"""Rules of procedure in words, and how one version differs from another."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.rules.procedure import BenchRule, Rules
from committee.rules.words import Bench, Share


@dataclass(frozen=True)
class Difference:
    """One point on which two versions of the rules differ."""

    label: str
    before: str
    after: str


def terms_of(rules: Rules) -> tuple[tuple[str, str], ...]:
    """Return every rule as its label and its words, in the order in which a committee reads them."""
    return (
        (_("Seats"), str(rules.seats)),
        (
            _("Votes needed for a quorum"),
            str(rules.quorum) if rules.quorum is not None else _("every seat that may vote"),
        ),
        *((bench.label.capitalize(), _bench(rules.of_bench(bench))) for bench in Bench if rules.of_bench(bench).seats),
        (_("To carry a motion"), _carries(rules)),
        (_("To find a consensus"), _days(rules.consensus_days) if rules.consensus_days else _("no time set aside")),
        (
            _("Votes of others"),
            _("sealed until one has voted oneself") if rules.sealed else _("shown to the committee at once"),
        ),
        (_("By no objection"), _silence(rules)),
        (_("Notice of a meeting"), _days(rules.meeting_notice_days)),
        (_("Emergency meeting"), _emergency(rules)),
        (
            _("Reasons of dissent"),
            _("public after the close, without names") if rules.dissent_is_public else _("for people of the fund only"),
        ),
    )


def differences(before: Rules | None, after: Rules) -> tuple[Difference, ...]:
    """Return every point on which rules differ from those before them; from no rules, every point."""
    earlier = dict(terms_of(before)) if before else {}
    later = dict(terms_of(after))
    nothing = _("none")
    return tuple(
        Difference(label, earlier.get(label, nothing), later.get(label, nothing))
        for label in dict.fromkeys([*later, *earlier])
        if earlier.get(label) != later.get(label)
    )


def _bench(rule: BenchRule) -> str:
    words = _("%(seats)s seats, %(quorum)s must vote") % {"seats": rule.seats, "quorum": rule.quorum}
    if rule.approval == Share.NONE:
        return words
    return _("%(words)s, %(share)s must approve") % {"words": words, "share": rule.approval.label}


def _carries(rules: Rules) -> str:
    if rules.consensus_only:
        return _("consensus")
    return _("consensus, else %(share)s of the votes for or against") % {"share": rules.approval.label}


def _days(days: int) -> str:
    return ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}


def _silence(rules: Rules) -> str:
    if not rules.no_objection_days:
        return _("nothing is decided so")
    words = _("%(days)s for: %(kinds)s") % {
        "days": _days(rules.no_objection_days),
        "kinds": ", ".join(kind.label.lower() for kind in rules.no_objection_kinds),
    }
    ends = (
        _("an objection may be lifted until the close")
        if rules.objections_may_be_lifted
        else _("one objection sends it to a meeting at once")
    )
    return f"{words}; {ends}"


def _emergency(rules: Rules) -> str:
    if not rules.emergency_one_in:
        return _("nobody can ask for one")
    return _("at the request of %(seats)s seats, %(days)s of notice") % {
        "seats": rules.emergency_seats,
        "days": _days(rules.emergency_notice_days),
    }
