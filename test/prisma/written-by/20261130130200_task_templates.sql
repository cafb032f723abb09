insert into task_templates (name, content) values ('onboarding', '{"tasks": [{"name": "a", "title": "A", "durationMinutes": 30}], "habits": []}')
on conflict do nothing
