insert into workspace_calendar_sync_log (workspace_id, calendar_id, workflow_id, run_id, mode, source, outcome)
values ('acme', '00000000-0000-4000-8000-00000000000c', 'calendar-sync/acme', 'run-4', 'incremental', 'schedule', 'skipped')
