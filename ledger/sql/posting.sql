-- How entries come into the books: `ledger_post`, `ledger_reverse` and `ledger_post_many`. They act as trustfund_ledger, which
-- is the only role whose inserts the tables accept. Refusals come in a fixed order, each with its own SQLSTATE; the error's
-- DETAIL names the account, entry or date that it is about. Those that the application calls set the search path, once for
-- all the private ones they call.

-- The lock that keeps a period's fence still while an entry is booked: shared by those who post, alone for who moves it.
CREATE OR REPLACE FUNCTION ledger_fence() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 730100000000001';

-- Takes what a function adds to floored accounts from them, in the order of their ids, so that no two functions wait for
-- each other. It is called last: these rows are the contended ones, and are held for the shortest time before the commit.
CREATE OR REPLACE FUNCTION ledger_move_floored(accounts integer[], amounts bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    moved record;
BEGIN
    FOR moved IN
        SELECT leg.account, sum(leg.amount) AS amount
          FROM unnest(accounts, amounts) AS leg(account, amount)
         GROUP BY leg.account ORDER BY leg.account
    LOOP
        UPDATE ledger_balance AS held SET posted = posted + moved.amount, version = version + 1
         WHERE held.account = moved.account AND (moved.amount >= 0 OR posted + moved.amount >= floor);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'There is not enough on the account.'
                USING ERRCODE = 'TF110', DETAIL = (SELECT code FROM ledger_account WHERE id = moved.account);
        END IF;
    END LOOP;
END $$;

-- Refuses a booking by the clock: entries are booked in the order of time as far as anybody can see it.
-- What is visible is read before the clock, so that an entry committed in between is no reason to refuse.
CREATE OR REPLACE FUNCTION ledger_moment() RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
    before constant timestamptz := (SELECT booked_at FROM ledger_entry ORDER BY id DESC LIMIT 1);
    moment constant timestamptz := ledger_now();
BEGIN
    IF moment < before THEN
        RAISE EXCEPTION 'The clock stands before the last booking.' USING ERRCODE = 'TF113', DETAIL = before::text;
    END IF;
    RETURN moment;
END $$;

-- Books one event. Private: the functions below call it.
CREATE OR REPLACE FUNCTION ledger_book(
    its_kind text, its_reference text, its_day date, its_actor uuid, its_memo text, its_subject uuid, its_reversed bigint,
    codes text[], its_currencies smallint[], its_amounts bigint[]
) RETURNS ledger_entry LANGUAGE plpgsql AS $$
DECLARE
    n          integer := 0;
    its_code   text;
    account    ledger_account;
    accounts   integer[] := '{}';
    unknown    text;
    foreign_to text;
    closed     text;
    fence      date := '-infinity';
    floored    integer[];
    moved      bigint[];
    moment     timestamptz;
    booked     ledger_entry;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'The ledger posts at READ COMMITTED.' USING ERRCODE = 'TF119';
    END IF;
    IF codes IS NULL OR cardinality(codes) IS DISTINCT FROM cardinality(its_amounts)
       OR cardinality(codes) IS DISTINCT FROM cardinality(its_currencies) OR array_position(codes, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'A leg lacks its account, currency or amount.' USING ERRCODE = 'TF104';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(ledger_fence());

    -- One probe of an index for each leg: a join of all legs at once is planned anew, and read whole, at every post.
    FOREACH its_code IN ARRAY codes LOOP
        n := n + 1;
        SELECT * INTO account FROM ledger_account AS held WHERE held.code = its_code;
        IF account.id IS NULL THEN
            unknown := its_code;
            CONTINUE;
        END IF;
        IF its_currencies[n] <> account.currency THEN
            foreign_to := its_code;
        END IF;
        IF account.closed THEN
            closed := its_code;
        END IF;
        IF account.open_from > fence THEN
            fence := account.open_from;
        END IF;
        IF NOT account.may_be_overdrawn THEN
            floored := floored || account.id;
            moved := moved || its_amounts[n];
        END IF;
        accounts[n] := account.id;
    END LOOP;
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION 'There is no account %.', unknown USING ERRCODE = 'TF105', DETAIL = unknown;
    END IF;
    IF foreign_to IS NOT NULL THEN
        RAISE EXCEPTION 'Account % holds another currency.', foreign_to USING ERRCODE = 'TF106', DETAIL = foreign_to;
    END IF;

    moment := ledger_moment();
    INSERT INTO ledger_entry (booked_at, actor, subject, reverses, effective_on, kind, reference, memo,
                              accounts, currencies, amounts)
    VALUES (moment, its_actor, its_subject, its_reversed, its_day, its_kind, its_reference, its_memo,
            accounts, its_currencies, its_amounts)
    ON CONFLICT DO NOTHING
    RETURNING * INTO booked;

    IF booked.id IS NULL THEN
        -- This event, or another reversal of the same entry, stands already: the same content is no news.
        SELECT * INTO booked FROM ledger_entry WHERE kind = its_kind AND reference = its_reference;
        IF booked.id IS NULL THEN
            RAISE EXCEPTION 'Entry % is reversed already.', its_reversed USING ERRCODE = 'TF111', DETAIL = its_reversed::text;
        END IF;
        IF (booked.effective_on, booked.memo, booked.accounts, booked.amounts) <> (its_day, its_memo, accounts, its_amounts)
           OR (booked.subject, booked.reverses) IS DISTINCT FROM (its_subject, its_reversed) THEN
            RAISE EXCEPTION '% % is in the books with other content.', its_kind, its_reference
                USING ERRCODE = 'TF109', DETAIL = its_kind || ' ' || its_reference;
        END IF;
        RETURN booked;
    END IF;

    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'Account % is closed.', closed USING ERRCODE = 'TF107', DETAIL = closed;
    END IF;
    IF its_day < fence THEN
        RAISE EXCEPTION 'The books are closed up to %.', fence - 1 USING ERRCODE = 'TF108', DETAIL = (fence - 1)::text;
    END IF;

    INSERT INTO ledger_line (account, effective_on, entry, amount, currency, leg)
    SELECT leg.account, its_day, booked.id, leg.amount, leg.currency, leg.n
      FROM unnest(accounts, its_currencies, its_amounts) WITH ORDINALITY AS leg(account, currency, amount, n);
    IF floored IS NOT NULL THEN
        PERFORM ledger_move_floored(floored, moved);
    END IF;
    RETURN booked;
END $$;

-- Posts one event, once: the same event with the same content returns the entry that stands.
CREATE OR REPLACE FUNCTION ledger_post(
    its_kind text, its_reference text, its_day date, its_actor uuid, its_memo text, its_subject uuid,
    codes text[], its_currencies smallint[], its_amounts bigint[]
) RETURNS ledger_entry
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ledger_book(its_kind, its_reference, its_day, its_actor, its_memo, its_subject, NULL,
                       codes, its_currencies, its_amounts);
END $$;

-- Takes an entry back by its opposite. The legs are the database's own reading of the original, negated; a caller gives none.
CREATE OR REPLACE FUNCTION ledger_reverse(
    original bigint, its_reference text, its_day date, its_actor uuid, its_memo text, reinstating boolean
) RETURNS ledger_entry
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taken_back ledger_entry;
BEGIN
    SELECT * INTO taken_back FROM ledger_entry WHERE id = original;
    IF taken_back.id IS NULL THEN
        RAISE EXCEPTION 'There is no entry %.', original USING ERRCODE = 'TF114', DETAIL = coalesce(original::text, '');
    END IF;
    IF (taken_back.reverses IS NOT NULL) <> coalesce(reinstating, false) THEN
        RAISE EXCEPTION 'Entry % is itself a reversal, or is none and cannot be reinstated.', original
            USING ERRCODE = 'TF112', DETAIL = original::text;
    END IF;
    RETURN ledger_book(
        CASE WHEN reinstating THEN 'entry.reinstated' ELSE 'entry.reversed' END,
        its_reference, its_day, its_actor, its_memo, taken_back.subject, original,
        (SELECT array_agg(account.code ORDER BY leg.n)
           FROM unnest(taken_back.accounts) WITH ORDINALITY AS leg(account, n)
           JOIN ledger_account AS account ON account.id = leg.account),
        taken_back.currencies,
        (SELECT array_agg(-leg.amount ORDER BY leg.n) FROM unnest(taken_back.amounts) WITH ORDINALITY AS leg(amount, n)));
END $$;

-- Posts many events, all or none: one statement for the entries and their lines, one pass over the floored balances. A floor
-- holds for the batch as a whole. Events that stand with the same content are skipped; the ids come back in the given order.
--   entry_of    for each leg, which event (counted from 1) it belongs to
CREATE OR REPLACE FUNCTION ledger_post_many(
    kinds text[], refs text[], days date[], its_actor uuid, memos text[], subjects uuid[],
    entry_of integer[], codes text[], its_currencies smallint[], its_amounts bigint[]
) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moment  timestamptz;
    wrong   record;
    done    record;
    ids     bigint[];
    differs text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'The ledger posts at READ COMMITTED.' USING ERRCODE = 'TF119';
    END IF;
    IF array_position(codes, NULL) IS NOT NULL OR cardinality(codes) IS DISTINCT FROM cardinality(its_amounts)
       OR cardinality(codes) IS DISTINCT FROM cardinality(its_currencies)
       OR cardinality(codes) IS DISTINCT FROM cardinality(entry_of) THEN
        RAISE EXCEPTION 'A leg lacks its account, currency or amount.' USING ERRCODE = 'TF104';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(ledger_fence());

    SELECT max(leg.code) FILTER (WHERE account.id IS NULL) AS unknown,
           max(leg.code) FILTER (WHERE leg.currency <> account.currency) AS foreign_to
      INTO wrong
      FROM unnest(codes, its_currencies) AS leg(code, currency)
      LEFT JOIN ledger_account AS account ON account.code = leg.code;
    IF wrong.unknown IS NOT NULL THEN
        RAISE EXCEPTION 'There is no account %.', wrong.unknown USING ERRCODE = 'TF105', DETAIL = wrong.unknown;
    END IF;
    IF wrong.foreign_to IS NOT NULL THEN
        RAISE EXCEPTION 'Account % holds another currency.', wrong.foreign_to
            USING ERRCODE = 'TF106', DETAIL = wrong.foreign_to;
    END IF;

    moment := ledger_moment();
    -- In the order of their keys, so that two batches with the same events wait for each other in one direction only.
    WITH shaped AS MATERIALIZED (
        SELECT leg.entry_of, array_agg(account.id ORDER BY leg.n) AS accounts,
               array_agg(leg.currency ORDER BY leg.n) AS currencies, array_agg(leg.amount ORDER BY leg.n) AS amounts
          FROM unnest(entry_of, codes, its_currencies, its_amounts) WITH ORDINALITY
               AS leg(entry_of, code, currency, amount, n)
          JOIN ledger_account AS account ON account.code = leg.code
         GROUP BY leg.entry_of
    ), entered AS (
        INSERT INTO ledger_entry (booked_at, actor, subject, effective_on, kind, reference, memo,
                                  accounts, currencies, amounts)
        SELECT moment, its_actor, event.subject, event.day, event.kind, event.reference, event.memo,
               coalesce(shaped.accounts, '{}'), coalesce(shaped.currencies, '{}'), coalesce(shaped.amounts, '{}')
          FROM unnest(kinds, refs, days, memos, subjects) WITH ORDINALITY
               AS event(kind, reference, day, memo, subject, n)
          LEFT JOIN shaped ON shaped.entry_of = event.n
         ORDER BY event.kind, event.reference
        ON CONFLICT DO NOTHING
        RETURNING id, effective_on, accounts, currencies, amounts
    ), lined AS (
        INSERT INTO ledger_line (account, effective_on, entry, amount, currency, leg)
        SELECT leg.account, entered.effective_on, entered.id, leg.amount, leg.currency, leg.n
          FROM entered, unnest(entered.accounts, entered.currencies, entered.amounts) WITH ORDINALITY
               AS leg(account, currency, amount, n)
        RETURNING account, amount, effective_on, entry
    ), touched AS (
        SELECT lined.account, sum(lined.amount)::bigint AS amount, min(lined.effective_on) AS first_day FROM lined GROUP BY lined.account
    )
    SELECT (SELECT count(*) FROM entered) AS entries,
           array_agg(touched.account) FILTER (WHERE NOT account.may_be_overdrawn) AS floored,
           array_agg(touched.amount) FILTER (WHERE NOT account.may_be_overdrawn) AS moved,
           max(account.code) FILTER (WHERE account.closed) AS closed,
           max(account.open_from - 1) FILTER (WHERE touched.first_day < account.open_from) AS closed_to
      INTO done
      FROM touched JOIN ledger_account AS account ON account.id = touched.account;

    SELECT array_agg(entry.id ORDER BY event.n) INTO ids
      FROM unnest(kinds, refs) WITH ORDINALITY AS event(kind, reference, n)
      JOIN ledger_entry AS entry ON entry.kind = event.kind AND entry.reference = event.reference;

    IF done.entries < cardinality(kinds) THEN
        -- Some stood already. Theirs is the same content, or the batch is refused.
        SELECT min(event.kind || ' ' || event.reference) INTO differs
          FROM unnest(kinds, refs, days, memos, subjects) WITH ORDINALITY
               AS event(kind, reference, day, memo, subject, n)
          JOIN ledger_entry AS entry ON entry.kind = event.kind AND entry.reference = event.reference
          CROSS JOIN LATERAL (
              SELECT array_agg(account.id ORDER BY leg.n) AS accounts, array_agg(leg.amount ORDER BY leg.n) AS amounts
                FROM unnest(entry_of, codes, its_amounts) WITH ORDINALITY AS leg(entry_of, code, amount, n)
                JOIN ledger_account AS account ON account.code = leg.code
               WHERE leg.entry_of = event.n) AS legs
         WHERE (entry.effective_on, entry.memo, entry.accounts, entry.amounts)
                   IS DISTINCT FROM (event.day, event.memo, legs.accounts, legs.amounts)
            OR entry.subject IS DISTINCT FROM event.subject OR entry.reverses IS NOT NULL;
        IF differs IS NOT NULL THEN
            RAISE EXCEPTION '% is in the books with other content.', differs USING ERRCODE = 'TF109', DETAIL = differs;
        END IF;
    END IF;
    IF done.closed IS NOT NULL THEN
        RAISE EXCEPTION 'Account % is closed.', done.closed USING ERRCODE = 'TF107', DETAIL = done.closed;
    END IF;
    IF done.closed_to IS NOT NULL THEN
        RAISE EXCEPTION 'The books are closed up to %.', done.closed_to USING ERRCODE = 'TF108', DETAIL = done.closed_to::text;
    END IF;
    IF done.floored IS NOT NULL THEN
        PERFORM ledger_move_floored(done.floored, done.moved);
    END IF;
    RETURN ids;
END $$;
