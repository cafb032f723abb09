update calendar_sync_states set audited_at = '2026-01-05T09:00:00Z' where workspace_id = 'acme'
