update calendars set push_unsupported_at = '2026-01-05T09:00:00Z' where workspace_id = 'acme';
update calendar_sync_states set notified_at = '2026-01-05T09:00:00Z' where workspace_id = 'acme';
update watch_channels set address = 'https://almanac.example.com/webhooks/google-calendar', renew_at = '2026-01-11T09:00:00Z', token_hash = '\x01' where status = 'live'
