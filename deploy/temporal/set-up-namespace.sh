#!/bin/sh
# Creates the namespace, unless it is there. Its search attributes are declared by `almanac schedules apply`.
set -eu

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"

# A new namespace takes some seconds to reach every service.
tries=0
until temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "Namespace $TEMPORAL_NAMESPACE did not become usable within a minute." >&2; exit 1; }
  sleep 1
done
