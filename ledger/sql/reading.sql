-- How balances are read: months before, days inside the month, and the tail that no seal has folded in yet. Each function is
-- one statement, so it sees the books at one moment, and none is longer for a longer history. They act as their caller, and
-- carry no setting of their own, so that PostgreSQL plans them as part of the query that asks.

-- The first transaction id that no seal covers.
CREATE OR REPLACE FUNCTION ledger_tail() RETURNS xid8
    LANGUAGE sql STABLE AS
    $$SELECT coalesce((SELECT xid_to FROM ledger_seal ORDER BY n DESC LIMIT 1), '0'::xid8)$$;

-- What no seal covers yet, leg by leg. Two bounds and OFFSET keep it a walk along the index of transaction ids: PostgreSQL cannot
-- know how short the tail is, and would rather read all days before an early one.
CREATE OR REPLACE FUNCTION ledger_unsealed()
    RETURNS TABLE (account integer, effective_on date, amount bigint) LANGUAGE sql STABLE AS $$
    SELECT leg.account, entry.effective_on, leg.amount
      FROM (SELECT held.effective_on, held.accounts, held.amounts FROM ledger_entry AS held
             WHERE held.xid >= (SELECT ledger_tail()) AND held.xid < '18446744073709551615'::xid8 OFFSET 0) AS entry,
           unnest(entry.accounts, entry.amounts) AS leg(account, amount)
$$;

-- The balance of some accounts as of a day (all of history if NULL). An account without lines has no row. Months are summed by
-- themselves first: they are most of the rows, and in a trial balance there are many.
CREATE OR REPLACE FUNCTION ledger_balances_of(its_accounts integer[], its_day date)
    RETURNS TABLE (account integer, amount numeric) LANGUAGE sql STABLE AS $$
    SELECT part.account, sum(part.amount)
      FROM (SELECT month.account, sum(month.debit) - sum(month.credit) AS amount FROM ledger_month AS month
             WHERE month.account = ANY (its_accounts)
               AND (its_day IS NULL OR month.month < date_trunc('month', its_day)::date)
             GROUP BY month.account
            UNION ALL
            SELECT day.account, sum(day.delta) FROM ledger_day AS day
             WHERE day.account = ANY (its_accounts)
               AND day.day BETWEEN date_trunc('month', its_day)::date AND its_day
             GROUP BY day.account
            UNION ALL
            SELECT unsealed.account, unsealed.amount FROM ledger_unsealed() AS unsealed
             WHERE unsealed.account = ANY (its_accounts) AND (its_day IS NULL OR unsealed.effective_on <= its_day)) AS part
     GROUP BY part.account
$$;

-- The same as it was known at a booking time: entries booked later are left out, whatever day they took effect.
--   edge     the last seal that, with all before it, holds only what was booked by then
--   unsure   what later seals and the tail hold that was booked by then, or has an id below the edge's: a seal or two
--   late     whether of the month that the day cuts more was sealed by the edge than after it; judged by the first account.
--            If so, its days as they stand are read and what came later is taken off; if not, the lines that had come are summed.
CREATE OR REPLACE FUNCTION ledger_balances_known(its_accounts integer[], its_day date, moment timestamptz)
    RETURNS TABLE (account integer, amount numeric) LANGUAGE sql STABLE AS $$
    WITH edge AS MATERIALIZED (
        SELECT coalesce(max(seal.n), 0) AS n, coalesce(max(seal.ids_to), 0) AS ids_to
          FROM (SELECT n, ids_to FROM ledger_seal WHERE known_to <= moment ORDER BY known_to DESC, n DESC LIMIT 1) AS seal
    ), later AS (
        SELECT seal.xid_from, seal.xid_to, true AS sealed FROM edge JOIN ledger_seal AS seal ON seal.n > edge.n AND seal.n <= edge.n + 9
         WHERE seal.booked_from <= moment OR seal.id_from <= edge.ids_to
        UNION ALL
        SELECT seal.xid_from, seal.xid_to, true AS sealed FROM edge JOIN ledger_seal AS seal ON seal.reach > 8 AND seal.n > edge.n + 9
         WHERE seal.booked_from <= moment OR seal.id_from <= edge.ids_to
        UNION ALL
        SELECT ledger_tail(), '18446744073709551615'::xid8, false
    ), unsure AS MATERIALIZED (
        SELECT entry.id, entry.effective_on, entry.booked_at, entry.accounts, entry.amounts, later.sealed
          FROM later CROSS JOIN LATERAL (
               -- OFFSET keeps this a walk along the index for each window, whatever the planner thinks of the whole.
               SELECT * FROM ledger_entry AS held
                WHERE held.xid >= later.xid_from AND held.xid < later.xid_to OFFSET 0) AS entry
         WHERE entry.accounts && its_accounts
    ), side AS MATERIALIZED (
        SELECT coalesce(2 * edge.n >= min(known.seal) + max(known.seal), false) AS late
          FROM edge LEFT JOIN ledger_month_known AS known
            ON known.account = its_accounts[1] AND known.month = date_trunc('month', its_day)::date
         GROUP BY edge.n
    )
    SELECT part.account, sum(part.amount)
      FROM (SELECT month.account, known.delta AS amount
              FROM edge CROSS JOIN ledger_month AS month
              CROSS JOIN LATERAL (
                   SELECT held.delta FROM ledger_month_known AS held
                    WHERE held.account = month.account AND held.month = month.month AND held.seal <= edge.n
                    ORDER BY held.seal DESC LIMIT 1) AS known
             WHERE month.account = ANY (its_accounts)
               AND (its_day IS NULL OR month.month < date_trunc('month', its_day)::date)
            UNION ALL
            SELECT line.account, line.amount FROM ledger_line AS line
             WHERE NOT (SELECT late FROM side)
               AND line.account = ANY (its_accounts) AND line.entry <= (SELECT ids_to FROM edge)
               AND line.effective_on BETWEEN date_trunc('month', its_day)::date AND its_day
               AND line.entry NOT IN (SELECT id FROM unsure)
            UNION ALL
            SELECT day.account, day.delta FROM ledger_day AS day
             WHERE (SELECT late FROM side)
               AND day.account = ANY (its_accounts) AND day.day BETWEEN date_trunc('month', its_day)::date AND its_day
            UNION ALL
            SELECT line.account, -line.amount FROM ledger_line AS line
             WHERE (SELECT late FROM side)
               AND line.account = ANY (its_accounts) AND line.entry > (SELECT ids_to FROM edge)
               AND line.effective_on BETWEEN date_trunc('month', its_day)::date AND its_day
               AND line.entry NOT IN (SELECT id FROM unsure)
            UNION ALL
            SELECT leg.account, -leg.amount
              FROM unsure, unnest(unsure.accounts, unsure.amounts) AS leg(account, amount)
             WHERE (SELECT late FROM side) AND unsure.sealed AND leg.account = ANY (its_accounts)
               AND unsure.effective_on BETWEEN date_trunc('month', its_day)::date AND its_day
            UNION ALL
            SELECT leg.account, leg.amount
              FROM unsure, unnest(unsure.accounts, unsure.amounts) AS leg(account, amount)
             WHERE unsure.booked_at <= moment AND leg.account = ANY (its_accounts)
               AND (its_day IS NULL OR unsure.effective_on <= its_day)) AS part
     GROUP BY part.account
$$;

-- What an account gained and gave in each month between two, and in how many lines.
CREATE OR REPLACE FUNCTION ledger_months_of(its_account integer, first_month date, last_month date)
    RETURNS TABLE (month date, debit numeric, credit numeric, lines bigint) LANGUAGE sql STABLE AS $$
    SELECT part.month, sum(part.debit), sum(part.credit), sum(part.lines)
      FROM (SELECT held.month, held.debit, held.credit, held.lines FROM ledger_month AS held
             WHERE held.account = its_account AND held.month BETWEEN first_month AND last_month
            UNION ALL
            SELECT date_trunc('month', unsealed.effective_on)::date,
                   greatest(unsealed.amount, 0), greatest(-unsealed.amount, 0), 1
              FROM ledger_unsealed() AS unsealed
             WHERE unsealed.account = its_account
               AND unsealed.effective_on >= first_month AND unsealed.effective_on < last_month + interval '1 month') AS part
     GROUP BY part.month
$$;

-- In which months anything took effect, latest first, and in how many lines.
CREATE OR REPLACE FUNCTION ledger_lines_by_month(most integer)
    RETURNS TABLE (month date, lines bigint) LANGUAGE sql STABLE AS $$
    SELECT part.month, sum(part.lines)::bigint
      FROM (SELECT held.month, held.lines FROM ledger_month AS held
            UNION ALL
            SELECT date_trunc('month', unsealed.effective_on)::date, 1 FROM ledger_unsealed() AS unsealed) AS part
     GROUP BY part.month ORDER BY part.month DESC LIMIT most
$$;
