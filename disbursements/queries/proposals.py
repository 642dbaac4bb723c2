"""Proposals as pages show them: one version with its parts, what changed since the last one, and lists with filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from committee.queries import ended_motions
from committee.states import Status as MotionStatus
from disbursements.blocks import Block
from disbursements.budget import Line, Part
from disbursements.categories import Category
from disbursements.fingerprints import Content, Findings, People
from disbursements.models import BlockShare, Proposal, ProposalVersion, Tranche
from disbursements.queries.partners import visible_proposals
from disbursements.redlines import changes_between
from disbursements.states import ProposalStatus
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.redlines import Change
from trustfund.core.refusals import Missing

_TENTHS: Final = Decimal("0.1")
_DAY: Final = "j F Y"


@dataclass(frozen=True)
class EarlierVersion:
    """A version that another one has replaced."""

    number: int
    amount: Money
    created_at: datetime
    created_by: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class BudgetRow:
    """A budget line with its part of the whole."""

    category: Category
    label: str
    amount: Money
    percent: Decimal
    narrative: str


@dataclass(frozen=True)
class TrancheRow:
    """A planned tranche with its part of the whole, and the tranche itself once the proposal is approved."""

    number: int
    part: Part
    percent: Decimal
    tranche: Tranche | None

    @property
    def condition_now(self) -> str:
        """Its condition, if that is another now than was planned."""
        now = self.tranche.condition if self.tranche else self.part.condition
        return now if now != self.part.condition else ""

    @property
    def expected_now(self) -> date | None:
        """The day on which it is expected, if that is another now than was planned."""
        now = self.tranche.expected_on if self.tranche else self.part.expected_on
        return now if now != self.part.expected_on else None


@dataclass(frozen=True)
class BlockRow:
    """A building block's part of the programme, in percent and in money of this proposal."""

    block: Block
    label: str
    percent: Decimal
    amount: Money


@dataclass(frozen=True)
class ProposalForDecision:
    """Everything that a page shows of one version of a proposal."""

    id: UUID
    reference: str
    status: str
    title: str
    number: int
    is_current: bool
    fingerprint: str
    summary: str
    organisation: str
    organisation_kind: str
    programme: str
    programme_reference: str
    programme_id: UUID
    facts: tuple[tuple[str, str], ...]
    amount: Money
    direct: Money
    indirect: Money
    indirect_percent: Decimal
    budget: tuple[BudgetRow, ...]
    tranches: tuple[TrancheRow, ...]
    blocks: tuple[BlockRow, ...]
    findings: tuple[tuple[str, str], ...]
    people: People
    earlier: tuple[EarlierVersion, ...]
    changes: tuple[Change, ...]


def content_of(version: ProposalVersion) -> Content:
    """Return what a version says, as the value whose fingerprint it carries."""
    lines = sorted(version.budget_lines.all(), key=lambda line: line.category)
    parts = sorted(version.planned_tranches.all(), key=lambda part: part.number)
    return Content(
        title=version.title,
        summary=version.summary,
        lines=tuple(Line(Category(line.category), line.amount, line.narrative) for line in lines),
        parts=tuple(Part(part.title, part.expected_on, part.amount, part.condition) for part in parts),
        findings=Findings(version.humanity, version.neutrality, version.impartiality, version.independence),
        people=People(version.women, version.men, version.girls, version.boys, version.disability),
    )


def version_of(proposal: Proposal, number: int | None = None) -> ProposalVersion:
    """
    Return a version of a proposal with its lines and tranches; the current one if no number is given.

    :raises Missing: if there is no such version
    """
    found = (
        proposal.versions.filter(number=proposal.current_number if number is None else number)
        .select_related("created_by")
        .prefetch_related("budget_lines", "planned_tranches")
        .first()
    )
    if found is None:
        raise Missing(_("This proposal has no such version. Open it from the list of its versions."))
    return found


def proposal_for_decision(subject: UUID, version: int | None = None) -> ProposalForDecision:
    """
    Return one version of a proposal with all that a page shows of it, in a fixed number of queries.

    :param subject: the proposal's id, which is the subject of its motion
    :param version: the version's number; the current one if none is given
    :raises Missing: if there is no such proposal or version
    """
    proposal = Proposal.objects.select_related("programme__organisation").filter(pk=subject).first()
    if proposal is None:
        raise Missing(_("There is no such proposal. Look it up in the list of proposals."))
    return parts_of(proposal, version)


def parts_of(proposal: Proposal, number: int | None = None) -> ProposalForDecision:
    """
    Return one version of a proposal that is already loaded with its programme and organisation.

    :raises Missing: if there is no such version
    """
    wanted = proposal.current_number if number is None else number
    versions = list(
        proposal.versions.filter(number__lte=wanted)
        .select_related("created_by")
        .prefetch_related("budget_lines", "planned_tranches")
        .order_by("number")
    )
    if not versions or versions[-1].number != wanted:
        raise Missing(_("This proposal has no such version. Open it from the list of its versions."))
    version = versions[-1]
    contents = [content_of(one) for one in versions]
    redlines = [(), *(changes_between(before, after) for before, after in pairwise(contents))]
    programme = proposal.programme
    paid = {tranche.number: tranche for tranche in Tranche.objects.filter(version=version)}
    return ProposalForDecision(
        id=proposal.id,
        reference=proposal.reference,
        status=proposal.status,
        title=version.title,
        number=version.number,
        is_current=version.number == proposal.current_number,
        fingerprint=version.fingerprint,
        summary=version.summary,
        organisation=programme.organisation.name,
        organisation_kind=programme.organisation.get_kind_display(),
        programme=programme.title,
        programme_reference=programme.reference,
        programme_id=programme.id,
        facts=_facts(proposal, version),
        amount=version.amount,
        direct=version.direct,
        indirect=version.indirect,
        indirect_percent=percent_of(version.indirect, version.direct),
        budget=tuple(
            BudgetRow(
                line.category,
                str(line.category.label),
                line.amount,
                percent_of(line.amount, version.amount),
                line.narrative,
            )
            for line in contents[-1].lines
        ),
        tranches=tuple(
            TrancheRow(index, part, percent_of(part.amount, version.amount), paid.get(index))
            for index, part in enumerate(contents[-1].parts, start=1)
        ),
        blocks=_blocks(list(programme.block_shares.all()), version.amount),
        findings=_findings(contents[-1].findings),
        people=contents[-1].people,
        earlier=tuple(
            EarlierVersion(one.number, one.amount, one.created_at, one.created_by.name, redline)
            for one, redline in zip(versions[:-1], redlines[:-1], strict=True)
        ),
        changes=redlines[-1],
    )


def percent_of(part: Money, whole: Money) -> Decimal:
    """Return a part in per cent of the whole, one decimal; nothing of nothing is zero."""
    return (Decimal(part.minor) * 100 / Decimal(whole.minor)).quantize(_TENTHS) if whole else Decimal(0)


def _blocks(shares: Sequence[BlockShare], amount: Money) -> tuple[BlockRow, ...]:
    by_block = {Block(share.block): share.percent for share in shares}
    rows = [(block, by_block[block]) for block in Block if block in by_block]
    if not rows:
        return ()
    amounts = amount.split([int(percent * 100) for _block, percent in rows])
    return tuple(
        BlockRow(block, str(block.label), percent, part) for (block, percent), part in zip(rows, amounts, strict=True)
    )


def _findings(findings: Findings) -> tuple[tuple[str, str], ...]:
    return (
        (_("Humanity"), findings.humanity),
        (_("Neutrality"), findings.neutrality),
        (_("Impartiality"), findings.impartiality),
        (_("Independence"), findings.independence),
    )


def _facts(proposal: Proposal, version: ProposalVersion) -> tuple[tuple[str, str], ...]:
    programme = proposal.programme
    people = version.women + version.men + version.girls + version.boys
    return (
        (_("Organisation"), programme.organisation.name),
        (_("Programme"), f"{programme.reference} {programme.title}"),
        (_("Region"), programme.region),
        (
            _("Period"),
            _("%(start)s to %(end)s")
            % {"start": date_format(programme.starts_on, _DAY), "end": date_format(programme.ends_on, _DAY)},
        ),
        (_("People to reach"), f"{people:,}"),
        (_("Indirect support"), f"{percent_of(version.indirect, version.direct)} %"),
    )


def answered_proposals() -> list[UUID]:
    """Return the tabled proposals whose motion has ended and whose answer is not written down yet."""
    # What was objected to is answered once a meeting has it on its agenda.
    ended = ended_motions().exclude(status=MotionStatus.OBJECTED, followed_by=None).values("id")
    found = Proposal.objects.filter(status=ProposalStatus.TABLED, motion_id__in=ended).order_by("tabled_at")
    return list(found.values_list("id", flat=True))


def proposals_list(
    person: User, *, words: str = "", status: str = "", organisation: str = "", year: str = ""
) -> QuerySet[Proposal]:
    """Return the proposals that a person sees, latest first, narrowed by what was typed into the filters."""
    found = visible_proposals(person).order_by("-drafted_at", "-reference")
    if words.strip():
        found = found.filter(
            Q(title__icontains=words.strip())
            | Q(reference__icontains=words.strip())
            | Q(programme__organisation__name__icontains=words.strip())
        )
    if status in ProposalStatus.values:
        found = found.filter(status=status)
    if organisation:
        found = found.filter(programme__organisation__reference=organisation)
    if year.isascii() and year.isdigit():
        found = found.filter(drafted_at__year=int(year))
    return found
