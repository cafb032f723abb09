insert into workspace_usage (day, workspace_id, syncs, changes, event_writes) values ('2026-12-01', 'acme', 96, 3, 1)
on conflict do nothing
