-- The zone that a calendar's events were read in, until they are read anew in the one it has been given since. The
-- items that could not be read when they were last listed.
ALTER TABLE "calendar_sync_states"
    ADD COLUMN "stale_time_zone" TEXT,
    ADD COLUMN "unreadable_ids" TEXT[] NOT NULL DEFAULT '{}';

-- A series that costs too much to expand: its occurrences are left out.
ALTER TABLE "calendar_events" ADD COLUMN "too_costly" BOOLEAN NOT NULL DEFAULT false;

CREATE INDEX "calendar_events_too_costly_idx" ON "calendar_events" ("calendar_id") WHERE "too_costly";
