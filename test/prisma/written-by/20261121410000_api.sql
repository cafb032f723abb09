insert into api_keys (id, workspace_id, name, secret_hash) values ('key-1', 'acme', 'Backend', '\x01'), ('key-2', null, 'Operations', '\x02');
insert into idempotency_keys (caller, key, route, request_hash, status, body, locked_until)
values ('key-1', 'once', 'POST /tasks', '\x01', 201, '{}', '2026-01-05T09:01:00Z')
on conflict (caller, key) do nothing
