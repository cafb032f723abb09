ALTER TABLE "workspace_calendar_sync_log" DROP CONSTRAINT "workspace_calendar_sync_log_outcome_check";
ALTER TABLE "workspace_calendar_sync_log"
    ADD CONSTRAINT "workspace_calendar_sync_log_outcome_check" CHECK ("outcome" IN ('running', 'success', 'failed', 'skipped'));
