"""Django's PostgreSQL backend, which will not work as a role that could go around the guards of the books."""
