"""What changed between two versions of a proposal, field by field."""

from dataclasses import fields

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disbursements.budget import Part
from disbursements.categories import Category
from disbursements.fingerprints import Content, Findings, People
from trustfund.core.money import total
from trustfund.core.redlines import Change, changed


def changes_between(before: Content, after: Content) -> tuple[Change, ...]:
    """Return every field that differs, in the order in which the page shows them."""
    pairs = [*_words(before, after), *_budget(before, after), *_parts(before, after), *_people(before, after)]
    return changed(pairs)


def _words(before: Content, after: Content) -> list[tuple[str, str, str]]:
    named = {
        "humanity": _("Finding on humanity"),
        "neutrality": _("Finding on neutrality"),
        "impartiality": _("Finding on impartiality"),
        "independence": _("Finding on independence"),
    }
    return [
        (_("Title"), before.title, after.title),
        (_("Summary"), before.summary, after.summary),
        *(
            (named[item.name], getattr(before.findings, item.name), getattr(after.findings, item.name))
            for item in fields(Findings)
        ),
    ]


def _budget(before: Content, after: Content) -> list[tuple[str, str, str]]:
    old = {line.category: line for line in before.lines}
    new = {line.category: line for line in after.lines}
    pairs = [(_("Amount"), _amount(before), _amount(after))]
    for category in Category:
        one, other = old.get(category), new.get(category)
        pairs.append((str(category.label), str(one.amount) if one else "", str(other.amount) if other else ""))
        pairs.append(
            (
                _("%(category)s: narrative") % {"category": category.label},
                one.narrative if one else "",
                other.narrative if other else "",
            )
        )
    return pairs


def _amount(content: Content) -> str:
    if not content.lines:
        return ""
    return str(total((line.amount for line in content.lines), content.lines[0].amount.currency))


def _parts(before: Content, after: Content) -> list[tuple[str, str, str]]:
    return [
        (
            _("Tranche %(number)s") % {"number": index + 1},
            _part(before.parts[index]) if index < len(before.parts) else "",
            _part(after.parts[index]) if index < len(after.parts) else "",
        )
        for index in range(max(len(before.parts), len(after.parts)))
    ]


def _part(part: Part) -> str:
    expected = date_format(part.expected_on, "j F Y")
    return " · ".join(filter(None, [part.title, str(part.amount), expected, part.condition]))


def _people(before: Content, after: Content) -> list[tuple[str, str, str]]:
    named = {
        "women": _("Women"),
        "men": _("Men"),
        "girls": _("Girls"),
        "boys": _("Boys"),
        "disability": _("With a disability"),
    }
    return [
        (named[item.name], str(getattr(before.people, item.name)), str(getattr(after.people, item.name)))
        for item in fields(People)
    ]
