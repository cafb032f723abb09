insert into console_sessions (id, kind, workspace_id, token_hash, expires_at)
values ('ses_0', 'session', 'acme', '', now() + interval '1 hour')
on conflict do nothing;
insert into embed_links (id, workspace_id, time_zone, frame_origin, secret_hash, expires_at)
values ('emb_0', 'acme', 'UTC', 'https://app.example.com', '', now() + interval '1 hour')
on conflict do nothing
