"""The pieces of pages: how amounts, times, states, forms and icons are printed."""

import gzip
import html as entities
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from trustfund.core import icons
from trustfund.core.money import Money
from trustfund.core.verdicts import no
from trustfund.core.wording import EVENTS, PILLS, event_icon, event_words

NOW = datetime(2026, 7, 17, 12, 0, tzinfo=UTC)


def printed(text: str, request=None, **context) -> str:
    return engines["django"].from_string(text).render(context, request)


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("{{ v|amount }}", Money.of("1700000", "USD"), '<bdi class="num">USD 1,700,000.00</bdi>'),
        ("{{ v|amount }}", Money.of("-5", "KRW"), '<bdi class="num">KRW −5</bdi>'),
        ("{{ v|amount }}", None, "–"),
        ("{{ v|figure }}", Money.of("1.234", "BHD"), '<bdi class="num">1.234</bdi>'),
        ("{{ v|millions }}", Money.of("214550000", "USD"), '<bdi class="num">USD 214.6 million</bdi>'),
        ("{{ v|millions }}", Money.of("999999.99", "USD"), '<bdi class="num">USD 999,999.99</bdi>'),
        ("{{ v|percent }}", Fraction(1, 3), "33%"),
        ("{{ v|percent:1 }}", Decimal("0.475"), "47.5%"),
        ("{{ v|percent }}", Decimal("0.125"), "13%"),
        ("{{ v|percent }}", None, "–"),
        ("{{ v|mask_iban }}", "CH93 0076 2011 6238 5295 7", '<bdi class="mono iban">CH•• •••• •••• •••• •295 7</bdi>'),
        ("{{ v|mask_iban }}", "12345", '<bdi class="mono iban">•234 5</bdi>'),
        ("{{ v|mask_iban }}", "", "–"),
        ("{{ v|short_hash }}", "", "–"),
        ("{{ v|day }}", date(2026, 7, 21), '<time datetime="2026-07-21"><bdi>21 July 2026</bdi></time>'),
        ('{{ v|day:"short" }}', date(2026, 6, 30), '<time datetime="2026-06-30"><bdi>30 Jun 2026</bdi></time>'),
        ("{{ v|day }}", None, "–"),
        (
            "{{ v|moment }}",
            datetime(2026, 7, 22, 1, 30, tzinfo=timezone(timedelta(hours=9))),
            '<time datetime="2026-07-21T16:30+00:00"><bdi>21 July 2026, 16:30 UTC</bdi></time>',
        ),
    ],
)
def test_a_figure_or_a_time_is_printed_so(text, value, said):
    assert printed(text, v=value) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (NOW + timedelta(days=4, hours=4), "in 4 days"),
        (NOW + timedelta(days=1, hours=1), "in 1 day"),
        (NOW + timedelta(hours=3), "in 3\xa0hours"),
        (NOW - timedelta(hours=3), "3\xa0hours ago"),
        (NOW - timedelta(days=17), "17 days ago"),
        (date(2026, 7, 17), "today"),
        (date(2026, 7, 16), "1 day ago"),
        (None, ""),
    ],
)
def test_a_distance_is_said_in_words(when, said):
    assert printed("{{ v|distance:now }}", v=when, now=NOW) == said


@pytest.mark.parametrize("state", sorted(PILLS))
def test_a_state_has_an_icon_a_word_and_a_tone_of_the_stylesheet(state):
    kind, _dot, name = state.rpartition(".")
    html = printed("{% status name kind=kind %}", name=name, kind=kind)
    assert html.startswith('<span class="tag')
    assert html.count("<svg") == 1
    assert re.sub(r"<[^>]*>", "", html) == str(PILLS[state].word)
    css = Path("trustfund/static/css/concord.css").read_text("utf-8")
    assert not PILLS[state].tone or f".tag.{PILLS[state].tone} " in css


def test_an_unknown_state_reads_as_itself():
    assert "Half way there" in printed('{% status "HALF_WAY there" %}')


def test_a_page_may_give_the_word_of_a_state():
    assert "Part paid, 3.0 m overdue" in printed('{% status "overdue" "Part paid, 3.0 m overdue" %}')


def test_an_event_reads_in_words_even_when_nobody_wrote_them():
    assert event_words("payment.released") == "Payment released"
    assert event_words("tranche.some_thing") == "Tranche some thing"
    assert event_icon("motion.opened") == "gavel"
    assert {event_words(kind) for kind in EVENTS}.isdisjoint({""})


def test_an_action_posts_with_a_token():
    request = RequestFactory().get("/")
    html = printed('{% action "Approve" "/x/" nonce="7" %}', request)
    assert re.search(
        r'<form class="action" method="post" action="/x/">\s*<input type="hidden" name="csrfmiddlewaretoken"', html
    )
    assert '<input type="hidden" name="nonce" value="7">' in html
    assert "disabled" not in html


def test_a_no_switches_the_button_off_and_says_why():
    html = printed(
        '{% action "Certify" "/x/" verdict %}{% action "Certify" "/x/" verdict %}', verdict=no("You prepared it.")
    )
    assert html.count('disabled aria-describedby="reason-') == 2
    assert '<p class="hint" id="reason-1">You prepared it.</p>' in html
    assert '<p class="hint" id="reason-2">You prepared it.</p>' in html


class Ballot(forms.Form):
    choice = forms.ChoiceField(
        label="How?", widget=forms.RadioSelect, choices=[("a", "Approve"), ("r", "Reject")], help_text="Choose one."
    )
    reason = forms.CharField(help_text="Kept for good.")
    read = forms.BooleanField(label="I have read it")

    def clean(self):
        raise forms.ValidationError("The vote has closed.")


def test_a_field_in_error_is_told_once_and_tied_to_its_control():
    html = printed("{% field form.reason %}", form=Ballot({}))
    assert '<div class="field bad">' in html
    assert '<label for="id_reason">Reason</label>' in html
    assert '<p class="err" id="id_reason_error">This field is required.</p>' in html
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in html
    assert 'aria-invalid="true"' in html


def test_choices_are_a_fieldset_of_cards_with_a_line_of_meaning():
    html = printed("{% field form.choice hints=hints %}", form=Ballot(), hints={"a": "As conditioned"})
    assert html.count('<label class="pick">') == 2
    assert "<legend>How?</legend>" in html
    assert "<span>Approve<small>As conditioned</small></span>" in html
    assert html.count("Approve") == 1
    assert "checked" not in html


def test_what_was_chosen_stays_chosen():
    html = printed("{% field form.choice %}", form=Ballot({"choice": "r"}))
    assert re.search(r'value="r"[^>]*checked', html)


def test_the_summary_links_every_error_to_its_control():
    html = printed("{% error_summary form %}{{ form }}", form=Ballot({}))
    assert "<li>The vote has closed.</li>" in html
    for target in ("id_choice_0", "id_reason", "id_read"):
        assert f'<a href="#{target}">' in html
        assert f'id="{target}"' in html


def test_no_errors_no_summary():
    assert printed("{% error_summary form %}", form=Ballot()).strip() == ""


OPTIONS = {"publicKey": {"challenge": "AB", "allowCredentials": [{"type": "public-key", "id": "\"'<"}]}}


def test_the_passkey_is_offered_only_to_who_has_one():
    without = printed("{% confirm_fields options %}", options={"publicKey": {"allowCredentials": []}})
    assert "data-use-passkey" not in without
    assert 'autocomplete="one-time-code"' in without
    assert "data-use-passkey" in printed("{% confirm_fields options %}", options=OPTIONS)


def test_the_options_reach_the_script_through_an_attribute():
    page = printed('{% confirm_fields options "Release" %}', options=OPTIONS)
    found = re.search(r'data-passkey="([^"]*)"', page)
    assert json.loads(entities.unescape(found[1])) == OPTIONS["publicKey"]
    assert "Release with passkey" in page
    assert "Release with code" in page
    assert "<script" not in page


def test_pages_keep_what_was_asked_for():
    request = RequestFactory().get("/?q=water&page=2")
    html = printed("{% pages page %}", request, page=Paginator(range(120), 50).page(2))
    assert 'href="?q=water&amp;page=1"' in html
    assert 'href="?q=water&amp;page=3"' in html
    assert "Page 2 of 3" in html


def test_one_page_needs_no_links():
    assert printed("{% pages page %}", page=Paginator(range(5), 50).page(1)).strip() == ""


def test_an_icon_is_hidden_from_screen_readers_unless_it_has_a_name():
    assert 'aria-hidden="true"' in printed('{% icon "gavel" %}')
    assert 'role="img" aria-label="Vote"' in printed('{% icon "gavel" label="Vote" %}')


@pytest.mark.parametrize("name", ["../../etc/passwd", "a b", "", "<svg>"])
def test_an_icons_name_is_never_a_path(name):
    with pytest.raises(ValueError, match="An icon's name"):
        icons.svg(name)


def test_a_vendored_icon_is_inlined(tmp_path: Path):
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "gavel.svg").write_text('<svg class="x"\n width="24">\n  <path d="M1 2"/>\n</svg>')
    assert icons.shape_of("gavel", tmp_path) == '<path d="M1 2"/>'


def test_without_npm_our_own_shapes_stand_in(tmp_path: Path):
    assert "<path" in icons.svg("gavel", vendor=tmp_path)
    assert '<circle cx="12" cy="12" r="4"/>' in icons.svg("seldom-used", vendor=tmp_path)
    assert not icons.has_fonts(tmp_path)


def test_with_the_fonts_vendored_the_page_links_them(tmp_path: Path):
    (tmp_path / "fonts.css").write_text("")
    assert icons.has_fonts(tmp_path)


def test_the_lock_of_npm_names_no_registry():
    assert "resolved" not in Path("package-lock.json").read_text("utf-8")
    assert "omit-lockfile-registry-resolved=true" in Path(".npmrc").read_text("utf-8")


def test_the_stylesheet_and_the_script_stay_small():
    assert len(gzip.compress(Path("trustfund/static/css/concord.css").read_bytes())) < 12 * 1024
    assert len(gzip.compress(Path("trustfund/static/js/app.js").read_bytes())) < 6 * 1024


def test_the_stylesheet_asks_for_no_address():
    assert "url(" not in Path("trustfund/static/css/concord.css").read_text("utf-8")
