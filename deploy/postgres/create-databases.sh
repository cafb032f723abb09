#!/bin/sh
# Runs once, when the Postgres volume is empty: a role and its databases for Temporal and one for Almanac, so that
# neither can read the other's.
set -eu

: "${TEMPORAL_POSTGRES_PASSWORD:?must be set}" "${ALMANAC_POSTGRES_PASSWORD:?must be set}"

# psql reads the passwords from its own environment: arguments can be seen in the list of processes.
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv temporal_password TEMPORAL_POSTGRES_PASSWORD
\getenv almanac_password ALMANAC_POSTGRES_PASSWORD
create role temporal login password :'temporal_password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
create role almanac login password :'almanac_password';
create database almanac owner almanac;
-- What almanac may not make itself: row-level security binds requests of its API to this role.
create role almanac_tenant nologin;
grant almanac_tenant to almanac;
revoke connect on database temporal, temporal_visibility, almanac from public;
SQL
