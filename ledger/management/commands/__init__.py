"""Commands that keep and check the books."""
