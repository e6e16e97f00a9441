-- What an imported text stays together with, and on which side it stood, in the dataset that it came with.
ALTER TABLE "example"
  ADD COLUMN "conversation" TEXT CHECK (length("conversation") BETWEEN 1 AND 64),
  ADD COLUMN "split" TEXT CHECK ("split" IN ('train', 'test'));
