-- Links that exist name no maker: they end by their time, as before.
ALTER TABLE "embed_links" ADD COLUMN "api_key_id" TEXT;
ALTER TABLE "embed_links" ADD COLUMN "session_id" TEXT;
ALTER TABLE "embed_links" ADD COLUMN "secret_check" BYTEA;

-- CreateIndex
CREATE INDEX "embed_links_api_key_id_idx" ON "embed_links"("api_key_id");

-- CreateIndex
CREATE INDEX "embed_links_session_id_idx" ON "embed_links"("session_id");

-- AddForeignKey
ALTER TABLE "embed_links" ADD CONSTRAINT "embed_links_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;
