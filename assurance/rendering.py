"""
Sets a report's HTML as a tagged PDF/UA-1 with WeasyPrint: the same contents give the same bytes.

Nothing is fetched: the renderer is handed one stylesheet and the fund's own fonts, and refuses every address.
"""

import logging
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

# fontTools writes the time into the fonts it cuts; a fixed one keeps the bytes the same.
os.environ["SOURCE_DATE_EPOCH"] = "0"
logging.getLogger("fontTools").setLevel(logging.ERROR)
# A missing brand font is no fault: the report falls back to the system's Noto.
for _name in ("weasyprint", "weasyprint.progress"):
    logging.getLogger(_name).setLevel(logging.ERROR)

_OWN: Final = "report:"
_STYLESHEET: Final = "css/report.css"


class OnlyOurOwn(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serves the fund's own stylesheet and fonts by name; every other address is refused, whatever the markup asks."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """
        Return one of our own files.

        :raises ValueError: for every address that does not name one
        """
        del headers
        name = url.removeprefix(_OWN)
        path = own_files().get(name) if url.startswith(_OWN) else None
        if path is None:
            raise ValueError("A report shows only the fund's own files.")
        kind = "text/css" if path.suffix == ".css" else "font/woff2"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


@cache
def own_files() -> dict[str, Path]:
    """Return what a report may use, by name: the stylesheet and, where npm has brought them, the brand's fonts."""
    root = Path(settings.BASE_DIR) / "trustfund" / "static"
    files = {_STYLESHEET: root / _STYLESHEET}
    files.update({font.name: font for font in sorted(root.glob("**/*.woff2"))})
    return files


@dataclass(frozen=True)
class Rendered:
    """A finished document."""

    content: bytes
    pages: int


def render(template: str, context: dict[str, Any]) -> Rendered:
    """
    Set a report as a tagged PDF, in the language that is active.

    The context's `moment` (a date and time) is printed into the document's own record of when it was made,
    so that rendering again gives the same bytes.
    """
    html = render_to_string(template, {**context, "language": translation.get_language()})
    fetcher = OnlyOurOwn()
    fonts = FontConfiguration()
    sheet = CSS(
        string=own_files()[_STYLESHEET].read_text(encoding="utf-8"),
        url_fetcher=fetcher,
        font_config=fonts,
        base_url=_OWN,
    )
    document = HTML(string=html, url_fetcher=fetcher, base_url=_OWN).render(
        stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1"
    )
    content = document.write_pdf(pdf_variant="pdf/ua-1")
    return Rendered(content=content, pages=len(document.pages))
