-- Where each text of a dataset came from when it was taken down: an example's own source may be another one since.
ALTER TABLE "dataset_row" ADD COLUMN "source" TEXT CHECK ("source" IN ('correction', 'written', 'import'));
-- The tables' owner reads past the policies only while they are not forced. What was erased before says nothing any more.
ALTER TABLE "dataset_row" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "example" NO FORCE ROW LEVEL SECURITY;
UPDATE "dataset_row" SET "source" = 'correction' WHERE "message_id" IS NOT NULL;
UPDATE "dataset_row" r SET "source" = e."source" FROM "example" e
  WHERE e."account_id" = r."account_id" AND e."id" = r."example_id" AND e."source" <> 'case';
ALTER TABLE "example" FORCE ROW LEVEL SECURITY;
ALTER TABLE "dataset_row" FORCE ROW LEVEL SECURITY;
