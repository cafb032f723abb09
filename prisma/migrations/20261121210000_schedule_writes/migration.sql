-- CreateTable
CREATE TABLE "schedule_writes" (
    "run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "block_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "before_start" TIMESTAMPTZ(3),
    "before_end" TIMESTAMPTZ(3),
    "after_start" TIMESTAMPTZ(3),
    "after_end" TIMESTAMPTZ(3),
    "status" TEXT NOT NULL DEFAULT 'pending',
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "schedule_writes_pkey" PRIMARY KEY ("run_id","position")
);

-- CreateIndex
CREATE INDEX "schedule_writes_block_id_idx" ON "schedule_writes"("block_id");

-- AddForeignKey
ALTER TABLE "schedule_writes" ADD CONSTRAINT "schedule_writes_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "schedule_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_writes" ADD CONSTRAINT "schedule_writes_block_id_fkey" FOREIGN KEY ("block_id") REFERENCES "scheduled_blocks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "schedule_writes"
    ADD CONSTRAINT "schedule_writes_status_check" CHECK ("status" IN ('pending', 'sent', 'done', 'skipped')),
    ADD CONSTRAINT "schedule_writes_times_check" CHECK (
        ("before_start" IS NULL) = ("before_end" IS NULL) AND ("after_start" IS NULL) = ("after_end" IS NULL)
        AND CASE "operation"
            WHEN 'insert' THEN "after_start" IS NOT NULL AND "before_start" IS NULL
            WHEN 'move' THEN "after_start" IS NOT NULL AND "before_start" IS NOT NULL
            WHEN 'delete' THEN "after_start" IS NULL AND "before_start" IS NOT NULL
            ELSE false END);
