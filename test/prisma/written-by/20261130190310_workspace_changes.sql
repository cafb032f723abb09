insert into webhook_workspace_cursors (subscription_id, workspace_id, position)
values ('00000000-0000-4000-8000-00000000f001', 'acme', 1)
on conflict do nothing
