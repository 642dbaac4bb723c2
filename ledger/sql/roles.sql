-- The ledger belongs to a role that nobody signs in as. Its tables and functions are made while acting as that role, so
-- that no default grant of the migrating role ever reaches them.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trustfund_ledger')
       OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trustfund_app') THEN
        RAISE EXCEPTION 'This server lacks the roles trustfund_ledger and trustfund_app.'
            USING HINT = 'Run trustfund/embedded/roles.sql once as a superuser: '
                         'psql -f trustfund/embedded/roles.sql postgres://postgres@your-server/postgres. Then migrate again.';
    END IF;
    IF NOT pg_has_role(current_user, 'trustfund_ledger', 'USAGE') THEN
        RAISE EXCEPTION 'The role % that runs the migrations may not act as trustfund_ledger.', current_user
            USING HINT = 'Migrate as trustfund_owner (MIGRATION_DATABASE_URL), or GRANT trustfund_ledger to this role.';
    END IF;
END $$;
GRANT USAGE, CREATE ON SCHEMA public TO trustfund_ledger;
