-- Messages that a person sent to the review: their label is wrong and nobody said yet what it should be, or somebody should look.
CREATE TABLE "review_flag" (
    "account_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "author_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "review_flag_pkey" PRIMARY KEY ("account_id","message_id")
);
CREATE INDEX "review_flag_account_id_author_id_idx" ON "review_flag"("account_id", "author_id");
CREATE INDEX "review_flag_account_id_created_at_idx" ON "review_flag"("account_id", "created_at" DESC);
ALTER TABLE "review_flag" ADD CONSTRAINT "review_flag_account_id_message_id_fkey" FOREIGN KEY ("account_id", "message_id") REFERENCES "message"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_flag" ADD CONSTRAINT "review_flag_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "review_flag" ADD CONSTRAINT "review_flag_reason" CHECK ("reason" IN ('thumbs_down', 'manual'));

ALTER TABLE "review_flag" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "review_flag" FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_account" ON "review_flag" TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON "review_flag" TO lingxi_app;

-- One press that labelled many messages is taken back by one press.
ALTER TABLE "undo" DROP CONSTRAINT "undo_kind";
ALTER TABLE "undo" ADD CONSTRAINT "undo_kind" CHECK ("kind" IN ('tickets', 'label', 'team', 'identity_secret', 'labelled'));
