-- Counted by the API and by workers while they run.
ALTER TABLE "workspace_usage" ADD COLUMN "api_calls" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "workspace_usage" ADD COLUMN "delivery_attempts" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "workspace_usage" ADD COLUMN "deliveries" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "workspace_usage" ADD COLUMN "temporal_actions" INTEGER NOT NULL DEFAULT 0;

-- Counts of a day that retention has not counted yet.
ALTER TABLE "workspace_usage" ALTER COLUMN "syncs" SET DEFAULT 0;
ALTER TABLE "workspace_usage" ALTER COLUMN "changes" SET DEFAULT 0;
ALTER TABLE "workspace_usage" ALTER COLUMN "event_writes" SET DEFAULT 0;
