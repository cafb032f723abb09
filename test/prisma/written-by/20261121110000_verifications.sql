insert into calendar_verifications (calendar_id, run_id, step, attempt, sync_token)
values ('00000000-0000-4000-8000-00000000000c', 'run-2', 3, 1, 'token-2')
on conflict (calendar_id) do update set run_id = excluded.run_id;
insert into calendar_verification_pages (calendar_id, page, google_event_ids)
values ('00000000-0000-4000-8000-00000000000c', 0, '{single}');
insert into calendar_differences (calendar_id, google_event_id, kind, resource)
values ('00000000-0000-4000-8000-00000000000c', 'missing', 'missing', '{"id": "missing"}')
on conflict (calendar_id, google_event_id, kind) do nothing
