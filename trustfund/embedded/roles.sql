-- The three roles of the database. Run as a superuser, once per server; running it again changes nothing.
--   trustfund_owner   owns the tables and runs the migrations
--   trustfund_ledger  owns the ledger: nobody signs in as it, only its functions act as it
--   trustfund_app     is the application: owns nothing, reads the ledger, calls its functions
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trustfund_ledger') THEN
        CREATE ROLE trustfund_ledger NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trustfund_owner') THEN
        CREATE ROLE trustfund_owner LOGIN CREATEDB;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trustfund_app') THEN
        CREATE ROLE trustfund_app LOGIN;
    END IF;
END $$;
GRANT trustfund_ledger TO trustfund_owner;
