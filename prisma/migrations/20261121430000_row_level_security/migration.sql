-- A second wall between workspaces. The API looks into the database for one workspace as the role `almanac_tenant`, which
-- `almanac migrate` makes, and says which workspace by the setting `almanac.workspace_id`. Whatever a statement forgets,
-- that role reads and writes rows of this workspace alone, and none without the setting. Everybody else is let through,
-- and the owner of the tables is not even asked.
--
-- The role is granted the tables that have a policy, and no other: a table without one cannot be reached by it.

-- Rows that name their workspace. What they point at has to be the workspace's, too, where no foreign key sees to it.
ALTER TABLE "workspaces" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "workspaces"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "calendar_auth_tokens" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_auth_tokens"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "connect_attempts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "connect_attempts"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)))
    WITH CHECK ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true))
        AND ("account_id" IS NULL OR EXISTS (SELECT 1 FROM "calendar_auth_tokens" a WHERE a."id" = "account_id")));

ALTER TABLE "calendars" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendars"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)))
    WITH CHECK ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true))
        AND EXISTS (SELECT 1 FROM "calendar_auth_tokens" a WHERE a."id" = "account_id"));

ALTER TABLE "calendar_sync_states" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_sync_states"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)))
    WITH CHECK ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true))
        AND EXISTS (SELECT 1 FROM "calendars" c WHERE c."id" = "calendar_id"));

ALTER TABLE "workspace_calendar_events" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "workspace_calendar_events"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "workspace_calendar_sync_log" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "workspace_calendar_sync_log"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "calendar_changes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_changes"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "calendar_change_positions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_change_positions"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "dead_letters" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "dead_letters"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)))
    WITH CHECK ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true))
        AND ("account_id" IS NULL OR EXISTS (SELECT 1 FROM "calendar_auth_tokens" a WHERE a."id" = "account_id"))
        AND ("calendar_id" IS NULL OR EXISTS (SELECT 1 FROM "calendars" c WHERE c."id" = "calendar_id")));

ALTER TABLE "tasks" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "tasks"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "task_dependencies" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "task_dependencies"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "habits" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "habits"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "calendar_hours" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_hours"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "schedule_policies" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "schedule_policies"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)))
    WITH CHECK ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true))
        AND ("target_account_id" IS NULL OR EXISTS (SELECT 1 FROM "calendar_auth_tokens" a WHERE a."id" = "target_account_id"))
        AND ("target_calendar_id" IS NULL OR EXISTS (SELECT 1 FROM "calendars" c WHERE c."id" = "target_calendar_id")));

ALTER TABLE "schedule_runs" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "schedule_runs"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "scheduled_blocks" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "scheduled_blocks"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)))
    WITH CHECK ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true))
        AND ("account_id" IS NULL OR EXISTS (SELECT 1 FROM "calendar_auth_tokens" a WHERE a."id" = "account_id"))
        AND ("calendar_id" IS NULL OR EXISTS (SELECT 1 FROM "calendars" c WHERE c."id" = "calendar_id"))
        AND ("task_id" IS NULL OR EXISTS (SELECT 1 FROM "tasks" t WHERE t."id" = "task_id"))
        AND ("habit_id" IS NULL OR EXISTS (SELECT 1 FROM "habits" h WHERE h."id" = "habit_id"))
        AND ("run_id" IS NULL OR EXISTS (SELECT 1 FROM "schedule_runs" r WHERE r."id" = "run_id")));

-- Rows that are part of another: they are the workspace's where that one can be seen.
ALTER TABLE "calendar_events" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_events"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "calendars" c WHERE c."id" = "calendar_id"));

ALTER TABLE "calendar_listing_pages" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_listing_pages"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "calendars" c WHERE c."id" = "calendar_id"));

ALTER TABLE "calendar_verifications" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_verifications"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "calendars" c WHERE c."id" = "calendar_id"));

ALTER TABLE "calendar_verification_pages" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_verification_pages"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "calendars" c WHERE c."id" = "calendar_id"));

ALTER TABLE "calendar_differences" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_differences"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "calendars" c WHERE c."id" = "calendar_id"));

ALTER TABLE "watch_channels" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "watch_channels"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "calendars" c WHERE c."id" = "calendar_id"));

ALTER TABLE "habit_skips" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "habit_skips"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "habits" h WHERE h."id" = "habit_id"));

ALTER TABLE "declined_slots" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "declined_slots"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "tasks" t WHERE t."id" = "task_id"));

ALTER TABLE "schedule_writes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "schedule_writes"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "schedule_runs" r WHERE r."id" = "run_id"))
    WITH CHECK ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "schedule_runs" r WHERE r."id" = "run_id")
        AND EXISTS (SELECT 1 FROM "scheduled_blocks" b WHERE b."id" = "block_id"));

-- Keys are no business of those who come with one.
ALTER TABLE "api_keys" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "api_keys"
    USING ((SELECT current_user) <> 'almanac_tenant');
