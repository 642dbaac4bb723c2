#!/bin/sh
# Run once by the image of PostgreSQL, after roles.sql: the roles get their passwords and the fund its database.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner="$OWNER_PASSWORD" --set application="$APPLICATION_PASSWORD" <<'SQL'
ALTER ROLE trustfund_owner PASSWORD :'owner';
ALTER ROLE trustfund_app PASSWORD :'application';
CREATE DATABASE trustfund OWNER trustfund_owner;
SQL
