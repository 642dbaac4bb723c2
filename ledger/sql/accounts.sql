-- How accounts are opened and closed, and how the period fence moves.

CREATE TABLE ledger_period_change (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The books are closed up to and including the day before `open_from`.
    open_from  date        NOT NULL,
    reopens    boolean     NOT NULL,
    -- A period is reopened by a decision; its reference stands here.
    decision   text        NOT NULL,
    actor      uuid        NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT a_period_is_reopened_by_a_decision CHECK (NOT reopens OR btrim(decision) <> '')
);

-- The first day that is open, for every account alike.
CREATE FUNCTION ledger_open_from() RETURNS date
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS
    $$SELECT coalesce((SELECT open_from FROM ledger_period_change ORDER BY id DESC LIMIT 1), date '0001-01-01')$$;

-- Opens an account once: the same account again is returned, another one of the same code is refused.
CREATE FUNCTION ledger_open_account(
    its_code text, its_name text, its_kind text, its_currency smallint, its_may_be_overdrawn boolean, its_actor uuid
) RETURNS ledger_account
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    opened ledger_account;
BEGIN
    -- The fence must not move between the reading of it and the commit of the new account.
    PERFORM pg_advisory_xact_lock_shared(ledger_fence());
    INSERT INTO ledger_account (code, name, kind, currency, may_be_overdrawn, open_from, opened_by, opened_at)
    VALUES (its_code, its_name, its_kind, its_currency, its_may_be_overdrawn, ledger_open_from(), its_actor, ledger_now())
    ON CONFLICT (code) DO NOTHING
    RETURNING * INTO opened;
    IF opened.id IS NOT NULL THEN
        IF NOT its_may_be_overdrawn THEN
            INSERT INTO ledger_balance (account) VALUES (opened.id);
        END IF;
        RETURN opened;
    END IF;
    SELECT * INTO opened FROM ledger_account WHERE code = its_code;
    IF (opened.kind, opened.currency, opened.may_be_overdrawn) IS DISTINCT FROM (its_kind, its_currency, its_may_be_overdrawn) THEN
        RAISE EXCEPTION 'Account % exists and is another one.', its_code USING ERRCODE = 'TF116', DETAIL = its_code;
    END IF;
    RETURN opened;
END $$;

-- Closes an account for good. Alone on the fence, so that no entry is on its way to it.
CREATE FUNCTION ledger_close_account(its_code text) RETURNS ledger_account
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ended ledger_account;
BEGIN
    PERFORM pg_advisory_xact_lock(ledger_fence());
    SELECT * INTO ended FROM ledger_account WHERE code = its_code;
    IF ended.id IS NULL THEN
        RAISE EXCEPTION 'There is no account %.', its_code USING ERRCODE = 'TF105', DETAIL = coalesce(its_code, '');
    END IF;
    IF (SELECT coalesce(sum(amount), 0) FROM ledger_line WHERE account = ended.id) <> 0 THEN
        RAISE EXCEPTION 'Account % has a balance.', its_code USING ERRCODE = 'TF120', DETAIL = its_code;
    END IF;
    UPDATE ledger_account SET closed = true WHERE id = ended.id RETURNING * INTO ended;
    RETURN ended;
END $$;

-- Moves the fence: forward closes a period, back reopens one and needs a decision. Waits for those who are posting.
CREATE FUNCTION ledger_move_fence(its_open_from date, its_decision text, its_actor uuid) RETURNS ledger_period_change
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before date;
    change ledger_period_change;
BEGIN
    PERFORM pg_advisory_xact_lock(ledger_fence());
    before := ledger_open_from();
    IF its_open_from IS NULL OR its_open_from = before OR its_open_from < date '0001-01-01' THEN
        RAISE EXCEPTION 'The open period begins on %.', before USING ERRCODE = 'TF117', DETAIL = before::text;
    END IF;
    IF its_open_from < before AND btrim(coalesce(its_decision, '')) = '' THEN
        RAISE EXCEPTION 'A closed period is reopened by a decision.' USING ERRCODE = 'TF118';
    END IF;
    UPDATE ledger_account SET open_from = its_open_from;
    INSERT INTO ledger_period_change (open_from, reopens, decision, actor, changed_at)
    VALUES (its_open_from, its_open_from < before, btrim(coalesce(its_decision, '')), its_actor, ledger_now())
    RETURNING * INTO change;
    RETURN change;
END $$;
