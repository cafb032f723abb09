insert into calendar_feeds (id, workspace_id, name, detail, secret_hash) values ('feed_0', 'acme', 'Feed', 'busy', '')
on conflict do nothing
