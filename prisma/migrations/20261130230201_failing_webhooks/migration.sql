-- Few webhooks fail at a time, of those of all workspaces.
CREATE INDEX "webhook_subscriptions_failing_idx" ON "webhook_subscriptions"("failing_since", "id") WHERE "failures" > 0 OR "pause_reason" <> 'requested';
