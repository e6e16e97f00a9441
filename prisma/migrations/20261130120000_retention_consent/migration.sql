-- What an account decided about its contacts' data. No row: conversations are kept, and everybody who did not refuse teaches the model.
CREATE TABLE "privacy_choice" (
    "account_id" UUID NOT NULL,
    -- Resolved conversations are erased after so many months; null: never.
    "keep_months" INTEGER,
    -- Whose messages models learn from: of all who did not refuse, or only of those who agreed.
    "learn_from" TEXT NOT NULL DEFAULT 'all',
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "privacy_choice_pkey" PRIMARY KEY ("account_id")
);
ALTER TABLE "privacy_choice" ADD CONSTRAINT "privacy_choice_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "privacy_choice" ADD CONSTRAINT "privacy_choice_keep_months" CHECK ("keep_months" IN (3, 6, 12, 24));
ALTER TABLE "privacy_choice" ADD CONSTRAINT "privacy_choice_learn_from" CHECK ("learn_from" IN ('all', 'consented'));

ALTER TABLE "privacy_choice" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "privacy_choice" FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_account" ON "privacy_choice" TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON "privacy_choice" TO lingxi_app;
-- The worker finds accounts that keep conversations for a time only.
CREATE POLICY "system" ON "privacy_choice" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ("account_id", "keep_months") ON "privacy_choice" TO lingxi_system;

-- What was resolved long ago. Partial: open conversations, which change with each message, stay out of it.
CREATE INDEX "conversation_resolved" ON "conversation" ("account_id", "resolved_at") WHERE "status" = 'resolved';

-- What a contact said about being learned from; null: nothing.
ALTER TABLE "contact" ADD COLUMN "training_consent" TEXT;
ALTER TABLE "contact" ADD CONSTRAINT "contact_training_consent" CHECK ("training_consent" IN ('given', 'refused'));

-- Whether the chat says at its beginning that a program sorts what is written.
ALTER TABLE "inbox" ADD COLUMN "disclosure" BOOLEAN NOT NULL DEFAULT true;
