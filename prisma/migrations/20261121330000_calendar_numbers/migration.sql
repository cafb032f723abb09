-- CreateTable
CREATE TABLE "calendar_numbers" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    "measured_at" TIMESTAMPTZ(3) NOT NULL,
    "numbers" JSONB NOT NULL,

    CONSTRAINT "calendar_numbers_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "calendar_numbers"
    ADD CONSTRAINT "calendar_numbers_id_check" CHECK ("id");
