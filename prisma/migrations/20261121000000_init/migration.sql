-- CreateTable
CREATE TABLE "workspaces" (
    "id" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspaces_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calendar_auth_tokens" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'connected',
    "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "key_id" TEXT NOT NULL,
    "refresh_token" BYTEA NOT NULL,
    "access_token" BYTEA,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "calendar_list_due_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "calendar_list_synced_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "calendar_auth_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calendars" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "google_calendar_id" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "access_role" TEXT NOT NULL,
    "is_primary" BOOLEAN NOT NULL DEFAULT false,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "calendars_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calendar_sync_states" (
    "calendar_id" UUID NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "sync_token" TEXT,
    "last_synced_at" TIMESTAMPTZ(3),
    "last_full_sync_at" TIMESTAMPTZ(3),
    "next_sync_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "last_error_at" TIMESTAMPTZ(3),
    "token_expiries" INTEGER NOT NULL DEFAULT 0,
    "horizon_from" TIMESTAMPTZ(3),
    "horizon_to" TIMESTAMPTZ(3),
    "fence_run_id" TEXT,
    "fence_run_at" TIMESTAMPTZ(3),
    "fence_listing" INTEGER NOT NULL DEFAULT 0,
    "fence_page" INTEGER NOT NULL DEFAULT 0,
    "fence_attempt" INTEGER NOT NULL DEFAULT 0,
    "fence_finished" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "calendar_sync_states_pkey" PRIMARY KEY ("calendar_id")
);

-- CreateTable
CREATE TABLE "calendar_events" (
    "calendar_id" UUID NOT NULL,
    "google_event_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "etag" TEXT,
    "series_id" TEXT,
    "start_at" TIMESTAMPTZ(3),
    "end_at" TIMESTAMPTZ(3),
    "start_date" DATE,
    "end_date" DATE,
    "series_end" TIMESTAMPTZ(3),
    "resource" JSONB NOT NULL,
    "synced_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "calendar_events_pkey" PRIMARY KEY ("calendar_id","google_event_id")
);

-- CreateTable
CREATE TABLE "workspace_calendar_events" (
    "id" UUID NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "calendar_id" UUID NOT NULL,
    "google_event_id" TEXT NOT NULL,
    "source_event_id" TEXT NOT NULL,
    "title" TEXT,
    "status" TEXT NOT NULL,
    "busy" BOOLEAN NOT NULL,
    "event_type" TEXT NOT NULL,
    "all_day" BOOLEAN NOT NULL,
    "start_at" TIMESTAMPTZ(3),
    "end_at" TIMESTAMPTZ(3),
    "start_date" DATE,
    "end_date" DATE,
    "original_start_at" TIMESTAMPTZ(3),
    "original_start_date" DATE,

    CONSTRAINT "workspace_calendar_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calendar_listing_pages" (
    "calendar_id" UUID NOT NULL,
    "page" INTEGER NOT NULL,
    "google_event_ids" TEXT[],

    CONSTRAINT "calendar_listing_pages_pkey" PRIMARY KEY ("calendar_id","page")
);

-- CreateTable
CREATE TABLE "workspace_calendar_sync_log" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "calendar_id" UUID NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "correlation_id" TEXT,
    "outcome" TEXT NOT NULL,
    "failure_type" TEXT,
    "pages" INTEGER NOT NULL DEFAULT 0,
    "upserted" INTEGER NOT NULL DEFAULT 0,
    "deleted" INTEGER NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "workspace_calendar_sync_log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calendar_changes" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "calendar_id" UUID NOT NULL,
    "google_event_id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "correlation_id" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "calendar_changes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "calendar_auth_tokens_workspace_id_email_key" ON "calendar_auth_tokens"("workspace_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "calendars_id_workspace_id_key" ON "calendars"("id", "workspace_id");

-- CreateIndex
CREATE INDEX "calendars_workspace_id_idx" ON "calendars"("workspace_id");

-- CreateIndex
CREATE UNIQUE INDEX "calendars_account_id_google_calendar_id_key" ON "calendars"("account_id", "google_calendar_id");

-- CreateIndex
CREATE INDEX "workspace_calendar_events_calendar_id_source_event_id_idx" ON "workspace_calendar_events"("calendar_id", "source_event_id");

-- CreateIndex
CREATE INDEX "workspace_calendar_sync_log_workspace_id_started_at_idx" ON "workspace_calendar_sync_log"("workspace_id", "started_at");

-- CreateIndex
CREATE UNIQUE INDEX "workspace_calendar_sync_log_calendar_id_run_id_key" ON "workspace_calendar_sync_log"("calendar_id", "run_id");

-- CreateIndex
CREATE INDEX "calendar_changes_workspace_id_id_idx" ON "calendar_changes"("workspace_id", "id");

-- AddForeignKey
ALTER TABLE "calendar_auth_tokens" ADD CONSTRAINT "calendar_auth_tokens_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendars" ADD CONSTRAINT "calendars_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendars" ADD CONSTRAINT "calendars_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "calendar_auth_tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_sync_states" ADD CONSTRAINT "calendar_sync_states_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendars"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_events" ADD CONSTRAINT "calendar_events_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendars"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspace_calendar_events" ADD CONSTRAINT "workspace_calendar_events_calendar_id_workspace_id_fkey" FOREIGN KEY ("calendar_id", "workspace_id") REFERENCES "calendars"("id", "workspace_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_listing_pages" ADD CONSTRAINT "calendar_listing_pages_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendars"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspace_calendar_sync_log" ADD CONSTRAINT "workspace_calendar_sync_log_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_changes" ADD CONSTRAINT "calendar_changes_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What the schema language cannot say.

ALTER TABLE "workspaces"
    ADD CONSTRAINT "workspaces_id_check" CHECK ("id" ~ '^[A-Za-z0-9_-]{1,64}$');

ALTER TABLE "calendar_auth_tokens"
    ADD CONSTRAINT "calendar_auth_tokens_status_check" CHECK ("status" IN ('connected', 'needs_reconnect', 'disconnected'));

ALTER TABLE "calendars"
    ADD CONSTRAINT "calendars_status_check" CHECK ("status" IN ('active', 'inaccessible', 'removed'));

ALTER TABLE "calendar_sync_states"
    ADD CONSTRAINT "calendar_sync_states_horizon_check" CHECK (("horizon_from" IS NULL) = ("horizon_to" IS NULL) AND "horizon_to" > "horizon_from"),
    ADD CONSTRAINT "calendar_sync_states_failures_check" CHECK ("failures" >= 0 AND "token_expiries" >= 0);

-- A time is an instant pair or a date pair, never both. Only a cancelled exception may have none.
ALTER TABLE "calendar_events"
    ADD CONSTRAINT "calendar_events_kind_check" CHECK ("kind" IN ('single', 'series', 'exception') AND ("kind" = 'exception') = ("series_id" IS NOT NULL)),
    ADD CONSTRAINT "calendar_events_status_check" CHECK ("status" IN ('confirmed', 'tentative') OR ("status" = 'cancelled' AND "kind" = 'exception')),
    ADD CONSTRAINT "calendar_events_time_check" CHECK (
        ("start_at" IS NULL) = ("end_at" IS NULL) AND ("start_date" IS NULL) = ("end_date" IS NULL)
        AND NOT ("start_at" IS NOT NULL AND "start_date" IS NOT NULL)
        AND ("start_at" IS NOT NULL OR "start_date" IS NOT NULL OR "status" = 'cancelled')),
    ADD CONSTRAINT "calendar_events_order_check" CHECK ("end_at" >= "start_at" AND "end_date" >= "start_date");

ALTER TABLE "workspace_calendar_events"
    ADD CONSTRAINT "workspace_calendar_events_status_check" CHECK ("status" IN ('confirmed', 'tentative')),
    ADD CONSTRAINT "workspace_calendar_events_time_check" CHECK (
        CASE WHEN "all_day"
            THEN "start_date" IS NOT NULL AND "end_date" >= "start_date" AND "start_at" IS NULL AND "end_at" IS NULL
            ELSE "start_at" IS NOT NULL AND "end_at" >= "start_at" AND "start_date" IS NULL AND "end_date" IS NULL
        END);

ALTER TABLE "workspace_calendar_sync_log"
    ADD CONSTRAINT "workspace_calendar_sync_log_mode_check" CHECK ("mode" IN ('full', 'incremental')),
    ADD CONSTRAINT "workspace_calendar_sync_log_outcome_check" CHECK ("outcome" IN ('running', 'success', 'failed'));

ALTER TABLE "calendar_changes"
    ADD CONSTRAINT "calendar_changes_operation_check" CHECK ("operation" IN ('insert', 'update', 'delete'));

-- Due workspaces, in keyset order.
CREATE INDEX "calendar_sync_states_due_idx" ON "calendar_sync_states"("workspace_id", "next_sync_at") WHERE "next_sync_at" IS NOT NULL;
CREATE INDEX "calendar_auth_tokens_due_idx" ON "calendar_auth_tokens"("workspace_id", "calendar_list_due_at") WHERE "status" = 'connected';

-- The horizon roll: calendars whose read model ends too early, and the series that reach past its end.
CREATE INDEX "calendar_sync_states_horizon_idx" ON "calendar_sync_states"("horizon_to");
CREATE INDEX "calendar_events_series_idx" ON "calendar_events"("calendar_id", "google_event_id") WHERE "kind" = 'series';
CREATE INDEX "calendar_events_exceptions_idx" ON "calendar_events"("calendar_id", "series_id") WHERE "kind" = 'exception';

-- Occurrences of a workspace in a range.
CREATE INDEX "workspace_calendar_events_timed_idx" ON "workspace_calendar_events"("workspace_id", "start_at", "end_at") WHERE NOT "all_day";
CREATE INDEX "workspace_calendar_events_all_day_idx" ON "workspace_calendar_events"("workspace_id", "start_date", "end_date") WHERE "all_day";

-- A sync state is rewritten by every sync: room on the page keeps those updates off the indexes.
ALTER TABLE "calendar_sync_states" SET (fillfactor = 70);
