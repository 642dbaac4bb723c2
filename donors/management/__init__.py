"""Commands of the donors."""
