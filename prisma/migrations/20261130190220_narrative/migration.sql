-- Whether agendas may be sent to the operator's language model, to be told in words.
ALTER TABLE "workspaces" ADD COLUMN "narrative" BOOLEAN NOT NULL DEFAULT false;
