-- Models that the operator trains on an account's behalf: with the account's recorded consent alone, and used only when it accepts them.

-- Consent of an owner, and its end; every one that was ever given stays as record.
CREATE TABLE "training_consent" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "given_by" UUID NOT NULL,
    "given_at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_by" UUID,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "training_consent_pkey" PRIMARY KEY ("account_id","id")
);
CREATE UNIQUE INDEX "training_consent_standing" ON "training_consent"("account_id") WHERE "withdrawn_at" IS NULL;
CREATE INDEX "training_consent_account_id_given_by_idx" ON "training_consent"("account_id", "given_by");
CREATE INDEX "training_consent_account_id_withdrawn_by_idx" ON "training_consent"("account_id", "withdrawn_by");
ALTER TABLE "training_consent" ADD CONSTRAINT "training_consent_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "training_consent" ADD CONSTRAINT "training_consent_account_id_given_by_fkey" FOREIGN KEY ("account_id", "given_by") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "training_consent" ADD CONSTRAINT "training_consent_account_id_withdrawn_by_fkey" FOREIGN KEY ("account_id", "withdrawn_by") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "training_consent" ADD CONSTRAINT "training_consent_withdrawn" CHECK (("withdrawn_by" IS NULL) = ("withdrawn_at" IS NULL));

-- A run that the operator asked for under a consent, and what the account says to the version that came of it.
CREATE TABLE "training_order" (
    "account_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "consent_id" UUID NOT NULL,
    "operator_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "decision" TEXT,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "training_order_pkey" PRIMARY KEY ("account_id","run_id")
);
CREATE INDEX "training_order_account_id_consent_id_idx" ON "training_order"("account_id", "consent_id");
CREATE INDEX "training_order_account_id_decided_by_idx" ON "training_order"("account_id", "decided_by");
CREATE INDEX "training_order_operator_id_idx" ON "training_order"("operator_id");
ALTER TABLE "training_order" ADD CONSTRAINT "training_order_account_id_run_id_fkey" FOREIGN KEY ("account_id", "run_id") REFERENCES "training_run"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "training_order" ADD CONSTRAINT "training_order_account_id_consent_id_fkey" FOREIGN KEY ("account_id", "consent_id") REFERENCES "training_consent"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "training_order" ADD CONSTRAINT "training_order_operator_id_fkey" FOREIGN KEY ("operator_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "training_order" ADD CONSTRAINT "training_order_account_id_decided_by_fkey" FOREIGN KEY ("account_id", "decided_by") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "training_order" ADD CONSTRAINT "training_order_decision" CHECK ("decision" IN ('accepted', 'declined'));
ALTER TABLE "training_order" ADD CONSTRAINT "training_order_decided" CHECK (("decision" IS NULL) = ("decided_by" IS NULL) AND ("decision" IS NULL) = ("decided_at" IS NULL));

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['training_consent', 'training_order'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "own_account" ON %I TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id())', name);
  END LOOP;
END $$;
-- Records: nothing is taken out of them by hand.
GRANT SELECT, INSERT, UPDATE ON "training_consent" TO lingxi_app;
GRANT SELECT, INSERT, UPDATE ON "training_order" TO lingxi_app;

-- The operator sees which accounts consent, and since when.
CREATE POLICY "system" ON "training_consent" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ("account_id", "id", "given_at", "withdrawn_at") ON "training_consent" TO lingxi_system;
