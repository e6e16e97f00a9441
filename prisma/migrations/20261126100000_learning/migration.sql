-- What an account teaches its model, and what comes of it: intents, examples, datasets, training runs, versions, deployments.
-- Corrections stay where they are: a dataset reads them as examples, so that one taken back teaches nothing.

-- An intent of the account's own, or what the account changed about one that comes with the product.
CREATE TABLE "intent" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT,
    "description" TEXT NOT NULL DEFAULT '',
    "threshold" REAL,
    "archived_at" TIMESTAMPTZ(3),
    "merged_into" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "intent_pkey" PRIMARY KEY ("account_id","id")
);
CREATE UNIQUE INDEX "intent_account_id_key_key" ON "intent"("account_id", "key");
ALTER TABLE "intent" ADD CONSTRAINT "intent_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "intent" ADD CONSTRAINT "intent_key" CHECK ("key" ~ '^[a-z0-9][a-z0-9_]{0,63}$');
-- Below one half the model abstains whatever an intent says.
ALTER TABLE "intent" ADD CONSTRAINT "intent_threshold" CHECK ("threshold" BETWEEN 0.5 AND 0.99);

-- What was merged is out of use, and a model that still says it means the other one.
ALTER TABLE "intent" ADD CONSTRAINT "intent_merged" CHECK ("merged_into" IS NULL OR ("archived_at" IS NOT NULL AND "merged_into" <> "key"));

-- A text written or imported for an intent, or a case that every model must get right and none learns; sealed with the account's key. `text_hash` is keyed: one text teaches one intent.
CREATE TABLE "example" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "intent" TEXT NOT NULL,
    "text" BYTEA NOT NULL,
    "text_hash" BYTEA NOT NULL,
    "source" TEXT NOT NULL,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "example_pkey" PRIMARY KEY ("account_id","id")
);
CREATE UNIQUE INDEX "example_account_id_text_hash_key" ON "example"("account_id", "text_hash");
CREATE INDEX "example_account_id_intent_id_idx" ON "example"("account_id", "intent", "id");
CREATE INDEX "example_account_id_author_id_idx" ON "example"("account_id", "author_id");
ALTER TABLE "example" ADD CONSTRAINT "example_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "example" ADD CONSTRAINT "example_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "example" ADD CONSTRAINT "example_source" CHECK ("source" IN ('written', 'import', 'case'));

-- A snapshot of what there was to learn from. Its rows name messages and examples and keep their label; texts stay in one place,
-- so that what is erased there is gone from every dataset.
CREATE TABLE "dataset" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "counts" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("account_id","id")
);
CREATE UNIQUE INDEX "dataset_account_id_hash_key" ON "dataset"("account_id", "hash");
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "dataset_row" (
    "account_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "intent" TEXT NOT NULL,
    "split" TEXT NOT NULL,
    "message_id" UUID,
    "example_id" UUID,

    CONSTRAINT "dataset_row_pkey" PRIMARY KEY ("account_id","dataset_id","place")
);
CREATE INDEX "dataset_row_account_id_message_id_idx" ON "dataset_row"("account_id", "message_id");
CREATE INDEX "dataset_row_account_id_example_id_idx" ON "dataset_row"("account_id", "example_id");
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_account_id_dataset_id_fkey" FOREIGN KEY ("account_id", "dataset_id") REFERENCES "dataset"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_account_id_message_id_fkey" FOREIGN KEY ("account_id", "message_id") REFERENCES "message"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_account_id_example_id_fkey" FOREIGN KEY ("account_id", "example_id") REFERENCES "example"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_split" CHECK ("split" IN ('train', 'test'));
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_one" CHECK (("message_id" IS NULL) <> ("example_id" IS NULL));

-- One attempt to train: waits, runs in a child of the worker, ends. `beat_at` tells a run that goes on from one whose worker died.
CREATE TABLE "training_run" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "seed" INTEGER NOT NULL,
    "phase" TEXT NOT NULL DEFAULT '',
    "progress" REAL NOT NULL DEFAULT 0,
    "steps" JSONB NOT NULL DEFAULT '[]',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "seconds" REAL,
    "cpu_seconds" REAL,
    "error" TEXT,
    "report" JSONB,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "beat_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "training_run_pkey" PRIMARY KEY ("account_id","id")
);
CREATE INDEX "training_run_account_id_created_at_idx" ON "training_run"("account_id", "created_at" DESC);
CREATE INDEX "training_run_account_id_dataset_id_idx" ON "training_run"("account_id", "dataset_id");
CREATE INDEX "training_run_account_id_author_id_idx" ON "training_run"("account_id", "author_id");
CREATE INDEX "training_run_under_way" ON "training_run" ("created_at") WHERE "state" IN ('queued', 'running');
ALTER TABLE "training_run" ADD CONSTRAINT "training_run_account_id_dataset_id_fkey" FOREIGN KEY ("account_id", "dataset_id") REFERENCES "dataset"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "training_run" ADD CONSTRAINT "training_run_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "training_run" ADD CONSTRAINT "training_run_state" CHECK ("state" IN ('queued', 'running', 'succeeded', 'failed', 'cancelled'));

-- A trained model. `bundle` is the sha256 of its manifest, which holds the digests of all its parts: it names exactly these weights.
CREATE TABLE "model_version" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "run_id" UUID NOT NULL,
    "bundle" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "labels" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "model_version_pkey" PRIMARY KEY ("account_id","id")
);
CREATE UNIQUE INDEX "model_version_account_id_number_key" ON "model_version"("account_id", "number");
CREATE INDEX "model_version_account_id_run_id_idx" ON "model_version"("account_id", "run_id");
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_account_id_run_id_fkey" FOREIGN KEY ("account_id", "run_id") REFERENCES "training_run"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_bundle" CHECK ("bundle" ~ '^[0-9a-f]{64}$');

-- Which version answered from when on; the newest row is the champion. Without a version it is the model that comes along.
CREATE TABLE "deployment" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "version_id" UUID,
    "because" TEXT NOT NULL,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deployment_pkey" PRIMARY KEY ("account_id","id")
);
CREATE INDEX "deployment_account_id_version_id_idx" ON "deployment"("account_id", "version_id");
CREATE INDEX "deployment_account_id_author_id_idx" ON "deployment"("account_id", "author_id");
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_account_id_version_id_fkey" FOREIGN KEY ("account_id", "version_id") REFERENCES "model_version"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_because" CHECK ("because" IN ('promoted', 'rolled_back'));

-- Messages that teach nothing, taken out of the review by a person.
CREATE TABLE "review_discard" (
    "account_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "review_discard_pkey" PRIMARY KEY ("account_id","message_id")
);
CREATE INDEX "review_discard_account_id_author_id_idx" ON "review_discard"("account_id", "author_id");
ALTER TABLE "review_discard" ADD CONSTRAINT "review_discard_account_id_message_id_fkey" FOREIGN KEY ("account_id", "message_id") REFERENCES "message"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_discard" ADD CONSTRAINT "review_discard_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- When an account trains by itself.
CREATE TABLE "training_rule" (
    "account_id" UUID NOT NULL,
    "after_corrections" INTEGER,
    "weekly" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "training_rule_pkey" PRIMARY KEY ("account_id")
);
ALTER TABLE "training_rule" ADD CONSTRAINT "training_rule_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "training_rule" ADD CONSTRAINT "training_rule_after" CHECK ("after_corrections" BETWEEN 1 AND 100000);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['intent', 'example', 'dataset', 'dataset_row', 'training_run', 'model_version', 'deployment', 'review_discard', 'training_rule'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "own_account" ON %I TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id())', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO lingxi_app', name);
  END LOOP;
END $$;

-- The worker finds waiting runs across accounts, by ids, states and dates alone.
CREATE POLICY "system" ON "training_run" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ("account_id", "id", "state", "created_at", "beat_at") ON "training_run" TO lingxi_system;

CREATE POLICY "system" ON "training_rule" TO lingxi_system USING (true) WITH CHECK (true);
GRANT SELECT ("account_id") ON "training_rule" TO lingxi_system;
