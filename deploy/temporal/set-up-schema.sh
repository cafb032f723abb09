#!/bin/sh
# Migrates Temporal's two databases to the schema of this release. Does nothing if they are up to date.
# temporal-sql-tool reads host, user and password from the environment.
set -eu

SCHEMAS=${TEMPORAL_SCHEMAS:-/etc/temporal/schema/postgresql/v12}

set_up() {
  temporal-sql-tool --database "$1" setup-schema --version 0.0
  temporal-sql-tool --database "$1" update-schema --schema-dir "$SCHEMAS/$2/versioned"
}

set_up temporal temporal
set_up temporal_visibility visibility
