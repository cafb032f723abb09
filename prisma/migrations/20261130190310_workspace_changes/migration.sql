-- CreateTable
CREATE TABLE "workspace_changes" (
    "workspace_id" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "workspace_changes_pkey" PRIMARY KEY ("workspace_id", "position")
);

-- CreateTable
CREATE TABLE "workspace_change_positions" (
    "workspace_id" TEXT NOT NULL,
    "last_position" BIGINT NOT NULL,
    "compacted_through" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "workspace_change_positions_pkey" PRIMARY KEY ("workspace_id")
);

-- Every change rewrites a row: room on the page keeps those updates in place.
ALTER TABLE "workspace_change_positions" SET (fillfactor = 50);

-- CreateTable
CREATE TABLE "webhook_workspace_cursors" (
    "subscription_id" UUID NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "compacted_through" BIGINT,
    "delivered_through" BIGINT NOT NULL DEFAULT 0,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "batch_id" UUID,
    "batch_through" BIGINT,
    "served_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_workspace_cursors_pkey" PRIMARY KEY ("subscription_id", "workspace_id")
);

-- CreateIndex
CREATE INDEX "webhook_workspace_cursors_workspace_id_idx" ON "webhook_workspace_cursors"("workspace_id");

-- AlterTable
ALTER TABLE "webhook_deliveries" ADD COLUMN "log" TEXT NOT NULL DEFAULT 'events',
    ADD CONSTRAINT "webhook_deliveries_log_check" CHECK ("log" IN ('events', 'workspace'));

-- AddForeignKey
ALTER TABLE "workspace_changes" ADD CONSTRAINT "workspace_changes_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspace_change_positions" ADD CONSTRAINT "workspace_change_positions_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_workspace_cursors" ADD CONSTRAINT "webhook_workspace_cursors_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "webhook_subscriptions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_workspace_cursors" ADD CONSTRAINT "webhook_workspace_cursors_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "workspace_changes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "workspace_changes"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "workspace_change_positions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "workspace_change_positions"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "webhook_workspace_cursors" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "webhook_workspace_cursors"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true))
        AND EXISTS (SELECT 1 FROM "webhook_subscriptions" s WHERE s."id" = "subscription_id"));

-- Appends one change to the log of a workspace, unless the workspace is being deleted. Until the commit it locks the
-- workspace's position, so that positions follow the order of commits, and a rollback leaves no gap. It runs with the rights
-- of the tables' owner, because the API changes accounts as a role that must not write to the log.
CREATE FUNCTION "append_workspace_change"("of_workspace" text, "of_type" text, "with_data" jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    AS $$
        -- Each restore of the database adds a span, as in services/change-log/restores.ts.
        WITH first AS (
            SELECT coalesce(max(restores), 0)::bigint * 10000000000 AS position FROM installation
        ), reserved AS (
            INSERT INTO workspace_change_positions AS p (workspace_id, last_position, compacted_through)
            SELECT w.id, first.position + 1, first.position FROM workspaces w, first
            WHERE w.id = of_workspace AND w.status <> 'deleting'
            ON CONFLICT (workspace_id) DO UPDATE SET last_position = p.last_position + 1
            RETURNING workspace_id, last_position, pg_notify('almanac_changes', workspace_id) AS notified
        )
        INSERT INTO workspace_changes (workspace_id, position, type, data, changed_at)
        SELECT workspace_id, last_position, of_type, with_data, clock_timestamp() FROM reserved
    $$;

REVOKE EXECUTE ON FUNCTION "append_workspace_change" FROM PUBLIC;

-- Appends a change of the type that the trigger names, with the values that its further arguments find in the row: pairs of
-- a key and a path. Prisma's engine ends a statement at each semicolon, so those of the body are written as \x3B.
CREATE FUNCTION "note_workspace_change"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    AS E'
    declare
        changed jsonb := to_jsonb(coalesce(new, old))\x3B
    begin
        perform append_workspace_change(coalesce(changed ->> ''workspace_id'', changed ->> ''id''), tg_argv[0], (
            select coalesce(jsonb_strip_nulls(jsonb_object_agg(tg_argv[i], jsonb_path_query_first(changed, tg_argv[i + 1]::jsonpath))), ''{}'')
            from generate_series(1, tg_nargs - 1, 2) i))\x3B
        return null\x3B
    end';

REVOKE EXECUTE ON FUNCTION "note_workspace_change" FROM PUBLIC;

-- The triggers fire when a transaction commits, so no lock is taken after that of the position, and they cost nothing where
-- nothing turns. Whatever changes a row, of whichever version, appends to the log.
CREATE CONSTRAINT TRIGGER "sync_failed" AFTER UPDATE OF "failures" ON "calendar_sync_states"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."failures" = 0 AND NEW."failures" > 0)
    EXECUTE FUNCTION "note_workspace_change"('sync.failed', 'calendarId', '$.calendar_id', 'failureType', '$.last_error');
CREATE CONSTRAINT TRIGGER "sync_recovered" AFTER UPDATE OF "failures" ON "calendar_sync_states"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."failures" > 0 AND NEW."failures" = 0)
    EXECUTE FUNCTION "note_workspace_change"('sync.recovered', 'calendarId', '$.calendar_id');
CREATE CONSTRAINT TRIGGER "list_failed" AFTER UPDATE OF "last_error" ON "calendar_auth_tokens"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."last_error" IS NULL AND NEW."last_error" IS NOT NULL)
    EXECUTE FUNCTION "note_workspace_change"('sync.failed', 'accountId', '$.id', 'failureType', '$.last_error');
CREATE CONSTRAINT TRIGGER "list_recovered" AFTER UPDATE OF "last_error" ON "calendar_auth_tokens"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD."last_error" IS NOT NULL AND NEW."last_error" IS NULL AND NEW."status" <> 'disconnected')
    EXECUTE FUNCTION "note_workspace_change"('sync.recovered', 'accountId', '$.id');

CREATE CONSTRAINT TRIGGER "account_added" AFTER INSERT ON "calendar_auth_tokens"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."status" = 'connected')
    EXECUTE FUNCTION "note_workspace_change"('account.connected', 'accountId', '$.id');
CREATE CONSTRAINT TRIGGER "account_connected" AFTER UPDATE OF "status" ON "calendar_auth_tokens"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."status" <> 'connected' AND NEW."status" = 'connected')
    EXECUTE FUNCTION "note_workspace_change"('account.connected', 'accountId', '$.id');
CREATE CONSTRAINT TRIGGER "account_needs_reconnect" AFTER UPDATE OF "status" ON "calendar_auth_tokens"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."status" <> 'needs_reconnect' AND NEW."status" = 'needs_reconnect')
    EXECUTE FUNCTION "note_workspace_change"('account.needs_reconnect', 'accountId', '$.id');
CREATE CONSTRAINT TRIGGER "account_disconnected" AFTER UPDATE OF "status" ON "calendar_auth_tokens"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."status" <> 'disconnected' AND NEW."status" = 'disconnected')
    EXECUTE FUNCTION "note_workspace_change"('account.disconnected', 'accountId', '$.id');
CREATE CONSTRAINT TRIGGER "account_deleted" AFTER DELETE ON "calendar_auth_tokens"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."status" <> 'disconnected')
    EXECUTE FUNCTION "note_workspace_change"('account.disconnected', 'accountId', '$.id');

CREATE CONSTRAINT TRIGGER "dead_letter_opened" AFTER INSERT ON "dead_letters"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."workspace_id" IS NOT NULL AND NEW."status" = 'open')
    EXECUTE FUNCTION "note_workspace_change"('dead_letter.opened', 'deadLetterId', '$.id', 'calendarId', '$.calendar_id',
        'accountId', '$.account_id', 'operation', '$.operation', 'failureType', '$.failure_type');
CREATE CONSTRAINT TRIGGER "dead_letter_resolved" AFTER UPDATE OF "status" ON "dead_letters"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW."workspace_id" IS NOT NULL AND OLD."status" = 'open' AND NEW."status" <> 'open')
    EXECUTE FUNCTION "note_workspace_change"('dead_letter.resolved', 'deadLetterId', '$.id', 'calendarId', '$.calendar_id',
        'accountId', '$.account_id', 'operation', '$.operation', 'failureType', '$.failure_type', 'status', '$.status');
