-- By what program and with what recipe a run was begun: one that fails or is cancelled tells it, too.
ALTER TABLE "training_run" ADD COLUMN "code" TEXT, ADD COLUMN "recipe" JSONB;
-- The table's owner reads past the policies only while they are not forced.
ALTER TABLE "training_run" NO FORCE ROW LEVEL SECURITY;
UPDATE "training_run" SET "code" = "report"->'measured'->>'code', "recipe" = "report"->'measured'->'recipe'
  WHERE "report"->'measured' IS NOT NULL;
ALTER TABLE "training_run" FORCE ROW LEVEL SECURITY;
