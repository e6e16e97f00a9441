-- Tickets and settings: orders of the ticket table, and what is needed to take a change back.

-- "Longest waiting first" and "most urgent first" over many tickets. Both are partial: most conversations wait for
-- nobody and have the usual priority, so the indexes stay small and a message seldom touches them.
CREATE INDEX "conversation_waiting" ON "conversation" ("account_id", "waiting_since", "id") WHERE "waiting_since" IS NOT NULL;
CREATE INDEX "conversation_by_priority" ON "conversation" ("account_id", "priority", "last_activity_at" DESC, "id" DESC) WHERE "priority" <> 'normal';

-- What a change replaced, for a day: one press of "undo" takes back a bulk action or brings back what was deleted.
CREATE TABLE "undo" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "author_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "undo_pkey" PRIMARY KEY ("account_id","id")
);
CREATE INDEX "undo_account_id_created_at_idx" ON "undo"("account_id", "created_at");
ALTER TABLE "undo" ADD CONSTRAINT "undo_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "undo" ADD CONSTRAINT "undo_kind" CHECK ("kind" IN ('tickets', 'label', 'team', 'identity_secret'));

ALTER TABLE "undo" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "undo" FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_account" ON "undo" TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON "undo" TO lingxi_app;

-- Labels are told apart by one of eight named colours that every kind of colour vision separates.
ALTER TABLE "label" ALTER COLUMN "colour" SET DEFAULT 'grey';

-- A line's team, a conversation's team and a member's teams are looked up when a team goes.
CREATE INDEX "routing_rule_account_id_team_id_idx" ON "routing_rule"("account_id", "team_id") WHERE "team_id" IS NOT NULL;
ALTER TABLE "routing_rule" ADD CONSTRAINT "routing_rule_priority" CHECK ("priority" IN ('low', 'normal', 'high', 'urgent'));
ALTER TABLE "inbox" ADD CONSTRAINT "inbox_reopen_days" CHECK ("reopen_days" BETWEEN 0 AND 365);
