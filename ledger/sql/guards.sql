-- What the tables refuse by themselves, whoever asks. The triggers are ALWAYS: they fire for the owner, for a superuser and
-- in a session that plays replica. Grants refuse the application before a trigger has to.

-- Rows come from the functions of the ledger alone: they act as trustfund_ledger, and nobody signs in as it.
CREATE FUNCTION refuse_unposted() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '% is written by the functions of the ledger only.', TG_TABLE_NAME USING ERRCODE = 'TF115';
END $$;

-- Of an account, only whether it is closed and where its fence stands may change.
CREATE FUNCTION refuse_other_account() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (NEW.id, NEW.code, NEW.name, NEW.kind, NEW.currency, NEW.may_be_overdrawn, NEW.opened_by, NEW.opened_at)
       IS DISTINCT FROM
       (OLD.id, OLD.code, OLD.name, OLD.kind, OLD.currency, OLD.may_be_overdrawn, OLD.opened_by, OLD.opened_at)
       OR (OLD.closed AND NOT NEW.closed) THEN
        RAISE EXCEPTION 'An account stays what it is. Open another one.' USING ERRCODE = 'TF001';
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    -- The books: rows are added and never touched again.
    books   constant text[] := ARRAY['ledger_entry', 'ledger_line', 'ledger_currency', 'ledger_period_change'];
    -- What the ledger's functions keep up to date.
    kept    constant text[] := ARRAY['ledger_account', 'ledger_balance'];
    guarded text;
BEGIN
    FOREACH guarded IN ARRAY books LOOP
        EXECUTE format('CREATE TRIGGER %1$s_only_grows BEFORE UPDATE OR DELETE ON %1$I
                            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', guarded);
        EXECUTE format('CREATE TRIGGER %1$s_posted_always BEFORE INSERT ON %1$I
                            FOR EACH STATEMENT WHEN (current_user <> ''trustfund_ledger'') EXECUTE FUNCTION refuse_unposted()', guarded);
        EXECUTE format('ALTER TABLE %1$I ENABLE ALWAYS TRIGGER %1$s_only_grows', guarded);
        EXECUTE format('ALTER TABLE %1$I ENABLE ALWAYS TRIGGER %1$s_posted_always', guarded);
    END LOOP;
    FOREACH guarded IN ARRAY kept LOOP
        EXECUTE format('CREATE TRIGGER %1$s_stays_always BEFORE DELETE ON %1$I
                            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', guarded);
        EXECUTE format('CREATE TRIGGER %1$s_kept_always BEFORE INSERT OR UPDATE ON %1$I
                            FOR EACH STATEMENT WHEN (current_user <> ''trustfund_ledger'') EXECUTE FUNCTION refuse_unposted()', guarded);
        EXECUTE format('ALTER TABLE %1$I ENABLE ALWAYS TRIGGER %1$s_stays_always', guarded);
        EXECUTE format('ALTER TABLE %1$I ENABLE ALWAYS TRIGGER %1$s_kept_always', guarded);
    END LOOP;
    FOREACH guarded IN ARRAY books || kept LOOP
        EXECUTE format('CREATE TRIGGER %1$s_is_not_emptied BEFORE TRUNCATE ON %1$I
                            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', guarded);
        EXECUTE format('ALTER TABLE %1$I ENABLE ALWAYS TRIGGER %1$s_is_not_emptied', guarded);
    END LOOP;
END $$;
CREATE TRIGGER ledger_account_same_always BEFORE UPDATE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION refuse_other_account();
ALTER TABLE ledger_account ENABLE ALWAYS TRIGGER ledger_account_same_always;
