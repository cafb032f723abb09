insert into event_writes (id, workspace_id, batch_id, position, calendar_id, subject, operation)
select '00000000-0000-4000-8000-00000000e001', workspace_id, '00000000-0000-4000-8000-00000000e001', 0, id, 'event', 'delete'
from calendars where workspace_id = 'acme' limit 1
on conflict do nothing
