insert into calendar_change_positions (workspace_id, last_position) values ('acme', 1)
on conflict (workspace_id) do update set last_position = calendar_change_positions.last_position + 1;
insert into calendar_changes (workspace_id, position, calendar_id, google_event_id, operation, kind, status, etag, start_at, end_at, resource)
select 'acme', last_position, '00000000-0000-4000-8000-00000000000c', 'single', 'update', 'single', 'confirmed', '"2"', '2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z', '{"id": "single"}'
from calendar_change_positions where workspace_id = 'acme'
