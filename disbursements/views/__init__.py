"""Doors for browsers: translate in, act once, translate out; one module a noun."""
