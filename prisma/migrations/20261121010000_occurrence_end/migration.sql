-- A check that is neither true nor false passes: `end >= start` let an occurrence without an end through.
ALTER TABLE "workspace_calendar_events"
    DROP CONSTRAINT "workspace_calendar_events_time_check",
    ADD CONSTRAINT "workspace_calendar_events_time_check" CHECK (
        CASE WHEN "all_day"
            THEN "start_date" IS NOT NULL AND "end_date" IS NOT NULL AND "end_date" >= "start_date"
                AND "start_at" IS NULL AND "end_at" IS NULL
            ELSE "start_at" IS NOT NULL AND "end_at" IS NOT NULL AND "end_at" >= "start_at"
                AND "start_date" IS NULL AND "end_date" IS NULL
        END);
