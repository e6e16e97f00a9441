-- Labels that a model doubted and a person stood by: they are not doubted again as long as they stand.
CREATE TABLE "label_keep" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "message_id" UUID,
    "example_id" UUID,
    "intent" TEXT NOT NULL,
    "author_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "label_keep_pkey" PRIMARY KEY ("account_id","id")
);
CREATE UNIQUE INDEX "label_keep_account_id_message_id_key" ON "label_keep"("account_id", "message_id");
CREATE UNIQUE INDEX "label_keep_account_id_example_id_key" ON "label_keep"("account_id", "example_id");
CREATE INDEX "label_keep_account_id_author_id_idx" ON "label_keep"("account_id", "author_id");
ALTER TABLE "label_keep" ADD CONSTRAINT "label_keep_account_id_message_id_fkey" FOREIGN KEY ("account_id", "message_id") REFERENCES "message"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "label_keep" ADD CONSTRAINT "label_keep_account_id_example_id_fkey" FOREIGN KEY ("account_id", "example_id") REFERENCES "example"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "label_keep" ADD CONSTRAINT "label_keep_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "label_keep" ADD CONSTRAINT "label_keep_one" CHECK (("message_id" IS NULL) <> ("example_id" IS NULL));

ALTER TABLE "label_keep" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "label_keep" FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_account" ON "label_keep" TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON "label_keep" TO lingxi_app;
