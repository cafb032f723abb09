-- Time of the last compacted change: a moment before it can no longer be shown. Null: compacted by a release
-- that did not record it, or never.
ALTER TABLE "calendar_change_positions" ADD COLUMN "compacted_until" TIMESTAMPTZ(3);
