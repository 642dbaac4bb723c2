-- The movable moment of the books, for loading a demonstration and for tests. Never ahead of the real clock, so that the
-- books can go on as soon as the real one is back.
CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz
    LANGUAGE sql VOLATILE SET search_path = pg_catalog AS
    $$SELECT least(coalesce(nullif(current_setting('trustfund.moved_clock', true), '')::timestamptz, clock_timestamp()),
                   clock_timestamp())$$;
