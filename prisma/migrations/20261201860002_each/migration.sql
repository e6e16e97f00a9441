-- What a plan costs for one person, hundredths, as it was bought; null: the table's price.
ALTER TABLE "subscription" ADD COLUMN "each" DOUBLE PRECISION;
