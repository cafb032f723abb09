insert into webhook_subscriptions (id, workspace_id, url, types, payload, key_id, secret)
values ('00000000-0000-4000-8000-00000000f001', 'acme', 'https://example.com/hook', '{event.created}', 'thin', 'key', '\x00')
on conflict do nothing;

insert into webhook_cursors (subscription_id, workspace_id, position)
values ('00000000-0000-4000-8000-00000000f001', 'acme', 1)
on conflict do nothing;

insert into webhook_deliveries (subscription_id, number, workspace_id, message_id, changes, status, latency_ms)
values ('00000000-0000-4000-8000-00000000f001', 1, 'acme', 'msg_1', 1, 204, 12)
on conflict do nothing
