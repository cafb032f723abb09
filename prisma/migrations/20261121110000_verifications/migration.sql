-- CreateTable
CREATE TABLE "calendar_verifications" (
    "calendar_id" UUID NOT NULL,
    "run_id" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "sync_token" TEXT NOT NULL,
    "stamp" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "calendar_verifications_pkey" PRIMARY KEY ("calendar_id")
);

-- CreateTable
CREATE TABLE "calendar_verification_pages" (
    "calendar_id" UUID NOT NULL,
    "page" INTEGER NOT NULL,
    "google_event_ids" TEXT[],

    CONSTRAINT "calendar_verification_pages_pkey" PRIMARY KEY ("calendar_id", "page")
);

-- CreateTable
CREATE TABLE "calendar_differences" (
    "calendar_id" UUID NOT NULL,
    "google_event_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "series_id" TEXT,
    "resource" JSONB,

    CONSTRAINT "calendar_differences_pkey" PRIMARY KEY ("calendar_id", "google_event_id", "kind")
);

-- AddForeignKey
ALTER TABLE "calendar_verifications" ADD CONSTRAINT "calendar_verifications_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendars"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_verification_pages" ADD CONSTRAINT "calendar_verification_pages_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendar_verifications"("calendar_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_differences" ADD CONSTRAINT "calendar_differences_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendar_verifications"("calendar_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "calendar_differences"
    ADD CONSTRAINT "calendar_differences_kind_check" CHECK ("kind" IN ('missing', 'extra', 'etag', 'content', 'occurrences')),
    ADD CONSTRAINT "calendar_differences_status_check" CHECK ("status" IN ('open', 'pending', 'confirmed', 'repaired'));

-- What has not been settled yet, and the drift of a calendar.
CREATE INDEX "calendar_differences_open_idx" ON "calendar_differences"("calendar_id", "kind", "google_event_id") WHERE "status" = 'open';
