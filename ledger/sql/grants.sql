-- The application reads every table of the ledger and calls its public functions. It owns and writes nothing here.
GRANT SELECT ON ledger_currency, ledger_account, ledger_entry, ledger_line, ledger_balance, ledger_period_change
    TO trustfund_app;
REVOKE ALL ON FUNCTION
    ledger_book(text, text, date, uuid, text, uuid, bigint, text[], smallint[], bigint[]),
    ledger_move_floored(integer[], bigint[]),
    ledger_moment(),
    ledger_post(text, text, date, uuid, text, uuid, text[], smallint[], bigint[]),
    ledger_post_many(text[], text[], date[], uuid, text[], uuid[], integer[], text[], smallint[], bigint[]),
    ledger_reverse(bigint, text, date, uuid, text, boolean),
    ledger_open_account(text, text, text, smallint, boolean, uuid),
    ledger_close_account(text),
    ledger_move_fence(date, text, uuid)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ledger_post(text, text, date, uuid, text, uuid, text[], smallint[], bigint[]),
    ledger_post_many(text[], text[], date[], uuid, text[], uuid[], integer[], text[], smallint[], bigint[]),
    ledger_reverse(bigint, text, date, uuid, text, boolean),
    ledger_open_account(text, text, text, smallint, boolean, uuid),
    ledger_close_account(text),
    ledger_move_fence(date, text, uuid),
    ledger_open_from()
    TO trustfund_app;
