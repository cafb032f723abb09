insert into notifiers (id, workspace_id, name, kind, notices, key_id, target)
values ('00000000-0000-4000-8000-000000000110', 'acme', 'Team', 'slack', '{dead-letter}', 'key', '')
on conflict do nothing;
insert into notifier_messages (id, notifier_id, workspace_id, notice)
values ('00000000-0000-4000-8000-000000000111', '00000000-0000-4000-8000-000000000110', 'acme', 'dead-letter')
on conflict do nothing;
insert into notices (notifier_id, notice, subject_id, message_id)
values ('00000000-0000-4000-8000-000000000110', 'dead-letter', '00000000-0000-4000-8000-000000000112', '00000000-0000-4000-8000-000000000111')
on conflict do nothing
