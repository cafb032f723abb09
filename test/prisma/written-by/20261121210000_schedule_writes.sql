insert into schedule_writes (run_id, position, block_id, operation, after_start, after_end, status)
values ('00000000-0000-4000-8000-0000000000c1', 0, '00000000-0000-4000-8000-0000000000b2', 'insert', '2026-01-05T13:00:00Z', '2026-01-05T15:00:00Z', 'done')
