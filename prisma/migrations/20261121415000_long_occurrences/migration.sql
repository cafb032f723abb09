-- A range looks a day back for what began before it. The few occurrences that are longer are found by when they end.
CREATE INDEX "workspace_calendar_events_long_idx" ON "workspace_calendar_events"("workspace_id", "end_at")
    WHERE NOT "all_day" AND "end_at" - "start_at" > interval '24 hours';
