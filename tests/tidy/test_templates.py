"""Rules for templates: nothing inline, nothing clever, every word translated, every file used."""

import re
from pathlib import Path

import allauth
import pytest

from tests.tidy import sources

INLINE = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "hx-on": re.compile(r"\shx-on[:-]", re.IGNORECASE),
    "a script in hx-vals or hx-headers": re.compile(
        r"hx-(?:vals|headers)\s*=\s*[\"'](?:js|javascript):", re.IGNORECASE
    ),
    "a filter in hx-trigger": re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\[", re.IGNORECASE),
    "a javascript: or data: address": re.compile(r"(?:href|src|action)\s*=\s*[\"'](?:javascript|data):", re.IGNORECASE),
    "an address on another host": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}
SPOKEN = re.compile(r"\s(?:title|aria-label|placeholder|alt)\s*=\s*\"([^\"]*)\"")
# Names that are the same in every language.
WORDS_OF_NO_LANGUAGE = re.compile(
    r"\b(?:USD|XLSX|SHA-256|PDF|JSON|CSV|UTC|htmx|UTF-8|utf-8|width|device|initial|scale|color|scheme|light|dark|noindex)\b"
)
BY_THE_FRAMEWORK = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
ALLAUTH = Path(allauth.__file__).parent / "templates"


def inline_in(text: str) -> list[str]:
    """Return what a strict content security policy or a careful reader would not have."""
    return [what for what, pattern in INLINE.items() if pattern.search(text)]


def untranslated_in(text: str) -> list[str]:
    """Return the visible words that stand outside translate tags."""
    plain = re.sub(r"{%.*?%}|{{.*?}}", "", re.sub(r"<meta\b.*?>", "", text, flags=re.DOTALL), flags=re.DOTALL)
    spoken = " ".join(SPOKEN.findall(plain))
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"{% blocktranslate.*?%}.*?{% endblocktranslate %}", "", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style|code|kbd|pre)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"<(?:\"[^\"]*\"|'[^']*'|{{.*?}}|{%.*?%}|[^>\"'])*>", " ", text, flags=re.DOTALL)
    both = re.sub(r"{%.*?%}|{{.*?}}|&[#a-zA-Z0-9]+;", " ", f"{text} {spoken}", flags=re.DOTALL)
    return re.findall(r"[^\W\d_]{2,}", WORDS_OF_NO_LANGUAGE.sub(" ", both))


def html() -> list[Path]:
    return [path for path in sources.templates() if path.suffix == ".html"]


def test_no_template_has_anything_inline_or_clever():
    found = {
        str(path): faults
        for path in html()
        # A printed statement and a letter are not pages: their renderers have no policy and need their style with them.
        if path.parts[1] not in {"reports", "emails"} and (faults := inline_in(sources.text_of(path)))
    }
    assert found == {}


def test_every_visible_word_is_translated():
    found = {str(path): words for path in html() if (words := untranslated_in(sources.text_of(path)))}
    assert found == {}


def test_every_template_is_used():
    said = "\n".join(sources.text_of(path) for path in [*sources.python_files(), *sources.templates()])
    unused = []
    for path in sources.templates():
        name = str(path.relative_to("templates"))
        if name in BY_THE_FRAMEWORK or (ALLAUTH / name).exists() or name.startswith("django/forms/"):
            continue
        if name not in said:
            unused.append(name)
    assert unused == []


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ('<p style="color: red">', "an inline style"),
        ("<script>go()</script>", "an inline script"),
        ('<a onclick="go()">', "an event attribute"),
        ('<a hx-on:click="go()">', "hx-on"),
        ("<a hx-vals='js:{a: 1}'>", "a script in hx-vals or hx-headers"),
        ('<a hx-trigger="keyup[key==1]">', "a filter in hx-trigger"),
        ('<a href="javascript:go()">', "a javascript: or data: address"),
        ('<img src="//elsewhere.example/a.png">', "an address on another host"),
    ],
)
def test_the_inline_thing_is_seen(bad, what):
    assert inline_in(bad) == [what]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p aria-label="Close">{% translate "x" %}</p>', ["Close"]),
        ("<p>{% blocktranslate %}Hello {{ name }}{% endblocktranslate %} · {{ name }} 12 &nbsp;</p>", []),
        ('<p class="{% if a > b %}x{% endif %}">{% translate "Hello" %}</p>', []),
    ],
)
def test_the_untranslated_word_is_seen(text, words):
    assert untranslated_in(text) == words
