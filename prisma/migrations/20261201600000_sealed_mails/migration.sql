-- What a mail says, with the link in it that signs somebody in, waits here sealed under the installation's key. Mails from before
-- are as they were: the database has no key to seal them with.
ALTER TABLE "mail" ADD COLUMN "sealed" BOOLEAN NOT NULL DEFAULT false;
