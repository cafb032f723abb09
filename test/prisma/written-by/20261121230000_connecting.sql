insert into connect_attempts (id, workspace_id, account_id, caller_hash, redirect_uri, key_id, code_verifier, expires_at)
values ('00000000-0000-4000-8000-0000000000aa', 'acme', '00000000-0000-4000-8000-00000000000a', '\x01', 'http://127.0.0.1:4000/', 'k1', '\x02', '2026-01-05T09:10:00Z');
update calendars set disconnected = false where workspace_id = 'acme'
