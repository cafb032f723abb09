-- Runs that a later one has taken the calendar over from, latest first: none of them takes it back.
ALTER TABLE "calendar_sync_states" ADD COLUMN "fence_superseded" TEXT[] NOT NULL DEFAULT '{}';
