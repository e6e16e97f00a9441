-- Who was a stranger before the site vouched for them was another contact then. A backup from that time knows them by that id only, so
-- an erasure has to name it, too.
ALTER TABLE "contact" ADD COLUMN "former_ids" UUID[] DEFAULT ARRAY[]::UUID[];
