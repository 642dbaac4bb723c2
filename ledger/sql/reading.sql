-- How balances are read. Each function is one statement, so it sees the books at one moment.

-- The balance of some accounts as of a day (all of history if NULL). An account without lines has no row.
CREATE FUNCTION ledger_balances_of(its_accounts integer[], its_day date) RETURNS TABLE (account integer, amount numeric)
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT line.account, sum(line.amount)
      FROM ledger_line AS line
     WHERE line.account = ANY (its_accounts) AND (its_day IS NULL OR line.effective_on <= its_day)
     GROUP BY line.account;
$$;
