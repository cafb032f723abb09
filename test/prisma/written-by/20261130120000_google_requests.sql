insert into google_requests (day, workspace_id, method, requests) values ('2026-12-01', 'acme', 'events.list', 1)
on conflict do nothing;
insert into google_request_days (day, requests) values ('2026-12-01', 1)
on conflict do nothing
