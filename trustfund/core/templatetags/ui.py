"""The pieces that every page is built from. A piece with a form is a tag; a piece without is an include."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.core.paginator import Page
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, RadioSelect
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.template.context import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustfund.core import icons
from trustfund.core.charts import Chart, percent_words
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.verdicts import YES, Verdict
from trustfund.core.wording import event_icon, event_words, pill_of

register = template.Library()

NOTHING = "\N{EN DASH}"
_DAY = "j F Y"
_SHORT_DAY = "j M Y"


# --- icons ---------------------------------------------------------------------------------------------------------


@register.simple_tag(name="icon")
def icon(name: str, label: str = "", size: int = 20) -> SafeString:
    """Print an icon; decorative unless it has a label."""
    return icons.svg(name, label=label, size=size)


@register.simple_tag(name="fonts_stylesheet")
def fonts_stylesheet() -> str:
    """Return the static path of the fonts' stylesheet, or nothing on a machine where npm has not been run."""
    return icons.FONTS_STYLESHEET if icons.has_fonts() else ""


@register.filter(name="drawing")
def drawing(svg_file: str, label: str) -> SafeString:
    """Print an SVG document that the server itself has made as a named picture inside the page."""
    marks = svg_file[svg_file.index("<svg") + len("<svg") :]
    return format_html('<svg role="img" aria-label="{}"{}', label, mark_safe(marks))  # noqa: S308 - never from outside


@register.filter(name="json_text")
def json_text(value: Any) -> str:
    """Return a value as JSON, for an attribute that the page's own script reads: the policy allows no script blocks."""
    return json.dumps(value, sort_keys=True, cls=DjangoJSONEncoder)


# --- figures -------------------------------------------------------------------------------------------------------


@register.filter(name="amount")
def amount(money: Money | None) -> SafeString | str:
    """Print money with its currency, isolated from the direction of the text around it."""
    return NOTHING if money is None else format_html('<bdi class="num">{}</bdi>', str(money))


@register.filter(name="figure")
def figure(money: Money | None) -> SafeString | str:
    """Print money without its currency, for columns whose heading names it."""
    return NOTHING if money is None else format_html('<bdi class="num">{}</bdi>', money.figure)


@register.filter(name="millions")
def millions(money: Money | None) -> SafeString | str:
    """Print money in millions to one decimal, for public figures; below a million, in full."""
    if money is None:
        return NOTHING
    if abs(money.amount) < 1_000_000:  # noqa: PLR2004 - a million
        return amount(money)
    text = f"{(money.amount / 1_000_000).quantize(Decimal('0.1'), ROUND_HALF_UP):,}".replace("-", "\N{MINUS SIGN}")
    words = _("%(currency)s %(figure)s million") % {"currency": money.currency, "figure": text}
    return format_html('<bdi class="num">{}</bdi>', words)


@register.filter(name="quantity")
def quantity(number: Decimal | int | None) -> str:
    """Print a quantity of goods or people without needless zeros: 57, 1,200, 0.5."""
    if number is None:
        return NOTHING
    plain = Decimal(number).normalize()
    exponent = plain.as_tuple().exponent
    return f"{plain:,.0f}" if isinstance(exponent, int) and exponent >= 0 else f"{plain:,f}"


@register.filter(name="percent")
def percent(ratio: Decimal | Fraction | float | None, places: int = 0) -> str:
    """Print a ratio from 0 to 1 as a percentage, rounded half up to so many decimals."""
    if ratio is None:
        return NOTHING
    exact = Fraction(ratio) * 100
    value = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{value:,}%".replace("-", "\N{MINUS SIGN}")


@register.filter(name="signed_percent")
def signed_percent(percentage: Decimal | None) -> str:
    """Print a difference in per cent with its sign: "+1.53%", "−0.24%"."""
    return NOTHING if percentage is None else percent_words(percentage)


@register.filter(name="signed_days")
def signed_days(days: int) -> str:
    """Print a number of days with a sign where there is one: "+17", "−6", "0"."""
    return f"{days:+,}".replace("-", "\N{MINUS SIGN}") if days else "0"


@register.filter(name="mask_iban")
def mask_iban(iban: str | None) -> SafeString | str:
    """Print bank details with only the country and the last four characters to be seen, in groups of four."""
    plain = "".join((iban or "").split()).upper()
    if not plain:
        return NOTHING
    hidden = max(len(plain) - 6, 0)
    shown = (plain[:2] if hidden else "") + "•" * (hidden or max(len(plain) - 4, 0)) + plain[-4:]
    groups = " ".join(shown[start : start + 4] for start in range(0, len(shown), 4))
    return format_html('<bdi class="mono iban">{}</bdi>', groups)


@register.filter(name="short_hash")
def short_hash(digest: str | None) -> SafeString | str:
    """Print the beginning and the end of a fingerprint; the whole of it on demand."""
    if not digest:
        return NOTHING
    head = f"{digest[:4]} {digest[4:8]}"
    return format_html('<bdi class="mono" title="{}">{} … {}</bdi>', digest, head, digest[-4:])


# --- times ---------------------------------------------------------------------------------------------------------


@register.filter(name="moment")
def moment(at: datetime | None) -> SafeString | str:
    """Print a moment with its time zone named: "21 July 2026, 16:00 UTC"."""
    if at is None:
        return NOTHING
    at = at.astimezone(UTC)
    words = f"{date_format(at, _DAY)}, {at:%H:%M} UTC"
    return format_html('<time datetime="{}"><bdi>{}</bdi></time>', at.isoformat(timespec="minutes"), words)


@register.filter(name="day")
def day(on: date | None, form: str = "long") -> SafeString | str:
    """Print a day: "21 July 2026", or "21 Jul 2026" in the short form."""
    if on is None:
        return NOTHING
    if isinstance(on, datetime):
        on = on.astimezone(UTC).date()
    words = date_format(on, _SHORT_DAY if form == "short" else _DAY)
    return format_html('<time datetime="{}"><bdi>{}</bdi></time>', on.isoformat(), words)


@register.filter(name="distance")
def distance(when: date | None, now: date | None) -> str:
    """Say how far off a day or moment is, as seen from `now`: "in 4 days", "17 days ago", "today"."""
    if when is None or now is None:
        return ""
    if isinstance(when, datetime) and isinstance(now, datetime):
        if abs((when - now).total_seconds()) < 24 * 60 * 60:
            span = timesince(min(when, now), max(when, now), depth=1)
            return _("in %(span)s") % {"span": span} if when >= now else _("%(span)s ago") % {"span": span}
        days = int((when - now).total_seconds() / 86_400)
    else:
        days = (_as_day(when) - _as_day(now)).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


def _as_day(when: date) -> date:
    return when.astimezone(UTC).date() if isinstance(when, datetime) else when


# --- states and actions --------------------------------------------------------------------------------------------


@register.simple_tag(name="status")
def status(state: Any, word: str = "", kind: str = "") -> SafeString:
    """Print a state as icon, word and colour; `word` replaces the usual word, `kind` picks among homonyms."""
    pill = pill_of(str(getattr(state, "value", state) or ""), kind)
    classes = f"tag {pill.tone}".rstrip()
    return format_html('<span class="{}">{}{}</span>', classes, icons.svg(pill.icon, size=17), word or pill.word)


@register.inclusion_tag("components/action.html", takes_context=True, name="action")
def action(
    context: Context,
    label: str,
    url: str,
    verdict: Verdict = YES,
    *,
    icon: str = "",
    quiet: bool = False,
    wide: bool = False,
    **hidden: Any,
) -> dict[str, Any]:
    """Print a button that posts, or, on a no, the button switched off with its reason beside it."""
    return {
        "csrf_token": context.get("csrf_token"),
        "label": label,
        "url": url,
        "verdict": verdict,
        "reason_id": _unique(context, "reason"),
        "icon": icon,
        "look": " ".join(word for word, is_on in (("btn", True), ("quiet", quiet), ("wide", wide)) if is_on),
        "hidden": hidden,
    }


@register.inclusion_tag("components/download.html", name="download")
def download(label: str, url: str, note: str = "") -> dict[str, str]:
    """Print a link that downloads a document."""
    return {"label": label, "url": url, "note": note}


def _unique(context: Context, word: str) -> str:
    """Return an id that no other piece of the page has: counted in the page's outermost scope, past all includes."""
    counts: dict[Any, Any] = context.render_context.dicts[0]
    key = f"ui-{word}"
    counts[key] = int(counts.get(key, 0)) + 1
    return f"{word}-{counts[key]}"


# --- forms ---------------------------------------------------------------------------------------------------------


@register.simple_tag(name="field")
def field(bound: BoundField, label: str = "", hints: Mapping[str, str] | None = None) -> SafeString:
    """Print one field: label, hint, error, control; `hints` gives each choice its line of meaning."""
    if label:
        bound.label = label
    bound.hints = {str(value): words for value, words in (hints or {}).items()}  # type: ignore[attr-defined]
    return bound.as_field_group()


@register.filter(name="picks")
def picks(bound: BoundField) -> list[dict[str, Any]]:
    """Return the choices of a list of radios or boxes, each with its control, words and line of meaning."""
    if not _has_picks(bound):
        return []
    hints = getattr(bound, "hints", {})
    described = {"aria-describedby": bound.aria_describedby} if bound.aria_describedby else {}
    bound_widgets = bound.field.widget.subwidgets(
        bound.html_name, bound.value(), attrs=bound.build_widget_attrs({"id": bound.auto_id, **described})
    )
    return [
        {
            "control": {**option, "wrap_label": False},
            "label": option["label"],
            "hint": hints.get(str(option["value"]), ""),
        }
        for option in bound_widgets
    ]


def _has_picks(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.inclusion_tag("components/error_summary.html", name="error_summary")
def error_summary(*forms: "BaseForm | BaseFormSet[Any]") -> dict[str, Any]:
    """Print what is wrong with the forms, each line a link to its field; nothing when all is well."""
    lines: list[tuple[str, str]] = []
    for form in _single_forms(forms):
        lines += [("", str(message)) for message in form.non_field_errors()]
        for bound in form:
            target = _first_control(bound)
            lines += [(target, str(message)) for message in bound.errors]
    for formset in forms:
        if isinstance(formset, BaseFormSet) and formset.is_bound:
            lines += [("", str(message)) for message in formset.non_form_errors()]
    return {"lines": lines}


def _single_forms(forms: "Iterable[BaseForm | BaseFormSet[Any] | None]") -> Iterable[BaseForm]:
    for form in forms:
        if isinstance(form, BaseFormSet):
            yield from (one for one in form.forms if one.is_bound and one.errors)
        elif isinstance(form, BaseForm) and form.is_bound:
            yield form


def _first_control(bound: BoundField) -> str:
    if _has_picks(bound):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or str(bound.auto_id)


@register.inclusion_tag("components/confirm_fields.html", name="confirm_fields")
def confirm_fields(options: Mapping[str, Any] | None, verb: str = "") -> dict[str, Any]:
    """Print the second factor of a check-and-confirm form: passkey where there is one, code always."""
    public_key = (options or {}).get("publicKey", options or {})
    has_passkey = bool(public_key.get("allowCredentials"))
    return {
        "options": json_text(public_key) if has_passkey else "",
        "with_passkey": _("%(verb)s with passkey") % {"verb": verb} if verb else _("Confirm with passkey"),
        "with_code": _("%(verb)s with code") % {"verb": verb} if verb else _("Confirm with code"),
    }


# --- lists and pictures --------------------------------------------------------------------------------------------


@register.simple_tag(name="chart", takes_context=True)
def chart(context: Context, picture: Chart, table: bool = True) -> SafeString:  # noqa: FBT001, FBT002 - read as table=False
    """Print a chart in two widths, with a folded table of the same numbers beneath unless the page has one."""
    return picture.figure(prefix=_unique(context, "chart"), with_table=table)


@register.inclusion_tag("components/record.html", name="record")
def record(events: Iterable[Event]) -> dict[str, Any]:
    """Print what happened, latest first, as rows that cannot be edited."""
    return {"rows": [_record_row(event) for event in events]}


def _record_row(event: Event) -> dict[str, Any]:
    facts = event.facts if isinstance(event.facts, dict) else {}
    said = [str(facts[key]) for key in ("title", "amount", "reason", "note") if isinstance(facts.get(key), str)]
    return {
        "icon": event_icon(event.kind),
        "words": event_words(event.kind),
        "by": event.by,
        "at": event.at,
        "reference": facts.get("reference", ""),
        "said": [words for words in said if words],
    }


@register.inclusion_tag("components/pages.html", takes_context=True, name="pages")
def pages(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Print links to the pages before and after, keeping what the address asks for."""
    return {
        "page": page,
        "before": _address(context, parameter, page.previous_page_number()) if page.has_previous() else "",
        "after": _address(context, parameter, page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/more.html", takes_context=True, name="more")
def more(context: Context, cursor: Any, label: str = "", parameter: str = "before") -> dict[str, Any]:
    """Print a link to what is older than a cursor; nothing when there is none."""
    return {"url": _address(context, parameter, cursor) if cursor else "", "label": label or _("Older")}


def _address(context: Context, parameter: str, value: Any) -> str:
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    query[parameter] = str(value)
    return f"?{query.urlencode()}"
