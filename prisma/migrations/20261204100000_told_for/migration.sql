-- For when Stripe was told: an ended plan's last use is told with a time before its end, which may lie in another month than the telling.
ALTER TABLE "usage_report" ADD COLUMN "told_for" TIMESTAMPTZ(3);
-- The tables' owner reads past the policies only while they are not forced.
ALTER TABLE "usage_report" NO FORCE ROW LEVEL SECURITY;
UPDATE "usage_report" SET "told_for" = "sent_at";
ALTER TABLE "usage_report" FORCE ROW LEVEL SECURITY;
-- The worker finds accounts whose meter is to be compared, those of ended plans as well.
GRANT SELECT ("told_for") ON "usage_report" TO lingxi_system;
