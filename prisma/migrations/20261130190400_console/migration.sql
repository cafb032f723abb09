-- CreateTable
CREATE TABLE "console_sessions" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "workspace_id" TEXT,
    "api_key_id" TEXT,
    "secret_check" BYTEA,
    "token_hash" BYTEA NOT NULL,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "console_sessions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "console_sessions_kind_check" CHECK ("kind" IN ('session', 'sign-in-link'))
);

-- CreateTable
CREATE TABLE "embed_links" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "calendar_ids" UUID[] NOT NULL DEFAULT '{}',
    "time_zone" TEXT NOT NULL,
    "frame_origin" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "embed_links_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "console_sessions_workspace_id_idx" ON "console_sessions"("workspace_id");

-- CreateIndex
CREATE INDEX "console_sessions_api_key_id_kind_created_at_idx" ON "console_sessions"("api_key_id", "kind", "created_at");

-- CreateIndex
CREATE INDEX "console_sessions_expires_at_idx" ON "console_sessions"("expires_at");

-- CreateIndex
CREATE INDEX "embed_links_workspace_id_created_at_id_idx" ON "embed_links"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "embed_links_expires_at_idx" ON "embed_links"("expires_at");

-- AddForeignKey
ALTER TABLE "console_sessions" ADD CONSTRAINT "console_sessions_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "console_sessions" ADD CONSTRAINT "console_sessions_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "embed_links" ADD CONSTRAINT "embed_links_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "console_sessions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "console_sessions"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "embed_links" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "embed_links"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));
