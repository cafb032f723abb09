-- Whose claim a key is: a write that has outlived its claim leaves that of its successor alone. What is claimed at the
-- moment of the migration has none, and is claimed again when its lock has run out.
ALTER TABLE "idempotency_keys" ADD COLUMN "claim" UUID;

-- Lists are read in the order of making, page by page.
CREATE INDEX "tasks_workspace_id_created_at_id_idx" ON "tasks"("workspace_id", "created_at", "id");
