update calendar_sync_states set lasting_drift = 1 where workspace_id = 'acme'
