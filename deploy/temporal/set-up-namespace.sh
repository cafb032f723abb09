#!/bin/sh
# Creates the namespace unless it exists. `almanac schedules apply` declares its search attributes.
set -eu

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"

# It takes some seconds until every service knows a new namespace.
tries=0
until temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "Namespace $TEMPORAL_NAMESPACE did not become usable within a minute." >&2; exit 1; }
  sleep 1
done
