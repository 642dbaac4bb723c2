"""
Where marks are put down. Each mark carries a class, which the stylesheet colours in the browser, and presentation
attributes, which colour it in a PDF: WeasyPrint applies no stylesheet inside an SVG. Never `style`, for the CSP's sake.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.utils.html import escape

INK, MUTED, LINE, EDGE = "#1b2733", "#4f5d69", "#d7dde0", "#6b7984"
BRAND, BAD, SUNK, SURFACE = "#0d4f5c", "#9c2f12", "#eef1ef", "#ffffff"
FAMILY: Final = "Source Sans 3, Noto Sans CJK KR, Noto Sans, sans-serif"

# Looks of areas, of strokes and of words. {hatch} is the id of this drawing's own hatch.
_LOOKS: Final[dict[str, str]] = {
    "c-paid": f'fill="{BRAND}" stroke="{BRAND}"',
    "c-over": f'fill="url(#{{hatch}})" stroke="{BAD}"',
    "c-sched": f'fill="{SUNK}" stroke="{EDGE}" stroke-dasharray="4 3"',
    "c-other": f'fill="{SUNK}" stroke="{EDGE}"',
    "c-cast": f'fill="{EDGE}" stroke="{EDGE}"',
    "c-grid": f'stroke="{LINE}"',
    "c-mark": f'stroke="{INK}" stroke-width="2"',
    "c-line": f'fill="none" stroke="{BRAND}" stroke-width="2.5" stroke-linejoin="round"',
    "c-fore": f'fill="none" stroke="{BRAND}" stroke-width="2" stroke-dasharray="6 4" stroke-linejoin="round"',
    "c-ink": f'fill="{INK}"',
    "c-mute": f'fill="{MUTED}"',
}
# The hatch is drawn aslant, not rotated: a rotated pattern prints badly.
_HATCH: Final = "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4"


def n(value: float) -> str:
    """Write a coordinate with at most one decimal, the same way every time."""
    text = f"{round(value, 1):.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


class Canvas:
    """A drawing of some width. Coordinates run from the reader's starting side, so right-to-left mirrors by itself."""

    def __init__(self, width: int, *, prefix: str, is_mirrored: bool = False) -> None:
        self.width = width
        self.prefix = prefix
        self.is_mirrored = is_mirrored
        self.height = 0
        self._marks: list[str] = []
        self._is_hatched = False

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Put marks into a group with a title, which a mouse shows as a tooltip."""
        self._marks.append(f"<g><title>{escape(title)}</title>")
        yield
        self._marks.append("</g>")

    def area(self, x: float, y: float, width: float, height: float, look: str, *, radius: float = 0) -> None:
        """Draw a rectangle; one without height or width is left out."""
        if width <= 0 or height <= 0:
            return
        start = self.width - x - width if self.is_mirrored else x
        place = f'x="{n(start)}" y="{n(y)}" width="{n(width)}" height="{n(height)}"'
        place += f' rx="{n(radius)}"' if radius else ""
        if look == "c-over":
            self._is_hatched = True
            self._marks.append(f'<rect class="c-over-bg" {place} fill="{SURFACE}"/>')
        self._marks.append(f'<rect class="{look}" {place} {self._attributes(look)}/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, look: str = "c-grid") -> None:
        """Draw a straight line."""
        x1, x2 = self._x(x1), self._x(x2)
        self._marks.append(
            f'<line class="{look}" x1="{n(x1)}" y1="{n(y1)}" x2="{n(x2)}" y2="{n(y2)}" {self._attributes(look)}/>'
        )

    def path(self, points: Sequence[tuple[float, float]], look: str) -> None:
        """Draw a line through points; fewer than two draw nothing."""
        if len(points) > 1:
            through = " ".join(f"{n(self._x(x))},{n(y)}" for x, y in points)
            self._marks.append(f'<polyline class="{look}" points="{through}" {self._attributes(look)}/>')

    def words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        look: str = "c-ink",
        at: str = "start",
        bold: bool = False,
        size: int = 13,
    ) -> None:
        """Write text that starts, ends or has its middle at a place."""
        anchor = {"start": "end", "end": "start"}.get(at, at) if self.is_mirrored else at
        weight = ' font-weight="600"' if bold else ""
        self._marks.append(
            f'<text class="{look}" x="{n(self._x(x))}" y="{n(y)}" text-anchor="{anchor}" font-size="{size}"'
            f"{weight} {self._attributes(look)}>{escape(text)}</text>"
        )

    def svg(self, *, title: str, description: str, css_class: str) -> str:
        """Return the drawing as an SVG element with an accessible name."""
        labels = f"{self.prefix}-t {self.prefix}-d" if description else f"{self.prefix}-t"
        told = f'<desc id="{self.prefix}-d">{escape(description)}</desc>' if description else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{css_class}" viewBox="0 0 {self.width} {n(self.height)}" '
            f'width="{self.width}" height="{n(self.height)}" direction="ltr" role="img" aria-labelledby="{labels}" '
            f'font-family="{FAMILY}"><title id="{self.prefix}-t">{escape(title)}</title>{told}'
            f"{self._hatch()}{''.join(self._marks)}</svg>"
        )

    def _hatch(self) -> str:
        if not self._is_hatched:
            return ""
        return (
            f'<defs><pattern id="{self.prefix}-h" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<path class="c-over-ln" d="{_HATCH}" stroke="{BAD}" stroke-width="2" fill="none"/></pattern></defs>'
        )

    def _attributes(self, look: str) -> str:
        return _LOOKS[look].format(hatch=f"{self.prefix}-h")

    def _x(self, x: float) -> float:
        return self.width - x if self.is_mirrored else x
