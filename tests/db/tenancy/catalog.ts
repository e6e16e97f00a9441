/** What the database's own catalog must say for tenants to be separate: one query per rule, one sentence per fault. */
import type { Client } from 'pg'

/** Tables of people and of the installation; they belong to no account, and the app's role sees little or nothing of them. */
export const globalTables: Record<string, string> = {
  user: 'a person may belong to several accounts; under a policy that shows members only',
  user_session: 'of people; system role only',
  sign_in_token: 'of people; system role only',
  second_factor: 'of people; system role only',
  recovery_code: 'of people; system role only',
  mail: 'of people; the app may put one in and read none',
  stripe_event: 'what Stripe sent, before it is known whose it is; names of objects only; system role only',
  heartbeat: 'one row per process, nothing else',
  _prisma_migrations: 'names of migrations',
}

/** Unique keys over the whole installation tell that a value exists; these tell only what is public anyway. */
export const globalUnique: Record<string, string> = {
  account_slug_key: 'part of the address, taken or free at sign-up',
  user_email_key: 'no app right to write there',
  billing_customer_stripe_id_key: 'random names given by Stripe',
  subscription_stripe_id_key: 'random names given by Stripe',
}

/** Functions and views that run with their owner's rights. */
export const steppingAround: Record<string, string> = {
  'graphile_worker.jobs': "the queue's own view; jobs carry ids, never content",
}

/** Everything the system role may do, each with the act that needs it. A grant that is not here fails the test. */
export const systemGrants: Record<string, { may: string; because: string }> = {
  'account(created_at,id,locale,name,second_factor_required,slug,time_zone)': {
    may: 'SELECT',
    because: "a person's accounts; the account of a slug; no keys",
  },
  user: { may: 'INSERT,SELECT,UPDATE', because: 'sign-up, sign-in, profile' },
  membership: { may: 'SELECT', because: 'which accounts a person belongs to, and as what' },
  user_session: { may: 'DELETE,INSERT,SELECT,UPDATE', because: 'sessions' },
  sign_in_token: { may: 'DELETE,INSERT,SELECT,UPDATE', because: 'links by mail' },
  second_factor: { may: 'DELETE,INSERT,SELECT,UPDATE', because: 'codes at sign-in; secrets are sealed' },
  recovery_code: { may: 'DELETE,INSERT,SELECT,UPDATE', because: 'codes at sign-in; hashes only' },
  mail: { may: 'DELETE,INSERT,SELECT,UPDATE', because: 'the sender and the operator outbox' },
  event: { may: 'DELETE,SELECT', because: 'old news are removed' },
  'message(account_id,created_at,id,label_state)': { may: 'SELECT', because: 'what waits for a label; no text' },
  'conversation(account_id,id,snoozed_until,status)': { may: 'SELECT', because: 'snoozes that have ended; no text' },
  'attachment(account_id,created_at,id,message_id)': {
    may: 'SELECT',
    because: 'files that were never sent; no names, no contents',
  },
  'training_run(account_id,beat_at,created_at,id,state)': {
    may: 'SELECT',
    because: 'runs that wait, or whose worker died; no results',
  },
  'model_trial(account_id,ended)': { may: 'SELECT', because: 'accounts whose models are compared; no answers' },
  'training_consent(account_id,given_at,id,withdrawn_at)': {
    may: 'SELECT',
    because: 'accounts that the operator may train for; since when',
  },
  'label_look(account_id,asked_at,looked_at,taken_at)': { may: 'SELECT', because: 'labels to be looked through' },
  'training_rule(account_id)': { may: 'SELECT', because: 'accounts that train by themselves' },
  'billing_customer(account_id,odd,stripe_id)': {
    may: 'SELECT',
    because: 'whose customer an event of Stripe is about, and what is odd there',
  },
  subscription: { may: 'SELECT', because: 'plans of a person’s accounts, and of all for the operator' },
  invoice: { may: 'SELECT', because: 'what the operator earned; amounts and states' },
  'usage_record(account_id,created_at)': { may: 'SELECT', because: 'how much each account uses, for the operator' },
  'usage_report(account_id,lost_at,sent_at,told_for)': { may: 'SELECT', because: 'accounts with use told; no numbers' },
  'training_order(account_id,created_at)': { may: 'SELECT', because: 'how many models were made to order' },
  stripe_event: { may: 'DELETE,INSERT,SELECT,UPDATE', because: 'what Stripe sent, before it is known whose it is' },
  'privacy_choice(account_id,keep_months)': { may: 'SELECT', because: 'accounts that keep things for a time' },
  audit_entry: { may: 'INSERT', because: 'a sign-in is written into the accounts of its person' },
  'audit_entry(account_id,hash,sequence)': {
    may: 'SELECT',
    because: 'the end of the chain that is added to; no entries',
  },
  undo: { may: 'DELETE', because: 'what can be taken back no more is removed' },
  'undo(created_at)': { may: 'SELECT', because: 'how old it is; nothing of what it holds' },
  webhook_cursor: { may: 'SELECT', because: 'accounts with news to tell; places in the news' },
  webhook_delivery: { may: 'DELETE', because: 'old deliveries are removed' },
  'webhook_delivery(account_id,created_at,due_at,state)': { may: 'SELECT', because: 'what is due; no contents' },
  _prisma_migrations: { may: 'SELECT', because: 'readiness' },
}

/** Rows that are added and read, and never changed: what the app's role may do with them. */
export const appendOnly: Record<string, string> = {
  audit_entry: 'who did what must stay as it was written',
  usage_record: 'what was used stays used',
}

const rows = async <T extends object>(client: Client, sql: string): Promise<T[]> => (await client.query<T>(sql)).rows

/** Tables of account data: those with account_id, and account itself. */
export const accountTables = async (client: Client): Promise<string[]> =>
  (
    await rows<{ name: string }>(
      client,
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND (c.relname = 'account' OR EXISTS (
         SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped)) ORDER BY 1`,
    )
  ).map((row) => row.name)

async function unknownTables(client: Client): Promise<string[]> {
  const account = new Set(await accountTables(client))
  const all = await rows<{ name: string }>(
    client,
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  return all.flatMap(({ name }) =>
    account.has(name) || globalTables[name]
      ? []
      : [`${name} has no account_id and is not on the list of global tables`],
  )
}

async function policies(client: Client): Promise<string[]> {
  const names = [...(await accountTables(client)), 'user']
  const found = await rows<{ name: string; on: boolean; forced: boolean }>(
    client,
    `SELECT relname AS name, relrowsecurity AS on, relforcerowsecurity AS forced FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
  )
  const policy = await rows<{
    name: string
    roles: string
    cmd: string
    qual: string | null
    check: string | null
    permissive: string
  }>(
    client,
    `SELECT tablename AS name, array_to_string(roles, ',') AS roles, cmd, qual, with_check AS check, permissive FROM pg_policies WHERE schemaname = 'public'`,
  )
  const faults = names.flatMap((name) => {
    const table = found.find((each) => each.name === name)
    const mine = policy.filter((each) => each.name === name && /\b(lingxi_app|public)\b/.test(each.roles))
    const column = name === 'account' ? 'id' : 'account_id'
    const right = `(${column} = current_account_id())`
    const own = mine.filter((each) => each.cmd === 'ALL' && each.qual === right && each.check === right)
    return [
      ...(table?.on ? [] : [`${name}: row-level security is off`]),
      ...(table?.forced ? [] : [`${name}: row-level security is not forced`]),
      // Policies add up: one that is wider than the account opens the table, however narrow the others are.
      ...(name !== 'user' && (own.length !== 1 || mine.length !== 1)
        ? [`${name}: wants exactly one policy for lingxi_app, FOR ALL USING and WITH CHECK ${right}`]
        : []),
    ]
  })
  const people = policy.filter((each) => each.name === 'user' && /\b(lingxi_app|public)\b/.test(each.roles))
  if (people.some((each) => each.cmd !== 'SELECT')) faults.push('user: the app may only read')
  return faults
}

async function keys(client: Client): Promise<string[]> {
  const unique = await rows<{ name: string; index: string; first: string }>(
    client,
    `SELECT t.relname AS name, i.relname AS index, coalesce(a.attname, '') AS first FROM pg_index x
     JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
     LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
     WHERE x.indisunique AND t.relnamespace = 'public'::regnamespace`,
  )
  const account = new Set(await accountTables(client))
  return unique.flatMap(({ name, index, first }) => {
    if (globalUnique[index] || globalTables[name] || (name === 'account' && first === 'id')) return []
    return account.has(name) && first === 'account_id'
      ? []
      : [`${index} on ${name} begins with ${first || 'an expression'}, not account_id`]
  })
}

async function references(client: Client): Promise<string[]> {
  const found = await rows<{ key: string; from: string; to: string; columns: string[]; targets: string[] }>(
    client,
    `SELECT k.conname AS key, f.relname AS from, t.relname AS to,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, o) JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum = u.n ORDER BY o) AS columns,
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, o) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = u.n ORDER BY o) AS targets
     FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
     WHERE k.contype = 'f' AND f.relnamespace = 'public'::regnamespace`,
  )
  return found.flatMap(({ key, from, to, columns, targets }) => {
    if (globalTables[to] && to !== '_prisma_migrations') return []
    if (to === 'account' && columns.join() === 'account_id') return []
    if (columns[0] === 'account_id' && targets[0] === 'account_id') return []
    return [`${key}: ${from} refers to ${to} without the account (foreign-key checks step around policies)`]
  })
}

async function roles(client: Client): Promise<string[]> {
  const powerful = await rows<{ name: string }>(
    client,
    `SELECT r.rolname AS name FROM pg_roles r WHERE (r.rolname IN ('lingxi_app', 'lingxi_system')
       OR EXISTS (SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
         WHERE m.member = r.oid AND g.rolname IN ('lingxi_app', 'lingxi_system') AND NOT r.rolsuper))
     AND (r.rolsuper OR r.rolbypassrls OR r.rolcreatedb OR r.rolcreaterole OR r.rolreplication
       OR (r.rolname IN ('lingxi_app', 'lingxi_system') AND r.rolcanlogin))`,
  )
  const extra = await rows<{ name: string; group: string }>(
    client,
    `SELECT u.rolname AS name, g.rolname AS group FROM pg_auth_members m JOIN pg_roles u ON u.oid = m.member JOIN pg_roles g ON g.oid = m.roleid
     WHERE NOT u.rolsuper AND u.oid IN (SELECT member FROM pg_auth_members a JOIN pg_roles b ON b.oid = a.roleid WHERE b.rolname IN ('lingxi_app', 'lingxi_system'))
       AND (g.rolname NOT IN ('lingxi_app', 'lingxi_system') OR m.admin_option)`,
  )
  const twice = await rows<{ name: string }>(
    client,
    `SELECT u.rolname AS name FROM pg_auth_members m JOIN pg_roles u ON u.oid = m.member JOIN pg_roles g ON g.oid = m.roleid
     WHERE g.rolname IN ('lingxi_app', 'lingxi_system') AND NOT u.rolsuper GROUP BY 1 HAVING count(*) > 1`,
  )
  const owned = await rows<{ name: string; role: string }>(
    client,
    `SELECT c.relname AS name, r.rolname AS role FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
     WHERE c.relnamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace) AND NOT r.rolsuper
       AND (pg_has_role(r.oid, 'lingxi_app', 'MEMBER') OR pg_has_role(r.oid, 'lingxi_system', 'MEMBER'))`,
  )
  return [
    ...powerful.map(({ name }) => `${name} has more power than a role of the running app may have`),
    ...extra.map(({ name, group }) => `${name} is a member of ${group} too, or may hand its rights on`),
    ...twice.map(({ name }) => `${name} belongs to both groups`),
    ...owned.map(({ name, role }) => `${role} owns ${name}: an owner can switch policies off`),
  ]
}

async function rightsOfOwners(client: Client): Promise<string[]> {
  const views = await rows<{ name: string; kind: string }>(
    client,
    `SELECT n.nspname || '.' || c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END AS kind
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  )
  const definers = await rows<{ name: string }>(
    client,
    `SELECT n.nspname || '.' || p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  )
  const rules = await rows<{ name: string }>(
    client,
    `SELECT r.rulename || ' on ' || c.relname AS name FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
     WHERE c.relnamespace = 'public'::regnamespace AND r.rulename <> '_RETURN'`,
  )
  return [
    ...views
      .filter(({ name }) => !steppingAround[name])
      .map(({ name, kind }) => `${name} is a ${kind}: it reads with its owner's rights`),
    ...definers.filter(({ name }) => !steppingAround[name]).map(({ name }) => `${name} is SECURITY DEFINER`),
    ...rules.map(({ name }) => `${name} is a rewrite rule`),
  ]
}

/** Rights on tables and columns as the catalog stores them; the views of the information schema take seconds for the same. */
const rightsOf = `
  SELECT c.relname AS name, coalesce(g.rolname, 'PUBLIC') AS grantee, x.privilege_type AS may, x.is_grantable AS grantable, '' AS columns
    FROM pg_class c, aclexplode(c.relacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
  UNION ALL
  SELECT c.relname, coalesce(g.rolname, 'PUBLIC'), x.privilege_type, bool_or(x.is_grantable), string_agg(a.attname, ',' ORDER BY a.attname)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL, aclexplode(a.attacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee
    WHERE c.relnamespace = 'public'::regnamespace GROUP BY 1, 2, 3`

async function grants(client: Client): Promise<string[]> {
  const powerful = await rows<{ name: string }>(client, 'SELECT rolname AS name FROM pg_roles WHERE rolsuper')
  const owners = new Set(powerful.map(({ name }) => name))
  const all = await rows<{ name: string; grantee: string; may: string; grantable: boolean; columns: string }>(
    client,
    rightsOf,
  )
  const have = new Map<string, string[]>()
  for (const { name, grantee, may, columns } of all) {
    if (grantee !== 'lingxi_system') continue
    const key = columns ? `${name}(${columns})` : name
    have.set(key, [...(have.get(key) ?? []), may])
  }
  const now = (name: string) => have.get(name)?.sort().join() ?? 'nothing'
  const ours = (grantee: string) => grantee === 'lingxi_app' || grantee === 'lingxi_system'
  return [
    ...Object.entries(systemGrants).flatMap(([name, { may }]) =>
      now(name) === may ? [] : [`lingxi_system: ${name} should be ${may}, is ${now(name)}`],
    ),
    ...[...have.keys()]
      .filter((name) => !systemGrants[name])
      .map((name) => `lingxi_system: ${now(name)} on ${name} is not on the list`),
    ...all
      .filter(({ name, grantee, may }) => appendOnly[name] && ours(grantee) && !['SELECT', 'INSERT'].includes(may))
      .map(({ name, grantee, may }) => `${grantee} has ${may} on ${name}, which is only added to`),
    ...all
      .filter(({ grantee }) => !ours(grantee) && !owners.has(grantee))
      .map(({ name, grantee }) => `${grantee} has rights on ${name}`),
    ...all
      .filter(
        ({ grantee, may, grantable }) =>
          ours(grantee) && (grantable || ['TRUNCATE', 'TRIGGER', 'REFERENCES', 'MAINTAIN'].includes(may)),
      )
      .map(({ name, may }) => `${may} on ${name}: TRUNCATE, TRIGGER, REFERENCES and MAINTAIN step around policies`),
  ]
}

/** Every fault of the database's separation of tenants. */
export async function tenancyFaults(client: Client): Promise<string[]> {
  const found: string[] = []
  for (const rule of [unknownTables, policies, keys, references, roles, rightsOfOwners, grants])
    found.push(...(await rule(client)))
  return found
}
