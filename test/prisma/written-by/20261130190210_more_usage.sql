insert into workspace_usage (day, workspace_id, api_calls, delivery_attempts, deliveries, temporal_actions)
values ('2026-12-02', 'acme', 20, 3, 2, 300)
on conflict do nothing
