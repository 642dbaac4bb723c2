"""The pieces that every page is built from. A piece with a form is a tag; a piece without is an include."""

from django import template

register = template.Library()
