"""Statements and scheduled audit reports. It reads everything below and changes only its own."""
