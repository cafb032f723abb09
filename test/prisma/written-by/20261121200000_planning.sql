insert into tasks (id, workspace_id, title, priority, duration_minutes, deadline, source_ref)
values ('00000000-0000-4000-8000-0000000000a1', 'acme', 'Report', 'high', 120, '2026-01-09T17:00:00Z', 'row-1'),
  ('00000000-0000-4000-8000-0000000000a2', 'acme', 'Review', 'normal', 60, null, null)
on conflict (workspace_id, source_ref) do nothing;
insert into task_dependencies (task_id, after_task_id, workspace_id)
values ('00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-0000000000a1', 'acme');
insert into habits (id, workspace_id, title, rrule, start_date, duration_minutes, min_minutes, ideal_time)
values ('00000000-0000-4000-8000-0000000000b1', 'acme', 'Run', 'FREQ=DAILY', '2026-01-05', 45, 30, '07:30');
insert into habit_skips (habit_id, day) values ('00000000-0000-4000-8000-0000000000b1', '2026-01-06');
insert into declined_slots (task_id, start_at, end_at)
values ('00000000-0000-4000-8000-0000000000a1', '2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z');
insert into calendar_hours (workspace_id, type, weekday, blocks) values ('acme', 'work', 'mon', '{09:00-12:00,13:00-24:00}')
on conflict (workspace_id, type, weekday) do update set blocks = excluded.blocks;
insert into schedule_policies (workspace_id, target_account_id, auto_apply) values ('acme', '00000000-0000-4000-8000-00000000000a', true)
on conflict (workspace_id) do update set auto_apply = excluded.auto_apply;
insert into schedule_runs (id, workspace_id, mode, status, fingerprint, objective, blocks)
values ('00000000-0000-4000-8000-0000000000c1', 'acme', 'apply', 'applied', 'f-1', '{"onTime": 1}', '[]');
insert into scheduled_blocks (id, workspace_id, kind, task_id, start_at, end_at, status, account_id, calendar_id, google_event_id, run_id)
values ('00000000-0000-4000-8000-0000000000b2', 'acme', 'task', '00000000-0000-4000-8000-0000000000a1', '2026-01-05T13:00:00Z', '2026-01-05T15:00:00Z', 'written',
  '00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000c', 'block1', '00000000-0000-4000-8000-0000000000c1')
