insert into availability_permits (workspace_id, reader_id) values ('acme', 'globex')
on conflict do nothing
