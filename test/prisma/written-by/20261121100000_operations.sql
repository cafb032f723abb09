update calendar_sync_states set listing_started_at = '2026-01-05T09:00:00Z', proven_at = '2026-01-05T09:00:00Z', verified_at = '2026-01-05T09:00:00Z', drift = 2
where calendar_id = '00000000-0000-4000-8000-00000000000c';
insert into google_quotas (scope, strikes) values ('account:ada', 1) on conflict (scope) do update set strikes = excluded.strikes;
insert into watch_channels (id, calendar_id, status, resource_id, expires_at)
values ('00000000-0000-4000-8000-0000000000f1', '00000000-0000-4000-8000-00000000000c', 'live', 'resource-1', '2026-01-12T09:00:00Z');
insert into dead_letters (id, workspace_id, calendar_id, operation, workflow_id, run_id, correlation_id, failure_type)
values ('00000000-0000-4000-8000-0000000000d1', 'acme', '00000000-0000-4000-8000-00000000000c', 'sync', 'calendar-sync/acme', 'run-1', 'c-1', 'GoogleForbidden'),
  ('00000000-0000-4000-8000-0000000000d2', 'acme', '00000000-0000-4000-8000-00000000000c', 'sync', 'calendar-sync/acme', 'run-1', 'c-1', 'TokenUndecryptable')
