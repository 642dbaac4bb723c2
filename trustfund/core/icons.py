"""Icons as inline SVG: the vendored set where npm has been run, else a handful of shapes of our own."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

VENDOR: Final = Path(__file__).resolve().parent.parent / "static" / "vendor"
FONTS_STYLESHEET: Final = "vendor/fonts.css"

_INNER: Final = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_NAME: Final = re.compile(r"^[a-z0-9-]+$")

_RING = '<circle cx="12" cy="12" r="9"/>'
_SHEET = '<path d="M6 3h8l5 5v13H6z"/>'
# Our own shapes, drawn on the same 24 by 24 grid, for machines without npm.
_OWN: Final[dict[str, str]] = {
    "circle-check": f'{_RING}<path d="M8 12.5l3 3 5-6"/>',
    "circle-x": f'{_RING}<path d="M9 9l6 6M15 9l-6 6"/>',
    "circle-minus": f'{_RING}<path d="M8 12h8"/>',
    "circle-dashed": '<circle cx="12" cy="12" r="9" stroke-dasharray="4 3"/>',
    "info-circle": f'{_RING}<path d="M12 11v5M12 8v.01"/>',
    "clock": f'{_RING}<path d="M12 7v5l3 2"/>',
    "alert-triangle": '<path d="M12 4L2.5 20h19zM12 10v4M12 17v.01"/>',
    "calendar": '<path d="M4 6h16v15H4zM4 11h16M8 3v5M16 3v5"/>',
    "file-text": f'{_SHEET}<path d="M9 12h7M9 16h7"/>',
    "pencil": '<path d="M4 20l1-5L16 4l4 4L9 19z"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M4 20h16"/>',
    "gavel": '<path d="M4 20h8M6 9l6 6M9 6l6 6M6 9l3-3M12 15l3-3M13 10l7 7"/>',
    "fingerprint": '<path d="M6 17v-5a6 6 0 0 1 12 0v4M9 19v-7a3 3 0 0 1 6 0v8M12 12v9"/>',
    "send": '<path d="M4 12h14M12 6l6 6-6 6"/>',
    "arrow-back-up": '<path d="M20 18v-4a4 4 0 0 0-4-4H5M9 6l-4 4 4 4"/>',
    "lock": '<path d="M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3"/>',
    "shield-check": '<path d="M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-4"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M5 21c0-4 3-6 7-6s7 2 7 6"/>',
    "search": '<circle cx="10" cy="10" r="6"/><path d="M15 15l6 6"/>',
    "x": '<path d="M6 6l12 12M18 6L6 18"/>',
}
_DOT: Final = '<circle cx="12" cy="12" r="4"/>'


@lru_cache(maxsize=512)
def shape_of(name: str, vendor: Path = VENDOR) -> str:
    """
    Return the marks inside an icon's SVG: vendored, else our own, else a plain ring.

    :raises ValueError: if the name could be anything but an icon's
    """
    if not _NAME.match(name):
        raise ValueError(f"An icon's name is small letters, digits and hyphens, not {name!r}.")
    file = vendor / "icons" / f"{name}.svg"
    if file.is_file():
        found = _INNER.search(file.read_text("utf-8"))
        if found:
            return re.sub(r"\s+", " ", found[1]).replace("> <", "><").strip()
    return _OWN.get(name, _DOT)


def svg(name: str, *, label: str = "", size: int = 20, vendor: Path = VENDOR) -> SafeString:
    """Return an icon as inline SVG: named for screen readers by its label, hidden from them without one."""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        size,
        size,
        said,
        mark_safe(shape_of(name, vendor)),  # noqa: S308 - our own shapes, or files that npm checked against the lock
    )


def has_fonts(vendor: Path = VENDOR) -> bool:
    """Return whether the two fonts have been vendored; if not, the pages use the system's."""
    return (vendor / "fonts.css").is_file()
