"""What a proposal's version says, as one value, and the SHA-256 that a motion and its ballots are bound to."""

import hashlib
import json
from dataclasses import astuple, dataclass, field, fields
from typing import Any

from disbursements.budget import Line, Part


@dataclass(frozen=True)
class Findings:
    """The written finding on each of the four principles."""

    humanity: str = ""
    neutrality: str = ""
    impartiality: str = ""
    independence: str = ""

    @property
    def are_complete(self) -> bool:
        """Whether there is a finding on every one of the four."""
        return all(finding.strip() for finding in astuple(self))


@dataclass(frozen=True)
class People:
    """
    Whom the work is planned to reach, or has reached.

    :ivar disability: of all of them together, how many live with a disability
    """

    women: int = 0
    men: int = 0
    girls: int = 0
    boys: int = 0
    disability: int = 0

    @property
    def number(self) -> int:
        """All of them."""
        return self.women + self.men + self.girls + self.boys


@dataclass(frozen=True)
class Content:
    """Everything that a version says."""

    title: str
    summary: str
    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    findings: Findings = field(default_factory=Findings)
    people: People = field(default_factory=People)


def fingerprint_of(reference: str, number: int, content: Content) -> str:
    """Return 64 hex digits: the SHA-256 of the version as canonical JSON, keys sorted, amounts in minor units."""
    text = json.dumps(_canonical(reference, number, content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(reference: str, number: int, content: Content) -> dict[str, Any]:
    return {
        "reference": reference,
        "version": number,
        "title": content.title,
        "summary": content.summary,
        "budget": [
            [int(line.category), line.amount.minor, line.amount.currency, line.narrative]
            for line in sorted(content.lines, key=lambda line: line.category)
        ],
        "tranches": [
            [part.title, part.condition, part.expected_on.isoformat(), part.amount.minor, part.amount.currency]
            for part in content.parts
        ],
        "findings": {item.name: getattr(content.findings, item.name) for item in fields(Findings)},
        # Left out where it is not said, so that versions from before it could be said keep their fingerprint.
        "people": {
            item.name: getattr(content.people, item.name)
            for item in fields(People)
            if item.name != "disability" or content.people.disability
        },
    }
