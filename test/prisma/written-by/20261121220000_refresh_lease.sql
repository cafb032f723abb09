update calendar_auth_tokens set refreshing_until = '2026-01-05T09:00:05Z' where id = '00000000-0000-4000-8000-00000000000a'
