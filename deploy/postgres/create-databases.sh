#!/bin/sh
# Runs when the Postgres volume is empty. Creates separate roles and databases for Temporal and Almanac; neither can read
# the other's. Almanac has three logins: `almanac_migrate` owns the tables, `almanac_worker` reads and writes their rows,
# `almanac_api` reaches a workspace's rows only through the role `almanac_tenant`.
#
# Run it again to set new passwords, or to upgrade a volume of an older version:
#
#   docker compose -f temporal-compose.yml exec postgres sh /docker-entrypoint-initdb.d/create-databases.sh
set -eu

: "${TEMPORAL_POSTGRES_PASSWORD:?must be set}" "${ALMANAC_POSTGRES_PASSWORD:?must be set}"
: "${ALMANAC_WORKER_POSTGRES_PASSWORD:?must be set}" "${ALMANAC_API_POSTGRES_PASSWORD:?must be set}"

# psql reads the passwords from its environment, because arguments are visible in the process list.
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv temporal_password TEMPORAL_POSTGRES_PASSWORD
\getenv migrate_password ALMANAC_POSTGRES_PASSWORD
\getenv worker_password ALMANAC_WORKER_POSTGRES_PASSWORD
\getenv api_password ALMANAC_API_POSTGRES_PASSWORD

-- Volumes of older versions have one login for everything, which owns the tables.
select 'alter role almanac rename to almanac_migrate' from pg_roles where rolname = 'almanac'
  and not exists (select from pg_roles where rolname = 'almanac_migrate') \gexec
select format('create role %I', name)
  from unnest(array['temporal', 'almanac_migrate', 'almanac_worker', 'almanac_api', 'almanac_tenant']) name
  where not exists (select from pg_roles where rolname = name) \gexec

alter role temporal login password :'temporal_password';
alter role almanac_migrate login password :'migrate_password';
alter role almanac_worker login password :'worker_password';
-- It takes the tenants' role on for each request, and has nothing of it without.
alter role almanac_api login noinherit password :'api_password';
alter role almanac_tenant nologin;
grant almanac_tenant to almanac_api with inherit false, set true;
grant almanac_tenant to almanac_migrate;

select format('create database %I owner %I', name, owner)
  from (values ('temporal', 'temporal'), ('temporal_visibility', 'temporal'), ('almanac', 'almanac_migrate'))
    as wanted (name, owner)
  where not exists (select from pg_database where datname = name) \gexec
revoke connect on database temporal, temporal_visibility, almanac from public;
grant connect on database almanac to almanac_worker, almanac_api;
SQL
