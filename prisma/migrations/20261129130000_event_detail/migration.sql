-- How much of an event is asked of Google and kept. The workspace chooses it. Each calendar has that of its running or
-- last listing, with which its sync token was taken, and each verification that of its own. Whatever was listed before
-- was listed as `minimal`.
ALTER TABLE "workspaces" ADD COLUMN "event_detail" TEXT NOT NULL DEFAULT 'minimal';
ALTER TABLE "workspaces"
    ADD CONSTRAINT "workspaces_event_detail_check" CHECK ("event_detail" IN ('minimal', 'standard', 'full'));

ALTER TABLE "calendar_sync_states" ADD COLUMN "event_detail" TEXT NOT NULL DEFAULT 'minimal';
ALTER TABLE "calendar_sync_states"
    ADD CONSTRAINT "calendar_sync_states_event_detail_check" CHECK ("event_detail" IN ('minimal', 'standard', 'full'));

ALTER TABLE "calendar_verifications" ADD COLUMN "event_detail" TEXT NOT NULL DEFAULT 'minimal';
ALTER TABLE "calendar_verifications"
    ADD CONSTRAINT "calendar_verifications_event_detail_check" CHECK ("event_detail" IN ('minimal', 'standard', 'full'));
