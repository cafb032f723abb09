-- Weekday of the workspace's time zone on which its weekly summary is sent.
ALTER TABLE "notifiers" ADD COLUMN "summary_weekday" TEXT NOT NULL DEFAULT 'mon';
