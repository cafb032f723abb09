-- Every listing of a calendar, and every write in it, looks for writes that failed half-way. There are hardly any.
CREATE INDEX "event_writes_half_made_idx" ON "event_writes"("calendar_id")
    WHERE "status" = 'failed' AND "steps" IS NOT NULL;
