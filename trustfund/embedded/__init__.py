"""PostgreSQL and Redis out of PyPI wheels, and what exists only in the demonstration."""
