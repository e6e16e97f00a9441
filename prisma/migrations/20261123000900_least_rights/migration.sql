-- The system role keeps what its acts need and no more: it never opened accounts, never changed memberships, never looked
-- at inboxes or invitations (an invitation's token names its account), and has no use for the accounts' wrapped keys.
REVOKE SELECT, INSERT, UPDATE ON "account" FROM lingxi_system;
GRANT SELECT ("id", "slug", "name", "locale", "time_zone", "created_at") ON "account" TO lingxi_system;
REVOKE INSERT, UPDATE ON "membership" FROM lingxi_system;
REVOKE SELECT ON "inbox", "invitation" FROM lingxi_system;
DROP POLICY "system" ON "inbox";
DROP POLICY "system" ON "invitation";
