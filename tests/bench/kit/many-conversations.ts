/** Fills a database with one account's conversations in bulk: believable shares of status, owner, labels and words. */
import pg from 'pg'
import { newId } from '@/lib/core/ids'
import { about } from '@/lib/features/conversations/sealed'
import type { Vault } from '@/lib/platform/crypto/vault'

export interface Generated {
  accountId: string
  memberId: string
  teamId: string
  labelId: string
  /** A place far down the list of resolved conversations. */
  deep: { at: Date; id: string }
  /** The keyed hash under which a word is found. */
  token(word: string): string
}

/** Visitors with keys of their own; further conversations are theirs again. */
const people = 20_000

/** Indexes that are quicker to build once than to keep while millions of rows come in. */
const heavy = `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
  AND tablename IN ('conversation', 'message') AND indexname NOT LIKE '%_pkey'`

export async function generateInbox(ownerUrl: string, vault: Vault, size: number): Promise<Generated> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    return await fill(client, vault, size)
  } finally {
    await client.end()
  }
}

async function fill(client: pg.Client, vault: Vault, size: number): Promise<Generated> {
  const run = (text: string, values: unknown[] = []) => client.query(text, values)
  const [accountId, inboxId] = [newId(), newId()]
  const key = vault.newAccountKey(accountId)
  const keys = vault.account(accountId, key)
  const token = (word: string) => String(keys.token(word))
  await run('INSERT INTO account (id, slug, name, key, last_display_id) VALUES ($1, $2, $2, $3, $4)', [
    accountId,
    'bench',
    key,
    size,
  ])
  await run(
    `INSERT INTO inbox (account_id, id, name, site_key, identity_secret) VALUES ($1, $2, 'Shop', 'k', '\\x00')`,
    [accountId, inboxId],
  )
  const [members, teams, labels] = [20, 5, 8].map((n) => Array.from({ length: n }, () => newId())) as [
    string[],
    string[],
    string[],
  ]
  for (const id of members) {
    await run('INSERT INTO "user" (id, email, name) VALUES ($1, $2::text, $2::text)', [id, `${id}@example.test`])
    await run(`INSERT INTO membership (account_id, id, user_id, role) VALUES ($1, $2::uuid, $2::uuid, 'agent')`, [
      accountId,
      id,
    ])
  }
  for (const id of teams)
    await run('INSERT INTO team (account_id, id, name) VALUES ($1, $2::uuid, $2::uuid::text)', [accountId, id])
  for (const id of labels)
    await run('INSERT INTO label (account_id, id, name) VALUES ($1, $2::uuid, $2::uuid::text)', [accountId, id])
  await addPeople(client, keys, accountId, token)
  const indexes = (await run(heavy)).rows as { indexname: string; indexdef: string }[]
  for (const { indexname } of indexes) await run(`DROP INDEX "${indexname}"`)
  await addConversations(client, size, { accountId, inboxId, members, teams, labels })
  await addMessages(client, size, accountId, token)
  for (const { indexdef } of indexes) await run(indexdef)
  await run('VACUUM (ANALYZE) conversation, message, contact, conversation_label, conversation_count')
  const { rows } = await run(
    `SELECT last_activity_at AS at, id FROM conversation WHERE account_id = $1 AND status = 'resolved'
     ORDER BY last_activity_at DESC, id DESC OFFSET $2 LIMIT 1`,
    [accountId, Math.floor(size * 0.6)],
  )
  return {
    accountId,
    memberId: members[5] as string,
    teamId: teams[0] as string,
    labelId: labels[0] as string,
    deep: rows[0],
    token,
  }
}

/** Contacts in bulk; each preview is sealed with its contact's own key, so that a list really opens what it shows. */
async function addPeople(
  client: pg.Client,
  keys: ReturnType<Vault['account']>,
  accountId: string,
  token: (word: string) => string,
) {
  await client.query('CREATE TEMP TABLE person (n int PRIMARY KEY, id uuid, preview bytea)')
  for (let from = 0; from < people; from += 2_000) {
    const batch = Array.from({ length: 2_000 }, (_, i) => {
      const id = newId()
      const key = keys.newContactKey(id)
      const box = keys.contact(id, key)
      return {
        n: from + i,
        id,
        key: key.toString('hex'),
        name: box.seal(`Visitor ${from + i}`, `${id} name`).toString('hex'),
        preview: box.seal('Where is my order? It should have been here on Friday.', about.preview(id)).toString('hex'),
      }
    })
    const json = JSON.stringify(batch)
    await client.query(
      `WITH given AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS g(n int, id uuid, key text, name text, preview text)),
        kept AS (INSERT INTO person SELECT n, id, decode(preview, 'hex') FROM given)
       INSERT INTO contact (account_id, id, key, name, tokens) SELECT $2, id, decode(key, 'hex'), decode(name, 'hex'), ARRAY[$3::bigint + n] FROM given`,
      [json, accountId, token('visitor')],
    )
  }
}

interface Parents {
  accountId: string
  inboxId: string
  members: string[]
  teams: string[]
  labels: string[]
}

/** The newest 7 % are alive, the others resolved; only the newest of each visitor is not superseded. */
async function addConversations(
  client: pg.Client,
  size: number,
  { accountId, inboxId, members, teams, labels }: Parents,
) {
  await client.query(
    `INSERT INTO conversation (account_id, id, display_id, inbox_id, contact_id, status, priority, assignee_id, team_id, last_sequence,
      message_count, waiting_since, snoozed_until, resolved_at, last_activity_at, created_at, superseded_by, read_sequence, intent,
      intent_probability, sentiment, sentiment_probability, language, urgency, route, preview)
    SELECT $1, md5('c' || i)::uuid, i, $2, p.id, s.status,
      (ARRAY['low','normal','normal','normal','high','urgent'])[1 + (i * 7) % 6], CASE WHEN i % 10 < 3 THEN NULL ELSE ($3::uuid[])[1 + (i * 13) % 20] END,
      CASE WHEN i % 4 = 0 THEN NULL ELSE ($4::uuid[])[1 + (i * 11) % 5] END, 4, 4, CASE WHEN s.status = 'open' THEN t.at END,
      CASE WHEN s.status = 'snoozed' THEN now() + interval '1 day' END, CASE WHEN s.status = 'resolved' THEN t.at END, t.at, t.at - interval '1 hour',
      CASE WHEN i <= $5 - $6 THEN md5('n' || i)::uuid END, 3,
      (ARRAY['refund','order_status','invoice','delivery_time','sign_in','complaint','product_question','discount'])[1 + (i * 5) % 8], 0.88,
      (ARRAY['negative','neutral','neutral','positive'])[1 + (i * 3) % 4], 0.9, (ARRAY['en','zh'])[1 + i % 2], 'normal',
      '{"because":"default","evidence":[],"needsPerson":false,"priority":"normal"}', p.preview
    FROM generate_series(1, $5::int) i JOIN person p ON p.n = i % $6::int,
      LATERAL (SELECT CASE WHEN i < $5 * 0.93 THEN 'resolved' WHEN i % 9 = 0 THEN 'pending' WHEN i % 9 = 1 THEN 'snoozed' ELSE 'open' END AS status) s,
      LATERAL (SELECT now() - ($5 - i) * interval '40 seconds' AS at) t`,
    [accountId, inboxId, members, teams, size, people],
  )
  await client.query(
    `INSERT INTO conversation_label (account_id, conversation_id, label_id)
     SELECT $1, md5('c' || i)::uuid, ($2::uuid[])[1 + (i * 3) % 8] FROM generate_series(1, $3::int, 7) i`,
    [accountId, labels, size],
  )
}

/** One message each: "common" in a fifth of them, "half" in a tenth, "rare" in twelve. Ids grow with time, as real ones do. */
async function addMessages(client: pg.Client, size: number, accountId: string, token: (word: string) => string) {
  await client.query(
    `INSERT INTO message (account_id, id, conversation_id, sequence, kind, contact_id, body, tokens, label_state, created_at)
     SELECT $1, (lpad(to_hex(1700000000000 + i), 12, '0') || '7000' || '8' || substr(md5('m' || i), 1, 15))::uuid, md5('c' || i)::uuid, 1, 'incoming', p.id, p.preview,
       ARRAY[i::bigint, (i / 50)::bigint] || CASE WHEN i % 5 = 0 THEN ARRAY[$3::bigint] ELSE '{}' END
         || CASE WHEN i % 10 = 0 THEN ARRAY[$4::bigint] ELSE '{}' END || CASE WHEN i % ($2::int / 12) = 0 THEN ARRAY[$5::bigint] ELSE '{}' END,
       'labelled', now() - ($2 - i) * interval '40 seconds'
     FROM generate_series(1, $2::int) i JOIN person p ON p.n = i % $6::int`,
    [accountId, size, token('common'), token('half'), token('rare'), people],
  )
}
