-- A version beside the one in charge: silently at first, then for a share of contacts; and, once it is in charge, watched beside its predecessor.
CREATE TABLE "model_trial" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    -- In charge when the trial began; null: the model that comes along.
    "champion_id" UUID,
    -- Of contacts, percent, that the version answers for; 100: it is in charge.
    "share" INTEGER NOT NULL,
    "ended" TEXT,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "model_trial_pkey" PRIMARY KEY ("account_id","id")
);
CREATE UNIQUE INDEX "model_trial_running" ON "model_trial"("account_id") WHERE "ended" IS NULL;
CREATE INDEX "model_trial_account_id_version_id_idx" ON "model_trial"("account_id", "version_id");
CREATE INDEX "model_trial_account_id_champion_id_idx" ON "model_trial"("account_id", "champion_id");
CREATE INDEX "model_trial_account_id_author_id_idx" ON "model_trial"("account_id", "author_id");
ALTER TABLE "model_trial" ADD CONSTRAINT "model_trial_account_id_version_id_fkey" FOREIGN KEY ("account_id", "version_id") REFERENCES "model_version"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "model_trial" ADD CONSTRAINT "model_trial_account_id_champion_id_fkey" FOREIGN KEY ("account_id", "champion_id") REFERENCES "model_version"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "model_trial" ADD CONSTRAINT "model_trial_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "model_trial" ADD CONSTRAINT "model_trial_share" CHECK ("share" BETWEEN 0 AND 50 OR "share" = 100);
ALTER TABLE "model_trial" ADD CONSTRAINT "model_trial_ended" CHECK ("ended" IN ('promoted', 'stopped', 'worse', 'slow', 'held'));

-- What the other of a trial's two models would have said: nobody saw it, and it costs nothing but time.
CREATE TABLE "shadow_prediction" (
    "account_id" UUID NOT NULL,
    "trial_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    -- True: the tried version said this, and the champion answered; false: the other way round.
    "tried" BOOLEAN NOT NULL,
    "intent" TEXT NOT NULL,
    "in_scope" BOOLEAN NOT NULL,
    "latency_ms" REAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "shadow_prediction_pkey" PRIMARY KEY ("account_id","trial_id","message_id")
);
CREATE INDEX "shadow_prediction_account_id_message_id_idx" ON "shadow_prediction"("account_id", "message_id");
ALTER TABLE "shadow_prediction" ADD CONSTRAINT "shadow_prediction_account_id_trial_id_fkey" FOREIGN KEY ("account_id", "trial_id") REFERENCES "model_trial"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "shadow_prediction" ADD CONSTRAINT "shadow_prediction_account_id_message_id_fkey" FOREIGN KEY ("account_id", "message_id") REFERENCES "message"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['model_trial', 'shadow_prediction'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "own_account" ON %I TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id())', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO lingxi_app', name);
  END LOOP;
END $$;
-- The worker finds accounts whose models are compared.
CREATE POLICY "system" ON "model_trial" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ("account_id", "ended") ON "model_trial" TO lingxi_system;
