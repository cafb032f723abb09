-- Trouble that all workspaces share has one letter, which is no workspace's.
ALTER TABLE "dead_letters" ALTER COLUMN "workspace_id" DROP NOT NULL;

DROP INDEX "dead_letters_open_key";
CREATE UNIQUE INDEX "dead_letters_open_key" ON "dead_letters"(COALESCE("workspace_id", ''), "operation", COALESCE("calendar_id", "account_id", '00000000-0000-0000-0000-000000000000'::uuid), "failure_type") WHERE "status" = 'open';

-- Looked at by every page that ends a listing: next to always empty.
CREATE INDEX "dead_letters_open_installation_idx" ON "dead_letters"("failure_type") WHERE "status" = 'open' AND "workspace_id" IS NULL;

-- Until now each calendar has had a letter of its own for such trouble.
UPDATE "dead_letters" SET "status" = 'resolved', "closed_at" = CURRENT_TIMESTAMP
    WHERE "status" = 'open' AND "failure_type" IN ('GoogleClientRejected', 'TokenUndecryptable');
