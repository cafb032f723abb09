insert into workspaces (id, time_zone) values ('acme', 'Europe/Berlin');
insert into calendar_auth_tokens (id, workspace_id, email, scopes, key_id, refresh_token, access_token, access_token_expires_at)
values ('00000000-0000-4000-8000-00000000000a', 'acme', 'ada@example.com', '{calendar.readonly}', 'k1', '\x0102', '\x03', '2026-01-05T10:00:00Z');
insert into calendars (id, workspace_id, account_id, google_calendar_id, summary, time_zone, access_role, is_primary)
values ('00000000-0000-4000-8000-00000000000c', 'acme', '00000000-0000-4000-8000-00000000000a', 'ada@example.com', 'Ada', 'Europe/Berlin', 'owner', true);
insert into calendar_sync_states (calendar_id, workspace_id, sync_token, last_synced_at, last_full_sync_at, horizon_from, horizon_to, fence_run_id, fence_run_at, fence_finished)
values ('00000000-0000-4000-8000-00000000000c', 'acme', 'token-1', '2026-01-05T09:00:00Z', '2026-01-05T09:00:00Z', '2025-10-07T00:00:00Z', '2027-02-09T00:00:00Z', 'run-1', '2026-01-05T09:00:00Z', true);
insert into calendar_events (calendar_id, google_event_id, kind, status, etag, series_id, start_at, end_at, start_date, end_date, resource)
values
  ('00000000-0000-4000-8000-00000000000c', 'single', 'single', 'confirmed', '"1"', null, '2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z', null, null, '{"id": "single"}'),
  ('00000000-0000-4000-8000-00000000000c', 'all-day', 'single', 'tentative', '"1"', null, null, null, '2026-01-05', '2026-01-06', '{"id": "all-day"}'),
  ('00000000-0000-4000-8000-00000000000c', 'series', 'series', 'confirmed', '"1"', null, '2026-01-05T11:00:00Z', '2026-01-05T12:00:00Z', null, null, '{"id": "series"}'),
  ('00000000-0000-4000-8000-00000000000c', 'exception', 'exception', 'cancelled', null, 'series', null, null, null, null, '{"id": "exception"}')
on conflict (calendar_id, google_event_id) do update set etag = excluded.etag, resource = excluded.resource;
insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id, title, status, busy, event_type, all_day, start_at, end_at)
values ('00000000-0000-4000-8000-0000000000e1', 'acme', '00000000-0000-4000-8000-00000000000c', 'single', 'single', 'Lunch', 'confirmed', true, 'default', false, '2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z');
insert into calendar_listing_pages (calendar_id, page, google_event_ids)
values ('00000000-0000-4000-8000-00000000000c', 0, '{single,all-day}')
on conflict (calendar_id, page) do update set google_event_ids = excluded.google_event_ids;
insert into workspace_calendar_sync_log (workspace_id, calendar_id, workflow_id, run_id, mode, source, correlation_id, outcome, pages, upserted)
values ('acme', '00000000-0000-4000-8000-00000000000c', 'calendar-sync/acme', 'run-1', 'full', 'schedule', 'c-1', 'success', 1, 4)
on conflict (calendar_id, run_id) do update set outcome = excluded.outcome;
insert into calendar_changes (workspace_id, calendar_id, google_event_id, operation, correlation_id)
values ('acme', '00000000-0000-4000-8000-00000000000c', 'single', 'insert', 'c-1');
update calendar_sync_states set sync_token = 'token-2', fence_page = fence_page + 1 where calendar_id = '00000000-0000-4000-8000-00000000000c'
