-- The moment of the books. The database gives it; no caller does.
-- A demonstration that tells five years in a minute replaces this function while it loads; see demonstration_clock.py. Only
-- the owner of the database can, the check ledger.E001 shows it, and the real one comes back when the story is told.
CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz
    LANGUAGE sql VOLATILE SET search_path = pg_catalog AS 'SELECT clock_timestamp()';
