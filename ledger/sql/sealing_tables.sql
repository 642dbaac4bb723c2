-- Where seals and roll-ups stand. A seal fixes a window of entries in one Merkle tree (RFC 6962) and chains itself to the seal
-- before; the roll-ups are what balances are read from. sealing.sql writes both, in one transaction.

CREATE TABLE ledger_seal (
    n           bigint PRIMARY KEY,
    -- The window: every entry whose transaction id lies in [xid_from, xid_to).
    xid_from    xid8        NOT NULL,
    xid_to      xid8        NOT NULL,
    entries     integer     NOT NULL,
    -- The tree over all entries up to here: its size, its head, and the peaks from which the next seal goes on.
    size        bigint      NOT NULL,
    root        bytea       NOT NULL,
    peaks       bytea[]     NOT NULL,
    previous    bytea       NOT NULL,
    hash        bytea       NOT NULL,
    sealed_at   timestamptz NOT NULL,
    -- Which bookings and ids the window holds, and the highest that this seal and all before it hold.
    booked_from timestamptz NOT NULL,
    id_from     bigint      NOT NULL,
    known_to    timestamptz NOT NULL,
    ids_to      bigint      NOT NULL,
    -- How many of the seals before overlap this one in booking time or ids: nearly always none or one, more only when a
    -- transaction stayed open across seals.
    reach       integer     NOT NULL,
    CONSTRAINT a_seal_covers_something CHECK (xid_from < xid_to AND entries > 0)
);
CREATE INDEX ledger_seal_by_known_to ON ledger_seal (known_to);
CREATE INDEX ledger_seal_by_xid ON ledger_seal (xid_to);
CREATE INDEX ledger_seal_reaching ON ledger_seal (n) WHERE reach > 8;

-- What every account gained and gave, by day and by month of effect, as far as it is sealed. Most days are written once; most
-- months are written by every seal, so their pages leave room for the next version of each row.
CREATE TABLE ledger_day (
    account integer NOT NULL,
    day     date    NOT NULL,
    delta   numeric NOT NULL,
    PRIMARY KEY (account, day)
);
CREATE TABLE ledger_month (
    account integer NOT NULL,
    month   date    NOT NULL,
    debit   numeric NOT NULL,
    credit  numeric NOT NULL,
    lines   integer NOT NULL,
    PRIMARY KEY (account, month)
) WITH (fillfactor = 50);
-- What a month had brought when a seal was made: one row for each seal that touched it. It makes "as known at" flat.
CREATE TABLE ledger_month_known (
    account integer NOT NULL,
    month   date    NOT NULL,
    seal    bigint  NOT NULL,
    delta   numeric NOT NULL,
    PRIMARY KEY (account, month, seal)
);

DO $$
DECLARE
    guarded text;
BEGIN
    CREATE TRIGGER ledger_seal_only_grows BEFORE UPDATE OR DELETE ON ledger_seal
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER ledger_seal_posted_always BEFORE INSERT ON ledger_seal
        FOR EACH STATEMENT WHEN (current_user <> 'trustfund_ledger') EXECUTE FUNCTION refuse_unposted();
    ALTER TABLE ledger_seal ENABLE ALWAYS TRIGGER ledger_seal_only_grows;
    ALTER TABLE ledger_seal ENABLE ALWAYS TRIGGER ledger_seal_posted_always;
    FOREACH guarded IN ARRAY ARRAY['ledger_day', 'ledger_month', 'ledger_month_known'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_kept_always BEFORE INSERT OR UPDATE OR DELETE ON %1$I
                            FOR EACH STATEMENT WHEN (current_user <> ''trustfund_ledger'') EXECUTE FUNCTION refuse_unposted()', guarded);
        EXECUTE format('ALTER TABLE %1$I ENABLE ALWAYS TRIGGER %1$s_kept_always', guarded);
    END LOOP;
    FOREACH guarded IN ARRAY ARRAY['ledger_seal', 'ledger_day', 'ledger_month', 'ledger_month_known'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_is_not_emptied BEFORE TRUNCATE ON %1$I
                            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', guarded);
        EXECUTE format('ALTER TABLE %1$I ENABLE ALWAYS TRIGGER %1$s_is_not_emptied', guarded);
    END LOOP;
END $$;

GRANT SELECT ON ledger_seal, ledger_day, ledger_month, ledger_month_known TO trustfund_app;
