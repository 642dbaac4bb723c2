"""PostgreSQL and Redis out of PyPI wheels, for a machine that has neither, and what exists only in the demonstration."""
