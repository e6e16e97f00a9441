-- Erasing a contact takes its messages out of what was learned from: the row of a dataset stays as a tombstone (its place, label and
-- part, and when), so that a dataset never looks smaller than what a model once learned from, and names nothing any more.
ALTER TABLE "dataset_row" ADD COLUMN "erased_at" TIMESTAMPTZ(3);
ALTER TABLE "dataset_row" DROP CONSTRAINT "dataset_row_one";
ALTER TABLE "dataset_row" ADD CONSTRAINT "dataset_row_one" CHECK (num_nonnulls("message_id", "example_id", "erased_at") = 1);
