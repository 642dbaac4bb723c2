-- How balances are read. Each function is one statement, so it sees the books at one moment.

-- The balance of some accounts as of a day (all of history if NULL). An account without lines has no row.
CREATE FUNCTION ledger_balances_of(its_accounts integer[], its_day date) RETURNS TABLE (account integer, amount numeric)
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT line.account, sum(line.amount)
      FROM ledger_line AS line
     WHERE line.account = ANY (its_accounts) AND (its_day IS NULL OR line.effective_on <= its_day)
     GROUP BY line.account;
$$;

-- What an account gained and gave between two days.
CREATE FUNCTION ledger_moved(its_account integer, first_day date, last_day date) RETURNS TABLE (debit numeric, credit numeric)
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(sum(line.amount) FILTER (WHERE line.amount > 0), 0),
           coalesce(-sum(line.amount) FILTER (WHERE line.amount < 0), 0)
      FROM ledger_line AS line
     WHERE line.account = its_account AND line.effective_on BETWEEN first_day AND last_day;
$$;

-- In which months anything took effect, latest first, and how many entries.
CREATE FUNCTION ledger_activity(most integer) RETURNS TABLE (first date, entries bigint)
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT date_trunc('month', entry.effective_on)::date, count(*)
      FROM ledger_entry AS entry GROUP BY 1 ORDER BY 1 DESC LIMIT most;
$$;
