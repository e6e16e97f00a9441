-- What answers in the place of a version in charge that cannot be opened: known, and told once.
ALTER TABLE "deployment" ADD COLUMN "stand_in" TEXT;
-- Datasets with gaps are told by them, and most have none.
CREATE INDEX "dataset_row_gone" ON "dataset_row"("account_id", "dataset_id") WHERE "erased_at" IS NOT NULL;
