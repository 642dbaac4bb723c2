"""Programmes, proposals, tranches and payments."""
