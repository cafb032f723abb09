insert into calendar_numbers (measured_at, numbers) values (now(), '{"byHealth": {"healthy": 1}}')
on conflict (id) do update set measured_at = excluded.measured_at, numbers = excluded.numbers
