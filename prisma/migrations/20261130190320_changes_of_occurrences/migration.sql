-- How far ahead a webhook asks for changes of occurrences.
ALTER TABLE "webhook_subscriptions" ADD COLUMN "occurrence_days" SMALLINT NOT NULL DEFAULT 14,
    ADD CONSTRAINT "webhook_subscriptions_occurrence_days_check" CHECK ("occurrence_days" BETWEEN 1 AND 60);
