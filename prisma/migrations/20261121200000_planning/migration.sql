-- AlterTable
ALTER TABLE "calendars" ADD COLUMN     "own" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "tasks" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "priority" TEXT NOT NULL DEFAULT 'normal',
    "duration_minutes" INTEGER NOT NULL,
    "done_minutes" INTEGER NOT NULL DEFAULT 0,
    "done_stated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "splittable" BOOLEAN NOT NULL DEFAULT true,
    "min_chunk_minutes" INTEGER NOT NULL DEFAULT 30,
    "max_chunk_minutes" INTEGER NOT NULL DEFAULT 120,
    "earliest_start" TIMESTAMPTZ(3),
    "deadline" TIMESTAMPTZ(3),
    "hours" TEXT NOT NULL DEFAULT 'work',
    "auto_schedule" BOOLEAN NOT NULL DEFAULT true,
    "status" TEXT NOT NULL DEFAULT 'open',
    "source_ref" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tasks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task_dependencies" (
    "task_id" UUID NOT NULL,
    "after_task_id" UUID NOT NULL,
    "workspace_id" TEXT NOT NULL,

    CONSTRAINT "task_dependencies_pkey" PRIMARY KEY ("task_id","after_task_id")
);

-- CreateTable
CREATE TABLE "habits" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "priority" TEXT NOT NULL DEFAULT 'normal',
    "rrule" TEXT NOT NULL,
    "start_date" DATE NOT NULL,
    "duration_minutes" INTEGER NOT NULL,
    "min_minutes" INTEGER NOT NULL,
    "ideal_time" TEXT,
    "preference" TEXT,
    "hours" TEXT NOT NULL DEFAULT 'personal',
    "after_habit_id" UUID,
    "before_habit_id" UUID,
    "auto_schedule" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "habits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "habit_skips" (
    "habit_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "habit_skips_pkey" PRIMARY KEY ("habit_id","day")
);

-- CreateTable
CREATE TABLE "declined_slots" (
    "task_id" UUID NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "declined_slots_pkey" PRIMARY KEY ("task_id","start_at","end_at")
);

-- CreateTable
CREATE TABLE "calendar_hours" (
    "workspace_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "weekday" TEXT NOT NULL,
    "blocks" TEXT[],
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "calendar_hours_pkey" PRIMARY KEY ("workspace_id","type","weekday")
);

-- CreateTable
CREATE TABLE "schedule_policies" (
    "workspace_id" TEXT NOT NULL,
    "buffer_minutes" INTEGER NOT NULL DEFAULT 0,
    "max_minutes_per_day" JSONB NOT NULL DEFAULT '{}',
    "freeze_minutes" INTEGER NOT NULL DEFAULT 120,
    "granularity_minutes" INTEGER NOT NULL DEFAULT 15,
    "days" INTEGER NOT NULL DEFAULT 30,
    "target_account_id" UUID,
    "target_calendar_id" UUID,
    "auto_apply" BOOLEAN NOT NULL DEFAULT false,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "schedule_policies_pkey" PRIMARY KEY ("workspace_id")
);

-- CreateTable
CREATE TABLE "scheduled_blocks" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "task_id" UUID,
    "habit_id" UUID,
    "habit_day" DATE,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3) NOT NULL,
    "chunk_index" INTEGER NOT NULL DEFAULT 1,
    "chunk_of" INTEGER NOT NULL DEFAULT 1,
    "pinned_because" TEXT,
    "status" TEXT NOT NULL DEFAULT 'planned',
    "account_id" UUID,
    "calendar_id" UUID,
    "google_event_id" TEXT,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "etag" TEXT,
    "content_hash" TEXT,
    "reason" JSONB,
    "run_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scheduled_blocks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schedule_runs" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'planning',
    "source" TEXT NOT NULL DEFAULT 'manual',
    "correlation_id" TEXT,
    "fingerprint" TEXT,
    "objective" JSONB,
    "blocks" JSONB,
    "findings" JSONB,
    "diff" JSONB,
    "failure_type" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "undone_at" TIMESTAMPTZ(3),
    "undo_of" UUID,

    CONSTRAINT "schedule_runs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tasks_id_workspace_id_key" ON "tasks"("id", "workspace_id");

-- CreateIndex
CREATE UNIQUE INDEX "tasks_workspace_id_source_ref_key" ON "tasks"("workspace_id", "source_ref");

-- CreateIndex
CREATE INDEX "task_dependencies_after_task_id_idx" ON "task_dependencies"("after_task_id");

-- CreateIndex
CREATE INDEX "habits_workspace_id_idx" ON "habits"("workspace_id");

-- CreateIndex
CREATE INDEX "scheduled_blocks_workspace_id_start_at_idx" ON "scheduled_blocks"("workspace_id", "start_at");

-- CreateIndex
CREATE INDEX "scheduled_blocks_task_id_idx" ON "scheduled_blocks"("task_id");

-- CreateIndex
CREATE INDEX "scheduled_blocks_habit_id_idx" ON "scheduled_blocks"("habit_id");

-- CreateIndex
CREATE UNIQUE INDEX "scheduled_blocks_calendar_id_google_event_id_key" ON "scheduled_blocks"("calendar_id", "google_event_id");

-- CreateIndex
CREATE INDEX "schedule_runs_workspace_id_started_at_idx" ON "schedule_runs"("workspace_id", "started_at");

-- AddForeignKey
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_dependencies" ADD CONSTRAINT "task_dependencies_task_id_workspace_id_fkey" FOREIGN KEY ("task_id", "workspace_id") REFERENCES "tasks"("id", "workspace_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_dependencies" ADD CONSTRAINT "task_dependencies_after_task_id_workspace_id_fkey" FOREIGN KEY ("after_task_id", "workspace_id") REFERENCES "tasks"("id", "workspace_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "habits" ADD CONSTRAINT "habits_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "habits" ADD CONSTRAINT "habits_after_habit_id_fkey" FOREIGN KEY ("after_habit_id") REFERENCES "habits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "habits" ADD CONSTRAINT "habits_before_habit_id_fkey" FOREIGN KEY ("before_habit_id") REFERENCES "habits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "habit_skips" ADD CONSTRAINT "habit_skips_habit_id_fkey" FOREIGN KEY ("habit_id") REFERENCES "habits"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "declined_slots" ADD CONSTRAINT "declined_slots_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_hours" ADD CONSTRAINT "calendar_hours_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_policies" ADD CONSTRAINT "schedule_policies_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_policies" ADD CONSTRAINT "schedule_policies_target_account_id_fkey" FOREIGN KEY ("target_account_id") REFERENCES "calendar_auth_tokens"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_policies" ADD CONSTRAINT "schedule_policies_target_calendar_id_fkey" FOREIGN KEY ("target_calendar_id") REFERENCES "calendars"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scheduled_blocks" ADD CONSTRAINT "scheduled_blocks_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scheduled_blocks" ADD CONSTRAINT "scheduled_blocks_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scheduled_blocks" ADD CONSTRAINT "scheduled_blocks_habit_id_fkey" FOREIGN KEY ("habit_id") REFERENCES "habits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scheduled_blocks" ADD CONSTRAINT "scheduled_blocks_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "calendar_auth_tokens"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scheduled_blocks" ADD CONSTRAINT "scheduled_blocks_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendars"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scheduled_blocks" ADD CONSTRAINT "scheduled_blocks_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "schedule_runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_runs" ADD CONSTRAINT "schedule_runs_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_runs" ADD CONSTRAINT "schedule_runs_undo_of_fkey" FOREIGN KEY ("undo_of") REFERENCES "schedule_runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;


-- What the schema language cannot say.

ALTER TABLE "tasks"
    ADD CONSTRAINT "tasks_priority_check" CHECK ("priority" IN ('critical', 'high', 'normal', 'low')),
    ADD CONSTRAINT "tasks_status_check" CHECK ("status" IN ('open', 'done')),
    ADD CONSTRAINT "tasks_duration_check" CHECK ("duration_minutes" > 0 AND "done_minutes" >= 0),
    ADD CONSTRAINT "tasks_chunk_check" CHECK (
        "min_chunk_minutes" > 0 AND "min_chunk_minutes" % 5 = 0 AND "max_chunk_minutes" % 5 = 0
        AND "max_chunk_minutes" >= "min_chunk_minutes");

ALTER TABLE "task_dependencies"
    ADD CONSTRAINT "task_dependencies_self_check" CHECK ("task_id" <> "after_task_id");

ALTER TABLE "habits"
    ADD CONSTRAINT "habits_priority_check" CHECK ("priority" IN ('critical', 'high', 'normal', 'low')),
    ADD CONSTRAINT "habits_duration_check" CHECK (
        "min_minutes" > 0 AND "min_minutes" % 5 = 0 AND "duration_minutes" % 5 = 0
        AND "duration_minutes" >= "min_minutes" AND "duration_minutes" <= 1440),
    ADD CONSTRAINT "habits_ideal_time_check" CHECK ("ideal_time" ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    ADD CONSTRAINT "habits_preference_check" CHECK ("preference" IN ('morning', 'afternoon', 'evening', 'night')),
    ADD CONSTRAINT "habits_self_check" CHECK ("after_habit_id" <> "id" AND "before_habit_id" <> "id");

ALTER TABLE "declined_slots"
    ADD CONSTRAINT "declined_slots_order_check" CHECK ("end_at" > "start_at");

ALTER TABLE "calendar_hours"
    ADD CONSTRAINT "calendar_hours_weekday_check" CHECK ("weekday" IN ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')),
    ADD CONSTRAINT "calendar_hours_blocks_check" CHECK (
        "blocks" IS NOT NULL AND array_position("blocks", NULL) IS NULL
        AND array_to_string("blocks", ' ') ~ '^((([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00))( |$))*$');

ALTER TABLE "schedule_policies"
    ADD CONSTRAINT "schedule_policies_minutes_check" CHECK ("buffer_minutes" BETWEEN 0 AND 240 AND "freeze_minutes" >= 0),
    ADD CONSTRAINT "schedule_policies_granularity_check" CHECK ("granularity_minutes" IN (5, 10, 15, 30)),
    ADD CONSTRAINT "schedule_policies_days_check" CHECK ("days" BETWEEN 7 AND 90),
    ADD CONSTRAINT "schedule_policies_max_check" CHECK (jsonb_typeof("max_minutes_per_day") = 'object');

-- A block outlives its task or habit until it has left Google, so both references may be null.
ALTER TABLE "scheduled_blocks"
    ADD CONSTRAINT "scheduled_blocks_kind_check" CHECK (
        CASE "kind"
            WHEN 'task' THEN "habit_id" IS NULL AND "habit_day" IS NULL
            WHEN 'habit' THEN "task_id" IS NULL AND "habit_day" IS NOT NULL
            ELSE FALSE
        END),
    ADD CONSTRAINT "scheduled_blocks_order_check" CHECK ("end_at" > "start_at"),
    ADD CONSTRAINT "scheduled_blocks_chunk_check" CHECK ("chunk_index" BETWEEN 1 AND "chunk_of"),
    ADD CONSTRAINT "scheduled_blocks_generation_check" CHECK ("generation" >= 0),
    ADD CONSTRAINT "scheduled_blocks_pinned_check" CHECK ("pinned_because" IN ('moved', 'resized', 'locked', 'started', 'done')),
    ADD CONSTRAINT "scheduled_blocks_status_check" CHECK ("status" IN ('planned', 'writing', 'written', 'declined', 'released', 'deleted'));

ALTER TABLE "schedule_runs"
    ADD CONSTRAINT "schedule_runs_mode_check" CHECK ("mode" IN ('preview', 'apply', 'undo', 'purge')),
    ADD CONSTRAINT "schedule_runs_status_check" CHECK ("status" IN ('planning', 'planned', 'applying', 'applied', 'refused', 'failed'));

-- One living calendar of our own in an account.
CREATE UNIQUE INDEX "calendars_own_key" ON "calendars"("account_id") WHERE "own" AND "status" <> 'removed';

-- Workspaces that there is something to plan for, or to tidy up, in keyset order.
CREATE INDEX "tasks_open_idx" ON "tasks"("workspace_id") WHERE "status" = 'open' AND "auto_schedule";
CREATE INDEX "scheduled_blocks_open_idx" ON "scheduled_blocks"("workspace_id") WHERE "status" IN ('planned', 'writing', 'released');
