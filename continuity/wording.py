"""How ages of arrears read on a page and in a file."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from continuity.ageing import Age

AGES: Final[dict[Age, str | Promise]] = {
    Age.TO_30: _("1–30 days"),
    Age.TO_60: _("31–60 days"),
    Age.TO_90: _("61–90 days"),
    Age.OLDER: _("Over 90 days"),
}
