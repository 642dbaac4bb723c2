"""What is looked at on every open page: the rules of accessibility, and that nothing runs out of the window."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import DESK, PHONE

RULES: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
COLOURS_ALONE: Final = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SMALLEST: Final = {"width": 320, "height": 640}


def faults_of(page: Page, rules: dict[str, Any]) -> list[str]:
    """Return the rules that the page breaks, each with the first place where it does."""
    found = page.evaluate(
        "rules => axe.run(document, rules).then(found => found.violations.map(one => [one.id, one.nodes[0].html]))",
        {**rules, "resultTypes": ["violations"]},
    )
    return [f"{rule}: {where[:100]}" for rule, where in found]


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def seen(page: Page) -> list[str]:
    """Return what is wrong with an open page: light and dark, at a desk, on a phone, and at the narrowest."""
    wrong = []
    if page.locator("h1").count() != 1:
        wrong.append("not one h1")
    if not page.title().partition(" · ")[0].strip():
        wrong.append("no title")
    page.evaluate(Axe().axe_script)
    for size, where in ((DESK, "desk"), (PHONE, "phone")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        wrong += [f"{where}: {fault}" for fault in faults_of(page, RULES)]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        wrong += [f"{where}, dark: {fault}" for fault in faults_of(page, COLOURS_ALONE)]
        wrong += [f"{where}: {sideways(page)} px sideways"] if sideways(page) else []
    page.set_viewport_size(SMALLEST)
    return wrong + ([f"320 px: {sideways(page)} px sideways"] if sideways(page) else [])
