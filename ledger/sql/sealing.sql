-- Seals and roll-ups are made here: a window of entries is hashed into the tree, chained to the seal before, and folded into
-- the roll-ups, in one transaction. Writers never wait for it.

CREATE OR REPLACE FUNCTION ledger_sealer() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 730100000000002';

-- Folds a sealed window into the roll-ups.
CREATE OR REPLACE FUNCTION ledger_fold(its_seal bigint, its_from xid8, its_to xid8) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    WITH moved AS MATERIALIZED (
        SELECT leg.account, entry.effective_on AS day, sum(leg.amount) AS delta,
               coalesce(sum(leg.amount) FILTER (WHERE leg.amount > 0), 0) AS debit, count(*)::integer AS lines
          FROM ledger_entry AS entry, unnest(entry.accounts, entry.amounts) AS leg(account, amount)
         WHERE entry.xid >= its_from AND entry.xid < its_to
         GROUP BY leg.account, entry.effective_on
    ), days AS (
        INSERT INTO ledger_day AS held (account, day, delta)
        SELECT account, day, delta FROM moved ORDER BY account, day
        ON CONFLICT (account, day) DO UPDATE SET delta = held.delta + excluded.delta
    ), months AS (
        INSERT INTO ledger_month AS held (account, month, debit, credit, lines)
        SELECT account, date_trunc('month', day)::date, sum(debit), sum(debit - delta), sum(lines) FROM moved
         GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (account, month) DO UPDATE
            SET debit = held.debit + excluded.debit, credit = held.credit + excluded.credit, lines = held.lines + excluded.lines
        RETURNING account, month, debit - credit AS delta
    )
    INSERT INTO ledger_month_known (account, month, seal, delta)
    SELECT account, month, its_seal, delta FROM months ORDER BY account, month;
$$;

-- Seals the next window of at most so many entries (a transaction is never split). Returns no seal if nothing is new, or if
-- another sealer is at work. Every transaction id below the snapshot's horizon has finished, so the window is complete when
-- it is read: a late committer holds the horizon back and is in a later window, never skipped.
CREATE OR REPLACE FUNCTION ledger_seal_next(most integer) RETURNS SETOF ledger_seal
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last    ledger_seal;
    made    ledger_seal;
    horizon xid8;
    first   xid8;
    beyond  xid8;
    leaf    record;
    node    bytea;
    peaks   bytea[];
    top     integer;
    rest    bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(ledger_sealer()) THEN
        RETURN;
    END IF;
    SELECT * INTO last FROM ledger_seal ORDER BY n DESC LIMIT 1;
    horizon := pg_snapshot_xmin(pg_current_snapshot());
    made.n := coalesce(last.n, 0) + 1;
    made.xid_from := coalesce(last.xid_to, '0');
    SELECT xid INTO first FROM ledger_entry WHERE xid >= made.xid_from AND xid < horizon ORDER BY xid LIMIT 1;
    IF first IS NULL THEN
        RETURN;
    END IF;
    SELECT xid INTO beyond FROM ledger_entry WHERE xid >= made.xid_from AND xid < horizon
     ORDER BY xid OFFSET most LIMIT 1;
    IF beyond = first THEN
        SELECT xid INTO beyond FROM ledger_entry WHERE xid > first AND xid < horizon ORDER BY xid LIMIT 1;
    END IF;
    made.xid_to := coalesce(beyond, horizon);

    made.size := coalesce(last.size, 0);
    made.entries := 0;
    made.known_to := last.known_to;
    made.ids_to := last.ids_to;
    peaks := coalesce(last.peaks, '{}');
    top := cardinality(peaks);
    -- The canonical text of an entry: numbers, dates, uuids and account codes contain no separator, and words carry their
    -- length in bytes, so nothing can be moved from one field into the next without changing the text.
    FOR leaf IN
        SELECT entry.id, entry.booked_at, sha256('\x00'::bytea || convert_to(concat_ws('|',
                   '1', entry.id, entry.xid, to_char(entry.effective_on, 'YYYY-MM-DD'),
                   (extract(epoch FROM entry.booked_at) * 1000000)::bigint,
                   entry.actor, coalesce(entry.subject::text, '-'), coalesce(entry.reverses::text, '-'),
                   string_agg(account.code || ':' || leg.currency || ':' || leg.amount, ',' ORDER BY leg.n),
                   octet_length(entry.kind) || ':' || entry.kind,
                   octet_length(entry.reference) || ':' || entry.reference,
                   octet_length(entry.memo) || ':' || entry.memo), 'UTF8')) AS hash
          FROM ledger_entry AS entry
          CROSS JOIN LATERAL unnest(entry.accounts, entry.currencies, entry.amounts) WITH ORDINALITY
               AS leg(account, currency, amount, n)
          JOIN ledger_account AS account ON account.id = leg.account
         WHERE entry.xid >= made.xid_from AND entry.xid < made.xid_to
         GROUP BY entry.id ORDER BY entry.xid, entry.id
    LOOP
        made.entries := made.entries + 1;
        made.size := made.size + 1;
        made.booked_from := least(made.booked_from, leaf.booked_at);
        made.id_from := least(made.id_from, leaf.id);
        made.known_to := greatest(made.known_to, leaf.booked_at);
        made.ids_to := greatest(made.ids_to, leaf.id);
        -- Two peaks of the same height become one, as a carry ripples through a binary counter.
        node := leaf.hash;
        rest := made.size;
        WHILE rest % 2 = 0 LOOP
            node := sha256('\x01'::bytea || peaks[top] || node);
            top := top - 1;
            rest := rest / 2;
        END LOOP;
        top := top + 1;
        peaks[top] := node;
    END LOOP;
    made.peaks := peaks[1:top];
    made.root := peaks[top];
    FOR i IN REVERSE top - 1 .. 1 LOOP
        made.root := sha256('\x01'::bytea || peaks[i] || made.root);
    END LOOP;
    made.reach := made.n - 1 - coalesce((
        SELECT seal.n FROM ledger_seal AS seal
         WHERE seal.known_to < made.booked_from AND seal.ids_to < made.id_from ORDER BY seal.n DESC LIMIT 1), 0);
    made.previous := coalesce(last.hash, sha256(''::bytea));
    made.sealed_at := ledger_now();
    made.hash := sha256(convert_to(concat_ws('|',
        '1', made.n, made.xid_from, made.xid_to, made.entries, made.size, encode(made.root, 'hex'),
        encode(made.previous, 'hex'), (extract(epoch FROM made.sealed_at) * 1000000)::bigint), 'UTF8'));
    INSERT INTO ledger_seal SELECT (made).*;
    PERFORM ledger_fold(made.n, made.xid_from, made.xid_to);
    RETURN NEXT made;
END $$;

-- Makes the roll-ups anew from the entries and the seals' windows. They are derived: this changes no figure of sound books.
CREATE OR REPLACE FUNCTION ledger_rebuild_rollups() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    seal record;
    made bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(ledger_sealer());
    DELETE FROM ledger_day;
    DELETE FROM ledger_month;
    DELETE FROM ledger_month_known;
    FOR seal IN SELECT n, xid_from, xid_to FROM ledger_seal ORDER BY n LOOP
        PERFORM ledger_fold(seal.n, seal.xid_from, seal.xid_to);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

REVOKE ALL ON FUNCTION ledger_fold(bigint, xid8, xid8), ledger_seal_next(integer), ledger_rebuild_rollups() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_seal_next(integer), ledger_rebuild_rollups() TO trustfund_app;
