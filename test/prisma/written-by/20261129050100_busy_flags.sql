insert into schedule_policies (workspace_id, free_traits) values ('acme', '{allDay}')
on conflict (workspace_id) do update set free_traits = excluded.free_traits;
update calendars set takes_time_choice = true where id = '00000000-0000-4000-8000-00000000000c';
insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id, title, status, traits, busy, event_type, all_day, start_date, end_date)
values ('00000000-0000-4000-8000-0000000000e2', 'acme', '00000000-0000-4000-8000-00000000000c', 'all-day', 'all-day', 'Fair', 'tentative', '{allDay,tentative}', false, 'default', true, '2026-01-05', '2026-01-06')
on conflict (id) do update set traits = excluded.traits, busy = excluded.busy
