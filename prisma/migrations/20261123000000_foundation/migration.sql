-- The foundation: accounts, people, inboxes, conversations, predictions, events; their policies, counts and the visitor's path.
-- CreateTable
CREATE TABLE "account" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "key" BYTEA NOT NULL,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "last_display_id" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "session_version" INTEGER NOT NULL DEFAULT 1,
    "operator" BOOLEAN NOT NULL DEFAULT false,
    "preferences" JSONB NOT NULL DEFAULT '{}',
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_session" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "user_agent" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_token" (
    "hash" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "user_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_token_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "mail" (
    "id" UUID NOT NULL,
    "to" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "availability" TEXT NOT NULL DEFAULT 'online',
    "online_until" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "invited_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "team" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "team_member" (
    "account_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "membership_id" UUID NOT NULL,

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("account_id","team_id","membership_id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "site_key" TEXT NOT NULL,
    "allowed_origins" TEXT[],
    "accent" TEXT NOT NULL DEFAULT '#5b5bd6',
    "texts" JSONB NOT NULL DEFAULT '{}',
    "identity_secret" BYTEA NOT NULL,
    "reopen_days" INTEGER NOT NULL DEFAULT 14,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "contact" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key" BYTEA NOT NULL,
    "name" BYTEA,
    "email" BYTEA,
    "phone" BYTEA,
    "email_hash" BYTEA,
    "external_id" BYTEA,
    "external_hash" BYTEA,
    "tokens" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
    "locale" TEXT NOT NULL DEFAULT 'en',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contact_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "contact_session" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "inbox_id" UUID NOT NULL,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "page" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "contact_session_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "conversation" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "display_id" INTEGER NOT NULL,
    "inbox_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "priority" TEXT NOT NULL DEFAULT 'normal',
    "assignee_id" UUID,
    "team_id" UUID,
    "last_sequence" BIGINT NOT NULL,
    "message_count" INTEGER NOT NULL DEFAULT 0,
    "waiting_since" TIMESTAMPTZ(3),
    "first_reply_at" TIMESTAMPTZ(3),
    "snoozed_until" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "last_activity_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "superseded_by" UUID,
    "read_sequence" BIGINT NOT NULL DEFAULT 0,
    "intent" TEXT,
    "intent_probability" REAL,
    "sentiment" TEXT,
    "sentiment_probability" REAL,
    "language" TEXT,
    "urgency" TEXT,
    "route" JSONB,
    "needs_person" BOOLEAN NOT NULL DEFAULT false,
    "preview" BYTEA,
    "preview_kind" TEXT NOT NULL DEFAULT 'incoming',

    CONSTRAINT "conversation_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "message" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "private" BOOLEAN NOT NULL DEFAULT false,
    "contact_id" UUID,
    "author_id" UUID,
    "client_id" UUID,
    "body" BYTEA,
    "body_hash" BYTEA,
    "tokens" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
    "activity" JSONB,
    "label_state" TEXT NOT NULL DEFAULT 'none',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "prediction" (
    "account_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "model_version" TEXT NOT NULL,
    "intent" TEXT NOT NULL,
    "intent_probability" REAL NOT NULL,
    "in_scope" BOOLEAN NOT NULL,
    "sentiment" TEXT NOT NULL,
    "sentiment_probability" REAL NOT NULL,
    "sentiment_score" REAL NOT NULL,
    "language" TEXT NOT NULL,
    "language_probability" REAL NOT NULL,
    "urgency" TEXT NOT NULL,
    "urgency_probability" REAL NOT NULL,
    "latency_ms" REAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "prediction_pkey" PRIMARY KEY ("account_id","message_id")
);

-- CreateTable
CREATE TABLE "correction" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "field" TEXT NOT NULL,
    "was" TEXT,
    "now" TEXT NOT NULL,
    "author_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "correction_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "label" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "colour" TEXT NOT NULL DEFAULT '#5b5bd6',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "label_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "conversation_label" (
    "account_id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "label_id" UUID NOT NULL,

    CONSTRAINT "conversation_label_pkey" PRIMARY KEY ("account_id","conversation_id","label_id")
);

-- CreateTable
CREATE TABLE "routing_rule" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "when" JSONB NOT NULL,
    "team_id" UUID,
    "priority" TEXT,
    "assign" TEXT NOT NULL DEFAULT 'round_robin',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "routing_rule_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "conversation_count" (
    "account_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "n" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "conversation_count_pkey" PRIMARY KEY ("account_id","key")
);

-- CreateTable
CREATE TABLE "event" (
    "account_id" UUID NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "xid" BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text)::bigint,
    "type" TEXT NOT NULL,
    "conversation_id" UUID,
    "message_id" UUID,
    "data" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("account_id","xid","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_slug_key" ON "account"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE INDEX "user_session_user_id_idx" ON "user_session"("user_id");

-- CreateIndex
CREATE INDEX "sign_in_token_email_purpose_idx" ON "sign_in_token"("email", "purpose");

-- CreateIndex
CREATE INDEX "mail_created_at_idx" ON "mail"("created_at" DESC);

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_account_id_user_id_key" ON "membership"("account_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_account_id_token_hash_key" ON "invitation"("account_id", "token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "team_account_id_name_key" ON "team"("account_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_account_id_site_key_key" ON "inbox"("account_id", "site_key");

-- CreateIndex
CREATE INDEX "contact_session_account_id_contact_id_idx" ON "contact_session"("account_id", "contact_id");

-- CreateIndex
CREATE INDEX "conversation_by_status" ON "conversation"("account_id", "status", "last_activity_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "conversation_by_team" ON "conversation"("account_id", "team_id", "status", "last_activity_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "conversation_by_intent" ON "conversation"("account_id", "intent", "last_activity_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "conversation_account_id_display_id_key" ON "conversation"("account_id", "display_id");

-- CreateIndex
CREATE UNIQUE INDEX "message_account_id_conversation_id_sequence_key" ON "message"("account_id", "conversation_id", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "message_account_id_contact_id_client_id_key" ON "message"("account_id", "contact_id", "client_id");

-- CreateIndex
CREATE INDEX "correction_account_id_message_id_idx" ON "correction"("account_id", "message_id");

-- CreateIndex
CREATE INDEX "correction_account_id_created_at_idx" ON "correction"("account_id", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "label_account_id_name_key" ON "label"("account_id", "name");

-- CreateIndex
CREATE INDEX "conversation_label_account_id_label_id_idx" ON "conversation_label"("account_id", "label_id");

-- AddForeignKey
ALTER TABLE "user_session" ADD CONSTRAINT "user_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_account_id_invited_by_fkey" FOREIGN KEY ("account_id", "invited_by") REFERENCES "membership"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team" ADD CONSTRAINT "team_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_account_id_team_id_fkey" FOREIGN KEY ("account_id", "team_id") REFERENCES "team"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_account_id_membership_id_fkey" FOREIGN KEY ("account_id", "membership_id") REFERENCES "membership"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inbox" ADD CONSTRAINT "inbox_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact" ADD CONSTRAINT "contact_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact_session" ADD CONSTRAINT "contact_session_account_id_contact_id_fkey" FOREIGN KEY ("account_id", "contact_id") REFERENCES "contact"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact_session" ADD CONSTRAINT "contact_session_account_id_inbox_id_fkey" FOREIGN KEY ("account_id", "inbox_id") REFERENCES "inbox"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversation" ADD CONSTRAINT "conversation_account_id_inbox_id_fkey" FOREIGN KEY ("account_id", "inbox_id") REFERENCES "inbox"("account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversation" ADD CONSTRAINT "conversation_account_id_contact_id_fkey" FOREIGN KEY ("account_id", "contact_id") REFERENCES "contact"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversation" ADD CONSTRAINT "conversation_account_id_assignee_id_fkey" FOREIGN KEY ("account_id", "assignee_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "conversation" ADD CONSTRAINT "conversation_account_id_team_id_fkey" FOREIGN KEY ("account_id", "team_id") REFERENCES "team"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_account_id_conversation_id_fkey" FOREIGN KEY ("account_id", "conversation_id") REFERENCES "conversation"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_account_id_contact_id_fkey" FOREIGN KEY ("account_id", "contact_id") REFERENCES "contact"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_account_id_message_id_fkey" FOREIGN KEY ("account_id", "message_id") REFERENCES "message"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "correction" ADD CONSTRAINT "correction_account_id_message_id_fkey" FOREIGN KEY ("account_id", "message_id") REFERENCES "message"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "correction" ADD CONSTRAINT "correction_account_id_author_id_fkey" FOREIGN KEY ("account_id", "author_id") REFERENCES "membership"("account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "label" ADD CONSTRAINT "label_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversation_label" ADD CONSTRAINT "conversation_label_account_id_conversation_id_fkey" FOREIGN KEY ("account_id", "conversation_id") REFERENCES "conversation"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversation_label" ADD CONSTRAINT "conversation_label_account_id_label_id_fkey" FOREIGN KEY ("account_id", "label_id") REFERENCES "label"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routing_rule" ADD CONSTRAINT "routing_rule_account_id_team_id_fkey" FOREIGN KEY ("account_id", "team_id") REFERENCES "team"("account_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;


-- CreateTable
CREATE TABLE "heartbeat" (
    "process" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "heartbeat_pkey" PRIMARY KEY ("process")
);

-- Closed word lists. Text with CHECK rather than enums: enum equality is not leakproof, so row-level security
-- would keep conditions on it from using an index.
ALTER TABLE "membership"
  ADD CONSTRAINT "membership_role" CHECK ("role" IN ('owner', 'admin', 'agent', 'viewer')),
  ADD CONSTRAINT "membership_availability" CHECK ("availability" IN ('online', 'away'));
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_role" CHECK ("role" IN ('owner', 'admin', 'agent', 'viewer'));
ALTER TABLE "mail" ADD CONSTRAINT "mail_state" CHECK ("state" IN ('queued', 'sent', 'held', 'failed'));
ALTER TABLE "conversation"
  ADD CONSTRAINT "conversation_status" CHECK ("status" IN ('open', 'pending', 'snoozed', 'resolved')),
  ADD CONSTRAINT "conversation_priority" CHECK ("priority" IN ('low', 'normal', 'high', 'urgent')),
  ADD CONSTRAINT "conversation_snooze" CHECK (("status" = 'snoozed') = ("snoozed_until" IS NOT NULL));
ALTER TABLE "message"
  ADD CONSTRAINT "message_kind" CHECK ("kind" IN ('incoming', 'outgoing', 'activity')),
  ADD CONSTRAINT "message_label_state" CHECK ("label_state" IN ('none', 'pending', 'labelled'));
ALTER TABLE "correction" ADD CONSTRAINT "correction_field" CHECK ("field" IN ('intent', 'sentiment', 'urgency'));
ALTER TABLE "routing_rule" ADD CONSTRAINT "routing_rule_assign" CHECK ("assign" IN ('round_robin', 'none'));

-- Partial, so that they are no candidates for finding a contact by its id: chosen while the table was small, they would
-- be kept in the visitor path's plans when it is large.
CREATE UNIQUE INDEX "contact_external" ON "contact" ("account_id", "external_hash") WHERE "external_hash" IS NOT NULL;
CREATE INDEX "contact_email" ON "contact" ("account_id", "email_hash") WHERE "email_hash" IS NOT NULL;
-- Two, since "assignee is null" gives the planner no order to walk in; a conversation stands in one of them.
CREATE INDEX "conversation_by_assignee" ON "conversation" ("account_id", "assignee_id", "status", "last_activity_at" DESC, "id" DESC) WHERE "assignee_id" IS NOT NULL;
CREATE INDEX "conversation_unassigned" ON "conversation" ("account_id", "status", "last_activity_at" DESC, "id" DESC) WHERE "assignee_id" IS NULL;
-- One living thread per contact and inbox: of those without a successor there is one. It finds a contact's threads, too: every
-- index of this table is written again with every message.
CREATE UNIQUE INDEX "conversation_current" ON "conversation" ("account_id", "contact_id", "inbox_id", "superseded_by") NULLS NOT DISTINCT;
-- An author's client id is one message; visitors' messages, which have no author, stay out of it.
CREATE UNIQUE INDEX "message_of_author" ON "message" ("account_id", "author_id", "client_id") WHERE "author_id" IS NOT NULL;
-- Search by keyed token hashes; what waits for its label; what waits for its time.
CREATE INDEX "message_tokens" ON "message" USING gin ("tokens");
CREATE INDEX "contact_tokens" ON "contact" USING gin ("tokens");
CREATE INDEX "message_pending" ON "message" ("account_id", "created_at") WHERE "label_state" = 'pending';
CREATE INDEX "conversation_snoozed" ON "conversation" ("snoozed_until") WHERE "status" = 'snoozed';

-- The visitor path's plans are kept per connection and are right once the planner has seen real rows: without statistics
-- it takes any index that begins with the account for as good as the exact one. So these tables are looked at early.
ALTER TABLE "message" SET (autovacuum_analyze_threshold = 100, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE "conversation" SET (autovacuum_analyze_threshold = 100, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE "contact" SET (autovacuum_analyze_threshold = 100, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE "prediction" SET (autovacuum_analyze_threshold = 100, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE "event" SET (autovacuum_analyze_threshold = 100, autovacuum_analyze_scale_factor = 0.05);

-- Under row-level security a condition may use an index only when its operator cannot leak. `@>` on bigint[]
-- raises nothing that depends on its input, so saying so is true; it needs a superuser. Without one (managed
-- databases) search still answers the same, only slower.
DO $$ BEGIN
  ALTER FUNCTION pg_catalog.arraycontains(anyarray, anyarray) LEAKPROOF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'arraycontains stays leaky: message search will scan';
END $$;

-- Roles. Both are groups without LOGIN; the installation makes a login role for each (see lib/platform/postgres).
DO $$ BEGIN CREATE ROLE lingxi_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE lingxi_system NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
REVOKE CREATE ON SCHEMA "public" FROM PUBLIC;
GRANT USAGE ON SCHEMA "public" TO lingxi_app, lingxi_system;

-- The account of the running transaction; null (and so no row at all) when none is set.
CREATE FUNCTION "current_account_id"() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.account_id', true), '')::uuid;

-- Every account table: forced policies for the app role, full rights within one account.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['membership','invitation','team','team_member','inbox','contact','contact_session','conversation',
    'message','prediction','correction','label','conversation_label','routing_rule','conversation_count','event'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY "own_account" ON %I TO lingxi_app USING (account_id = current_account_id()) WITH CHECK (account_id = current_account_id())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO lingxi_app', t);
  END LOOP;
END $$;
GRANT USAGE ON SEQUENCE "event_id_seq" TO lingxi_app, lingxi_system;

ALTER TABLE "account" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "account" FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_account" ON "account" TO lingxi_app USING (id = current_account_id()) WITH CHECK (id = current_account_id());
GRANT SELECT, UPDATE ON "account" TO lingxi_app;

-- People are global; within an account only its members' public columns are visible.
ALTER TABLE "user" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "user" FORCE ROW LEVEL SECURITY;
CREATE POLICY "members" ON "user" FOR SELECT TO lingxi_app
  USING (EXISTS (SELECT 1 FROM "membership" m WHERE m.account_id = current_account_id() AND m.user_id = "user".id));
GRANT SELECT ("id", "email", "name", "locale") ON "user" TO lingxi_app;
-- A flow may put a mail in the box within its transaction; it may not read others'.
GRANT INSERT ON "mail" TO lingxi_app;
GRANT SELECT, INSERT, UPDATE ON "heartbeat" TO lingxi_app;
-- The migrations' own table, for the readiness check.
DO $$ BEGIN
  IF to_regclass('public._prisma_migrations') IS NOT NULL THEN GRANT SELECT ON "_prisma_migrations" TO lingxi_app; END IF;
END $$;

-- The system role: the few acts that cross accounts (sign-in, invitations, late labels, snoozes, clean-up), table by table.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['account','user','membership','invitation','inbox','message','conversation','event'] LOOP
    EXECUTE format('CREATE POLICY "system" ON %I TO lingxi_system USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON "account", "user", "membership" TO lingxi_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON "user_session", "sign_in_token", "mail" TO lingxi_system;
GRANT SELECT ON "inbox", "invitation" TO lingxi_system;
GRANT SELECT ("account_id", "id", "label_state", "created_at") ON "message" TO lingxi_system;
GRANT SELECT ("account_id", "id", "status", "snoozed_until") ON "conversation" TO lingxi_system;
GRANT SELECT, DELETE ON "event" TO lingxi_system;

-- Kept counts ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION "conversation_keys"(status text, assignee uuid) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN status = 'open'
    THEN ARRAY['status:open', CASE WHEN assignee IS NULL THEN 'open:unassigned' ELSE 'open:assignee:' || assignee END]
    ELSE ARRAY['status:' || status] END;

CREATE FUNCTION "count_conversations_in"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO conversation_count AS c (account_id, key, n)
    SELECT r.account_id, k, count(*) FROM added r, unnest(conversation_keys(r.status, r.assignee_id)) k GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (account_id, key) DO UPDATE SET n = c.n + excluded.n;
  RETURN NULL;
END $$;

CREATE FUNCTION "count_conversations_out"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO conversation_count AS c (account_id, key, n)
    SELECT r.account_id, k, -count(*) FROM removed r, unnest(conversation_keys(r.status, r.assignee_id)) k GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (account_id, key) DO UPDATE SET n = c.n + excluded.n;
  RETURN NULL;
END $$;

CREATE FUNCTION "count_conversation_move"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO conversation_count AS c (account_id, key, n)
    SELECT NEW.account_id, k, sum(d) FROM (
      SELECT unnest(conversation_keys(OLD.status, OLD.assignee_id)) AS k, -1 AS d
      UNION ALL SELECT unnest(conversation_keys(NEW.status, NEW.assignee_id)), 1) moved
    GROUP BY k HAVING sum(d) <> 0 ORDER BY k
  ON CONFLICT (account_id, key) DO UPDATE SET n = c.n + excluded.n;
  RETURN NULL;
END $$;

CREATE TRIGGER "conversation_added" AFTER INSERT ON "conversation" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_conversations_in();
CREATE TRIGGER "conversation_removed" AFTER DELETE ON "conversation" REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION count_conversations_out();
CREATE TRIGGER "conversation_moved" AFTER UPDATE ON "conversation" FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.assignee_id IS DISTINCT FROM NEW.assignee_id)
  EXECUTE FUNCTION count_conversation_move();

-- The visitor's path --------------------------------------------------------------------------------------------------
-- SECURITY INVOKER throughout: the caller's policies hold inside; the account is set for the transaction, one after another.

-- One visitor message on its way in. Without a model's word the columns from model_version to latency_ms are empty; `priority` to
-- `needs_person` are what routing decided, `route` the whole decision with its reason.
CREATE TYPE "ingest_item" AS (
  ord int, account_id uuid, inbox_id uuid, contact_id uuid, message_id uuid, conversation_id uuid, client_id uuid,
  body text, body_hash text, preview text, tokens bigint[], at timestamptz,
  model_version text, intent text, intent_probability real, in_scope boolean, sentiment text, sentiment_probability real, sentiment_score real,
  language text, language_probability real, urgency text, urgency_probability real, latency_ms real,
  route jsonb, priority text, team_id uuid, assignee_id uuid, needs_person boolean
);

CREATE FUNCTION "priority_rank"(priority text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_position(ARRAY['low', 'normal', 'high', 'urgent'], priority);

-- Labels messages that were stored without a label. `labels` are ingest items with the message's id, label and route; returns
-- how many were new.
CREATE FUNCTION "label_messages"(account uuid, labels jsonb) RETURNS int
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off SET jit = off AS $$
DECLARE
  items ingest_item[] := ARRAY(SELECT i FROM jsonb_populate_recordset(NULL::ingest_item, labels) i);
  ids uuid[] := ARRAY(SELECT i.message_id FROM unnest(items) i);
  written int;
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  PERFORM 1 FROM conversation c WHERE c.account_id = account
    AND c.id = ANY (ARRAY(SELECT m.conversation_id FROM message m WHERE m.account_id = account AND m.id = ANY (ids)))
    ORDER BY c.id FOR UPDATE;
  WITH marked AS (
    UPDATE message m SET label_state = 'labelled' FROM unnest(items) i
    WHERE m.account_id = account AND m.id = ANY (ids) AND m.id = i.message_id AND m.label_state = 'pending'
    RETURNING m.conversation_id AS thread, m.sequence AS place, i.*
  ), told AS (
    INSERT INTO event (account_id, type, conversation_id, message_id)
    SELECT account, 'message.labelled', m.thread, m.message_id FROM marked m
  ), predicted AS (
    INSERT INTO prediction (account_id, message_id, model_version, intent, intent_probability, in_scope, sentiment, sentiment_probability,
      sentiment_score, language, language_probability, urgency, urgency_probability, latency_ms, created_at)
    SELECT account, m.message_id, m.model_version, m.intent, m.intent_probability, m.in_scope, m.sentiment, m.sentiment_probability,
      m.sentiment_score, m.language, m.language_probability, m.urgency, m.urgency_probability, m.latency_ms, clock_timestamp()
    FROM marked m ON CONFLICT (account_id, message_id) DO NOTHING
  ), newest AS (
    SELECT DISTINCT ON (m.thread) m.* FROM marked m ORDER BY m.thread, m.place DESC
  ), moved AS (
    UPDATE conversation c SET
      intent = n.intent, intent_probability = n.intent_probability, sentiment = n.sentiment, sentiment_probability = n.sentiment_probability,
      language = n.language, urgency = n.urgency,
      priority = CASE WHEN priority_rank(n.priority) > priority_rank(c.priority) THEN n.priority ELSE c.priority END,
      -- Routing moves only what nobody owns yet: a person's choice is never overruled by a later message.
      route = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN coalesce(n.route, c.route) ELSE c.route END,
      needs_person = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN coalesce(n.needs_person, c.needs_person) ELSE c.needs_person END,
      assignee_id = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN (
        SELECT m.id FROM membership m WHERE m.account_id = account AND m.id = n.assignee_id AND m.disabled_at IS NULL) ELSE c.assignee_id END,
      team_id = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN (
        SELECT t.id FROM team t WHERE t.account_id = account AND t.id = n.team_id) ELSE c.team_id END
    FROM newest n WHERE c.account_id = account AND c.id = n.thread
      AND NOT EXISTS (SELECT 1 FROM message later WHERE later.account_id = account AND later.conversation_id = n.thread
        AND later.sequence > n.place AND later.label_state = 'labelled')
      -- A person was quicker: their word stands.
      AND NOT EXISTS (SELECT 1 FROM correction k WHERE k.account_id = account AND k.message_id = n.message_id AND k.undone_at IS NULL)
  )
  SELECT count(*) INTO written FROM marked;
  RETURN written;
END $$;

-- Begins the threads that items need: none yet, or the last one has been resolved for longer than the inbox reopens.
-- A repeated message begins none. Another process may begin the same thread in between: then its row is the thread, and only
-- threads that the caller holds locked are ended here.
CREATE FUNCTION "begin_threads"(tenant uuid, items ingest_item[], held uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  opening ingest_item[];
  last_number int;
BEGIN
  SELECT array_agg(o) INTO opening FROM (
    SELECT DISTINCT ON (i.contact_id, i.inbox_id) i.* FROM unnest(items) i
    CROSS JOIN LATERAL (SELECT 1 FROM contact k WHERE k.account_id = tenant AND k.id = i.contact_id OFFSET 0) k
    LEFT JOIN LATERAL (SELECT c.id, c.status, c.resolved_at FROM conversation c WHERE c.account_id = tenant
      AND c.contact_id = i.contact_id AND c.inbox_id = i.inbox_id AND c.superseded_by IS NULL OFFSET 0) c ON true
    LEFT JOIN LATERAL (SELECT true AS known FROM message m WHERE m.account_id = tenant AND m.contact_id = i.contact_id AND m.client_id = i.client_id OFFSET 0) m ON true
    WHERE m.known IS NULL AND (c.id IS NULL OR (c.status = 'resolved' AND c.resolved_at < i.at - (
      SELECT b.reopen_days FROM inbox b WHERE b.account_id = tenant AND b.id = i.inbox_id) * interval '1 day'))
    ORDER BY i.contact_id, i.inbox_id, i.ord) o;
  IF opening IS NULL THEN RETURN; END IF;
  UPDATE account SET last_display_id = last_display_id + cardinality(opening) WHERE id = tenant RETURNING last_display_id INTO last_number;
  UPDATE conversation c SET superseded_by = o.conversation_id FROM unnest(opening) o
    WHERE c.account_id = tenant AND c.contact_id = o.contact_id AND c.inbox_id = o.inbox_id AND c.superseded_by IS NULL AND c.id = ANY (held);
  -- A new thread goes on counting where the old one ended.
  INSERT INTO conversation (account_id, id, display_id, inbox_id, contact_id, last_sequence, read_sequence, last_activity_at, created_at)
    SELECT tenant, o.conversation_id, last_number - cardinality(opening) + row_number() OVER (ORDER BY o.ord), o.inbox_id, o.contact_id,
      coalesce(c.last_sequence, 0), coalesce(c.last_sequence, 0), o.at, o.at
    FROM unnest(opening) o
    LEFT JOIN LATERAL (SELECT c.last_sequence FROM conversation c WHERE c.account_id = tenant AND c.contact_id = o.contact_id
      AND c.inbox_id = o.inbox_id AND c.superseded_by = o.conversation_id OFFSET 0) c ON true
    ON CONFLICT (account_id, contact_id, inbox_id, superseded_by) DO NOTHING;
END $$;

-- Stores a batch of visitor messages in one commit and says what became of each: stored · repeat (same client id, same text) ·
-- conflict (same client id, other text). An item that gets no answer found its contact or inbox gone.
CREATE FUNCTION "ingest_messages"(items jsonb)
RETURNS TABLE (ord int, outcome text, message_id uuid, conversation_id uuid, sequence bigint, created_at timestamptz)
-- Plans are made once per connection, often while the tables are small: left alone they would stay scans and hash joins
-- over tables that grow to millions. For the same reason look-ups per item are LATERAL with OFFSET 0: each is its own
-- little plan by index, whatever the planner believes about sizes. Starting a plan costs more than the work for one message,
-- so what a message writes is one statement.
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  all_items ingest_item[] := ARRAY(SELECT i FROM jsonb_populate_recordset(NULL::ingest_item, items) i);
  mine ingest_item[];
  tenant uuid;
  ids uuid[];
  unsettled boolean;
BEGIN
  FOR tenant IN SELECT DISTINCT i.account_id FROM unnest(all_items) i ORDER BY 1 LOOP
    PERFORM set_config('app.account_id', tenant::text, true);
    SELECT array_agg(i), array_agg(c.id), bool_or(c.id IS NULL OR c.status = 'resolved') INTO mine, ids, unsettled FROM unnest(all_items) i
      CROSS JOIN LATERAL (SELECT 1 FROM inbox b WHERE b.account_id = tenant AND b.id = i.inbox_id AND b.archived_at IS NULL OFFSET 0) b
      LEFT JOIN LATERAL (SELECT c.id, c.status FROM conversation c WHERE c.account_id = tenant AND c.contact_id = i.contact_id AND c.inbox_id = i.inbox_id
        AND c.superseded_by IS NULL OFFSET 0) c ON true
      WHERE i.account_id = tenant;
    CONTINUE WHEN mine IS NULL;
    -- Rows are locked in id order: two flushers that lock in another order would deadlock.
    PERFORM 1 FROM conversation c WHERE c.account_id = tenant AND c.id = ANY (ids) ORDER BY c.id FOR UPDATE;
    IF unsettled THEN
      PERFORM begin_threads(tenant, mine, ids);
      ids := ARRAY(SELECT c.id FROM unnest(mine) i CROSS JOIN LATERAL (SELECT c.id FROM conversation c WHERE c.account_id = tenant
        AND c.contact_id = i.contact_id AND c.inbox_id = i.inbox_id AND c.superseded_by IS NULL OFFSET 0) c);
      PERFORM 1 FROM conversation c WHERE c.account_id = tenant AND c.id = ANY (ids) ORDER BY c.id FOR UPDATE;
    END IF;
    RETURN QUERY
      WITH asked AS (
        -- `twins` are items of one client id within this batch; the first of them counts.
        SELECT i.*, i AS item, m.id AS known, m.conversation_id AS known_thread, m.sequence AS known_place, m.created_at AS known_at,
          encode(m.body_hash, 'base64') AS known_hash, m.id IS NULL AND row_number() OVER twins = 1 AS fresh, first_value(i.ord) OVER twins AS first,
          first_value(i.message_id) OVER twins AS first_id, first_value(i.at) OVER twins AS first_at, first_value(i.body_hash) OVER twins AS first_hash,
          first_value(c.id) OVER twins AS thread, first_value(c.last_sequence) OVER twins AS base
        FROM unnest(mine) i
        CROSS JOIN LATERAL (SELECT c.id, c.last_sequence FROM conversation c WHERE c.account_id = tenant
          AND c.contact_id = i.contact_id AND c.inbox_id = i.inbox_id AND c.superseded_by IS NULL OFFSET 0) c
        LEFT JOIN LATERAL (SELECT m.id, m.conversation_id, m.sequence, m.created_at, m.body_hash FROM message m
          WHERE m.account_id = tenant AND m.contact_id = i.contact_id AND m.client_id = i.client_id OFFSET 0) m ON true
        WINDOW twins AS (PARTITION BY i.contact_id, i.client_id ORDER BY i.ord)
      ), placed AS (
        SELECT a.*, a.base + count(*) FILTER (WHERE a.fresh) OVER (PARTITION BY a.thread ORDER BY a.first) AS place FROM asked a
      ), stored AS (
        INSERT INTO message (account_id, id, conversation_id, sequence, kind, contact_id, client_id, body, body_hash, tokens, label_state, created_at)
        SELECT tenant, p.message_id, p.thread, p.place, 'incoming', p.contact_id, p.client_id, decode(p.body, 'base64'), decode(p.body_hash, 'base64'),
          p.tokens, CASE WHEN p.intent IS NULL THEN 'pending' ELSE 'labelled' END, p.at
        FROM placed p WHERE p.fresh
      ), predicted AS (
        INSERT INTO prediction (account_id, message_id, model_version, intent, intent_probability, in_scope, sentiment, sentiment_probability,
          sentiment_score, language, language_probability, urgency, urgency_probability, latency_ms, created_at)
        SELECT tenant, p.message_id, p.model_version, p.intent, p.intent_probability, p.in_scope, p.sentiment, p.sentiment_probability,
          p.sentiment_score, p.language, p.language_probability, p.urgency, p.urgency_probability, p.latency_ms, p.at
        FROM placed p WHERE p.fresh AND p.intent IS NOT NULL
      ), told AS (
        INSERT INTO event (account_id, type, conversation_id, message_id, data)
        SELECT tenant, 'message.created', p.thread, p.message_id, jsonb_build_object('sequence', p.place, 'contactId', p.contact_id)
        FROM placed p WHERE p.fresh
      ), threads AS (
        -- `said` is the newest message with a label.
        SELECT p.thread, max(p.place) AS place, count(*)::int AS added, max(p.at) AS at, min(p.at) AS began,
          (array_agg(p.preview ORDER BY p.place DESC))[1] AS preview,
          (array_agg(p.item ORDER BY p.intent IS NULL, p.place DESC))[1] AS said
        FROM placed p WHERE p.fresh GROUP BY p.thread
      ), moved AS (
        UPDATE conversation c SET
          last_sequence = t.place,
          message_count = c.message_count + t.added,
          last_activity_at = greatest(c.last_activity_at, t.at),
          waiting_since = coalesce(c.waiting_since, t.began),
          preview = decode(t.preview, 'base64'),
          preview_kind = 'incoming',
          -- A visitor's message brings a conversation back from wherever it was.
          status = 'open',
          snoozed_until = NULL,
          resolved_at = NULL,
          intent = coalesce((t.said).intent, c.intent),
          intent_probability = coalesce((t.said).intent_probability, c.intent_probability),
          sentiment = coalesce((t.said).sentiment, c.sentiment),
          sentiment_probability = coalesce((t.said).sentiment_probability, c.sentiment_probability),
          language = coalesce((t.said).language, c.language),
          urgency = coalesce((t.said).urgency, c.urgency),
          priority = CASE WHEN priority_rank((t.said).priority) > priority_rank(c.priority) THEN (t.said).priority ELSE c.priority END,
          -- Routing moves only what nobody owns yet: a person's choice is never overruled by a later message.
          route = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN coalesce((t.said).route, c.route) ELSE c.route END,
          needs_person = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL THEN coalesce((t.said).needs_person, c.needs_person) ELSE c.needs_person END,
          assignee_id = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL AND (t.said).assignee_id IS NOT NULL THEN (
            SELECT m.id FROM membership m WHERE m.account_id = tenant AND m.id = (t.said).assignee_id AND m.disabled_at IS NULL) ELSE c.assignee_id END,
          team_id = CASE WHEN c.assignee_id IS NULL AND c.team_id IS NULL AND (t.said).team_id IS NOT NULL THEN (
            SELECT x.id FROM team x WHERE x.account_id = tenant AND x.id = (t.said).team_id) ELSE c.team_id END
        FROM threads t WHERE c.account_id = tenant AND c.id = t.thread
      )
      SELECT p.ord, CASE WHEN p.fresh THEN 'stored' WHEN coalesce(p.known_hash, p.first_hash) = p.body_hash THEN 'repeat' ELSE 'conflict' END,
        coalesce(p.known, p.first_id), coalesce(p.known_thread, p.thread), coalesce(p.known_place, p.place), coalesce(p.known_at, p.first_at)
      FROM placed p;
  END LOOP;
END $$;

-- Events of an account after a place, below the oldest running transaction: what lies above may still get rows in between.
CREATE FUNCTION "read_events"(account uuid, after_xid bigint, after_id bigint, most int)
RETURNS TABLE (xid bigint, id bigint, type text, conversation_id uuid, message_id uuid, data jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  RETURN QUERY SELECT e.xid, e.id, e.type, e.conversation_id, e.message_id, e.data FROM event e
    WHERE e.account_id = account AND (e.xid, e.id) > (after_xid, after_id)
      AND e.xid < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
    ORDER BY e.xid, e.id LIMIT most;
END $$;

-- What a visitor may see of the thread: public messages after a sequence, oldest first.
CREATE FUNCTION "visitor_messages"(account uuid, contact uuid, inbox uuid, after bigint, most int)
RETURNS TABLE (id uuid, sequence bigint, kind text, body bytea, author_name text, client_id uuid, created_at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  RETURN QUERY SELECT m.id, m.sequence, m.kind, m.body, u.name, m.client_id, m.created_at
    FROM conversation c
    JOIN message m ON m.account_id = account AND m.conversation_id = c.id
    LEFT JOIN membership s ON s.account_id = account AND s.id = m.author_id
    LEFT JOIN "user" u ON u.id = s.user_id
    WHERE c.account_id = account AND c.contact_id = contact AND c.inbox_id = inbox
      AND m.sequence > after AND NOT m.private AND m.kind <> 'activity'
    ORDER BY m.sequence LIMIT most;
END $$;

-- The wrapped key of a contact, for the visitor's path.
CREATE FUNCTION "contact_key"(account uuid, contact uuid) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.account_id', account::text, true);
  RETURN (SELECT c.key FROM contact c WHERE c.account_id = account AND c.id = contact);
END $$;

REVOKE EXECUTE ON FUNCTION "ingest_messages"(jsonb), "label_messages"(uuid, jsonb), "begin_threads"(uuid, ingest_item[], uuid[]), "read_events"(uuid, bigint, bigint, int),
  "visitor_messages"(uuid, uuid, uuid, bigint, int), "contact_key"(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "ingest_messages"(jsonb), "label_messages"(uuid, jsonb), "begin_threads"(uuid, ingest_item[], uuid[]), "read_events"(uuid, bigint, bigint, int),
  "visitor_messages"(uuid, uuid, uuid, bigint, int), "contact_key"(uuid, uuid) TO lingxi_app;
