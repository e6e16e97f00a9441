-- What a look through an account's labels found, and whether another one is asked for. One row for an account: it is the job, too.
CREATE TABLE "label_look" (
    "account_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "taken_at" TIMESTAMPTZ(3),
    "looked_at" TIMESTAMPTZ(3),
    "seen" TEXT NOT NULL DEFAULT '',
    "found" BYTEA,

    CONSTRAINT "label_look_pkey" PRIMARY KEY ("account_id")
);
ALTER TABLE "label_look" ADD CONSTRAINT "label_look_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "label_look_waiting" ON "label_look"("asked_at") WHERE "looked_at" IS NULL OR "asked_at" > "looked_at";

ALTER TABLE "label_look" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "label_look" FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_account" ON "label_look" TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON "label_look" TO lingxi_app;
CREATE POLICY "system" ON "label_look" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ("account_id", "asked_at", "taken_at", "looked_at") ON "label_look" TO lingxi_system;
