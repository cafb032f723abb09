-- Hour of the workspace's time zone at which its daily agenda is sent.
ALTER TABLE "notifiers" ADD COLUMN "agenda_hour" INTEGER NOT NULL DEFAULT 7;

-- Day that a message is the agenda of.
ALTER TABLE "notifier_messages" ADD COLUMN "agenda_day" DATE;
