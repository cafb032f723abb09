-- `unconfirmed`: an e-mail address whose owner has not confirmed it. Those of earlier releases count as confirmed.
ALTER TABLE "notifiers" DROP CONSTRAINT "notifiers_status_check";
ALTER TABLE "notifiers" ADD CONSTRAINT "notifiers_status_check"
    CHECK ("status" IN ('active', 'paused', 'gone', 'unconfirmed'));
ALTER TABLE "notifiers"
    ADD COLUMN "code_hash" BYTEA,
    ADD COLUMN "code_expires_at" TIMESTAMPTZ(3),
    ADD COLUMN "code_attempts" INTEGER NOT NULL DEFAULT 0;
