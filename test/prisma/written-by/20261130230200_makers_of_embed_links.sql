insert into embed_links (id, workspace_id, time_zone, frame_origin, secret_hash, expires_at, api_key_id, session_id, secret_check)
values ('emb_1', 'acme', 'UTC', 'https://app.example.com', '', now() + interval '1 hour', 'key-1', 'ses_0', '\x01')
on conflict do nothing
