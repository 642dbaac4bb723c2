-- The books. Amounts are whole minor units of the account's currency; a debit is positive, a credit negative.

CREATE TABLE ledger_currency (
    number   smallint PRIMARY KEY,
    code     text     NOT NULL UNIQUE,
    decimals smallint NOT NULL CHECK (decimals BETWEEN 0 AND 4)
);

CREATE TABLE ledger_account (
    id               integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code             text     NOT NULL UNIQUE CHECK (code ~ '^[0-9]{4}(\.[A-Za-z0-9-]+)?$'),
    name             text     NOT NULL CHECK (name <> ''),
    kind             text     NOT NULL CHECK (kind IN ('asset', 'income', 'use', 'memorandum')),
    currency         smallint NOT NULL REFERENCES ledger_currency,
    may_be_overdrawn boolean  NOT NULL,
    closed           boolean  NOT NULL DEFAULT false,
    -- The period fence: nothing is posted with an earlier effective date.
    open_from        date     NOT NULL,
    opened_by        uuid     NOT NULL,
    opened_at        timestamptz NOT NULL
);
CREATE INDEX ledger_account_by_prefix ON ledger_account (code text_pattern_ops);

-- Whether legs make an entry. It stands in a CHECK, so it cannot be forgotten, and it raises by itself, because a CHECK
-- that merely comes out NULL would let the row in. The same legs give the same answer for ever: it is truly immutable.
CREATE FUNCTION ledger_balances(accounts integer[], currencies smallint[], amounts bigint[]) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
DECLARE
    n constant integer := cardinality(amounts);
    uneven text;
BEGIN
    -- In two steps: array_position refuses an array of arrays by an error of its own.
    IF accounts IS NULL OR currencies IS NULL OR amounts IS NULL
       OR array_ndims(accounts) > 1 OR array_ndims(currencies) > 1 OR array_ndims(amounts) > 1
       OR array_lower(accounts, 1) <> 1 OR array_lower(currencies, 1) <> 1 OR array_lower(amounts, 1) <> 1
       OR cardinality(accounts) <> n OR cardinality(currencies) <> n THEN
        RAISE EXCEPTION 'A leg lacks its account, currency or amount.' USING ERRCODE = 'TF104';
    END IF;
    IF array_position(accounts, NULL) IS NOT NULL OR array_position(currencies, NULL) IS NOT NULL
       OR array_position(amounts, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'A leg lacks its account, currency or amount.' USING ERRCODE = 'TF104';
    END IF;
    IF n < 2 THEN
        RAISE EXCEPTION 'An entry has at least two legs.' USING ERRCODE = 'TF102';
    END IF;
    IF 0 = ANY (amounts) THEN
        RAISE EXCEPTION 'A leg moves nothing.' USING ERRCODE = 'TF103';
    END IF;
    -- Two legs in one currency are nearly all entries; numeric, because -(-2^63) is no bigint.
    IF n = 2 AND currencies[1] = currencies[2] AND amounts[1]::numeric + amounts[2] = 0 THEN
        RETURN true;
    END IF;
    SELECT string_agg(off.currency::text, ', ') INTO uneven
      FROM (SELECT leg.currency FROM unnest(currencies, amounts) AS leg(currency, amount)
             GROUP BY leg.currency HAVING sum(leg.amount) <> 0 ORDER BY leg.currency) AS off;
    IF uneven IS NOT NULL THEN
        RAISE EXCEPTION 'Debits and credits differ in currency %.', uneven USING ERRCODE = 'TF101', DETAIL = uneven;
    END IF;
    RETURN true;
END $$;

-- One row is one balanced event.
CREATE TABLE ledger_entry (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booked_at    timestamptz NOT NULL,
    -- Which PostgreSQL transaction booked it: the sealer's windows are cut by it, so that nobody waits and none is missed.
    xid          xid8        NOT NULL DEFAULT pg_current_xact_id(),
    actor        uuid        NOT NULL,
    subject      uuid,
    reverses     bigint,
    effective_on date        NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    reference    text COLLATE "C" NOT NULL CHECK (reference <> ''),
    memo         text        NOT NULL,
    accounts     integer[]   NOT NULL,
    currencies   smallint[]  NOT NULL,
    amounts      bigint[]    NOT NULL,
    CONSTRAINT an_event_is_posted_once UNIQUE (kind, reference),
    CONSTRAINT an_entry_balances CHECK (ledger_balances(accounts, currencies, amounts)),
    CONSTRAINT an_entry_does_not_reverse_itself CHECK (reverses <> id)
);
CREATE UNIQUE INDEX an_entry_is_reversed_once ON ledger_entry (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX ledger_entry_by_xid ON ledger_entry (xid);
CREATE INDEX ledger_entry_by_subject ON ledger_entry (subject) WHERE subject IS NOT NULL;
CREATE INDEX ledger_entry_by_actor ON ledger_entry (actor);
CREATE INDEX ledger_entry_by_day ON ledger_entry (effective_on);

-- The same legs, one row each. The key is the order of an account's statement. Sums over many lines come from the roll-ups,
-- so the key carries no amounts: it is the largest index of the books.
CREATE TABLE ledger_line (
    account      integer  NOT NULL,
    effective_on date     NOT NULL,
    entry        bigint   NOT NULL,
    amount       bigint   NOT NULL,
    currency     smallint NOT NULL,
    leg          smallint NOT NULL,
    CONSTRAINT ledger_line_pkey PRIMARY KEY (account, effective_on, entry, leg)
);

-- Only accounts that may not be overdrawn. Every other balance is read from lines, and waits for nobody.
CREATE TABLE ledger_balance (
    account integer PRIMARY KEY REFERENCES ledger_account,
    posted  numeric(30) NOT NULL DEFAULT 0,
    floor   numeric(30) NOT NULL DEFAULT 0,
    version bigint      NOT NULL DEFAULT 0,
    CONSTRAINT an_account_is_not_overdrawn CHECK (posted >= floor)
) WITH (fillfactor = 50);
