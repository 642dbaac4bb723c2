"""A chart is its title, its numbers as a table, and a way to draw itself at any width."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from trustfund.core.charts.canvas import Canvas

WIDE: Final = 560
# On a phone the drawing is made anew: a picture shrunk from 560 would have words of six pixels.
NARROW: Final = 340


@dataclass(frozen=True)
class Chart(ABC):
    """
    What every chart has.

    :param title: its accessible name; for a PDF a full sentence, since it becomes the picture's alternative text
    :param description: what the picture shows, for who cannot see it
    """

    title: str
    description: str

    @abstractmethod
    def draw(self, canvas: Canvas) -> None:
        """Put the marks down and set the canvas's height."""

    @abstractmethod
    def head(self) -> tuple[str, ...]:
        """Return the column headings of the same numbers as a table."""

    @abstractmethod
    def rows(self) -> list[tuple[str, ...]]:
        """Return the same numbers as a table; the first column names the row."""

    def svg(self, *, width: int = WIDE, prefix: str = "chart", css_class: str = "chart") -> SafeString:
        """Return the drawing. The same figures give the same bytes; two in one document need two prefixes."""
        canvas = Canvas(width, prefix=prefix, is_mirrored=get_language_bidi())
        self.draw(canvas)
        drawing = canvas.svg(title=self.title, description=self.description, css_class=css_class)
        return mark_safe(drawing)  # noqa: S308 - the canvas escapes every word

    def figure(self, *, prefix: str, with_table: bool = True) -> SafeString:
        """Return the drawing in two widths, of which the stylesheet shows one, and its numbers folded beneath."""
        return format_html(
            '<figure class="viz">{}{}{}</figure>',
            self.svg(width=WIDE, prefix=f"{prefix}w", css_class="chart wide-c"),
            self.svg(width=NARROW, prefix=f"{prefix}n", css_class="chart narrow-c"),
            self.table() if with_table else "",
        )

    def table(self) -> SafeString:
        """Return the numbers as a folded table."""
        head = format_html_join("", '<th scope="col"{}>{}</th>', _aligned(self.head()))
        body = format_html_join("", "<tr>{}</tr>", ((_row(row),) for row in self.rows()))
        return format_html(
            '<details class="more"><summary>{}</summary><table class="table"><caption class="vh">{}</caption>'
            "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></details>",
            _("The same numbers as a table"),
            self.title,
            head,
            body,
        )


def _aligned(cells: tuple[str, ...]) -> list[tuple[str, str]]:
    end = mark_safe(' class="r"')
    return [("" if index == 0 else end, cell) for index, cell in enumerate(cells)]


def _row(cells: tuple[str, ...]) -> SafeString:
    first = format_html('<th scope="row">{}</th>', cells[0])
    rest = format_html_join("", '<td class="r num">{}</td>', ((cell,) for cell in cells[1:]))
    return format_html("{}{}", first, rest)
