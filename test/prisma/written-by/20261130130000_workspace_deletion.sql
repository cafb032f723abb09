insert into workspace_receipts (id, workspace_id, own_calendars, accounts, rows)
values ('00000000-0000-4000-8000-00000000f001', 'gone', true, '{"00000000-0000-4000-8000-00000000f002": {"grant": "revoked", "calendars": 1}}', '{"tasks": 2}')
on conflict do nothing
