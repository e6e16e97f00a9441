-- What is left to pay of an invoice, hundredths: credit of earlier ones, and parts that were paid, are no part of it. Null: not read yet, or demo billing's.
ALTER TABLE "invoice" ADD COLUMN "due" INTEGER;
