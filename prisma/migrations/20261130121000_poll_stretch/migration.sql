-- When events of the calendar last changed: existing calendars count as changed now. And its poll interval in
-- seconds where it was stretched to keep Google's daily budget.
ALTER TABLE "calendar_sync_states" ADD COLUMN     "last_changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "stretched_seconds" INTEGER;
