-- CreateTable
CREATE TABLE "notifiers" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "notices" TEXT[] NOT NULL,
    "key_id" TEXT NOT NULL,
    "target" BYTEA NOT NULL,
    "secret" BYTEA,
    "status" TEXT NOT NULL DEFAULT 'active',
    "last_message_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notifiers_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notifiers_kind_check" CHECK ("kind" IN ('slack', 'webhook', 'email')),
    CONSTRAINT "notifiers_status_check" CHECK ("status" IN ('active', 'paused', 'gone'))
);

-- CreateTable
CREATE TABLE "notifier_messages" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "notifier_id" UUID,
    "workspace_id" TEXT,
    "notice" TEXT NOT NULL,
    "subjects" INTEGER NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL DEFAULT 'sending',
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_attempt_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "notifier_messages_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notifier_messages_status_check" CHECK ("status" IN ('sending', 'retrying', 'delivered', 'unconfirmed', 'dropped', 'failed'))
);

-- CreateTable
CREATE TABLE "notices" (
    "notifier_id" UUID NOT NULL,
    "notice" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "message_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notices_pkey" PRIMARY KEY ("notifier_id", "notice", "subject_id")
);

-- CreateIndex
CREATE INDEX "notifiers_workspace_id_created_at_id_idx" ON "notifiers"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "notifier_messages_notifier_id_created_at_id_idx" ON "notifier_messages"("notifier_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "notifier_messages_workspace_id_created_at_idx" ON "notifier_messages"("workspace_id", "created_at");

-- CreateIndex
CREATE INDEX "notices_message_id_idx" ON "notices"("message_id");

-- A notifier sends one message of a notice at a time.
CREATE UNIQUE INDEX "notifier_messages_unsettled_key" ON "notifier_messages"("notifier_id", "notice")
    WHERE "status" IN ('sending', 'retrying') AND "notice" <> 'test';

-- AddForeignKey
ALTER TABLE "notifiers" ADD CONSTRAINT "notifiers_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notifier_messages" ADD CONSTRAINT "notifier_messages_notifier_id_fkey" FOREIGN KEY ("notifier_id") REFERENCES "notifiers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notifier_messages" ADD CONSTRAINT "notifier_messages_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_notifier_id_fkey" FOREIGN KEY ("notifier_id") REFERENCES "notifiers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "notifier_messages"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "notifiers" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "notifiers"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "notifier_messages" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "notifier_messages"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "notices" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "notices"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "notifiers" n WHERE n."id" = "notifier_id"));
