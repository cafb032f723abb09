-- AlterTable
ALTER TABLE "calendars"
    ADD COLUMN "takes_time_choice" BOOLEAN;

-- The one place that says which calendars take up time by default: those the account owns. A primary one always is.
ALTER TABLE "calendars"
    ADD COLUMN "takes_time" BOOLEAN
        GENERATED ALWAYS AS (coalesce("takes_time_choice", "is_primary" OR "access_role" = 'owner')) STORED;

-- AlterTable
ALTER TABLE "schedule_policies" ADD COLUMN "free_traits" TEXT[] NOT NULL DEFAULT '{}';

ALTER TABLE "schedule_policies"
    ADD CONSTRAINT "schedule_policies_free_traits_check" CHECK (
        "free_traits" <@ ARRAY['allDay', 'tentative', 'unanswered', 'outOfOffice']);

-- What is there gets no trait, without a rewrite of the table, and the next migration sees to the few that have some.
-- What a worker of the release before writes from now on has null: nobody has looked at its traits.
ALTER TABLE "workspace_calendar_events" ADD COLUMN "traits" TEXT[] DEFAULT '{}';

ALTER TABLE "workspace_calendar_events" ALTER COLUMN "traits" SET DEFAULT NULL;
