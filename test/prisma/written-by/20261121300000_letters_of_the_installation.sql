insert into dead_letters (id, operation, workflow_id, run_id, failure_type)
values ('00000000-0000-4000-8000-0000000000d3', 'sync', 'calendar-sync/acme', 'run-3', 'GoogleClientRejected')
