/** Checks an operator's own PostgreSQL (`DATABASE_URL`) before anything relies on it. */
import { Client } from 'pg'
import { StartupError } from './startup-error'

const oldest = 150_000

export async function checkExternal(url: string): Promise<{ database: string; version: string }> {
  const where = hideSecret(url)
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 8_000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw new StartupError(`DATABASE_URL does not answer (${where}): ${(error as Error).message || String(error)}`)
  }
  try {
    return judge(await describe(client), where)
  } finally {
    await client.end().catch(() => undefined)
  }
}

interface Described {
  number: number
  version: string
  encoding: string
  database: string
  may_create_roles: boolean
  may_create: boolean
}

async function describe(client: Client): Promise<Described> {
  const { rows } = await client.query<Described>(`
    SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
           current_setting('server_encoding') AS encoding, current_database() AS database,
           has_database_privilege(current_database(), 'CREATE') AS may_create,
           (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS may_create_roles`)
  return rows[0] as Described
}

function judge(found: Described, where: string): { database: string; version: string } {
  const refuse = (sentence: string) => new StartupError(`DATABASE_URL (${where}) cannot be used: ${sentence}`)
  if (found.number < oldest) throw refuse(`it is PostgreSQL ${found.version}, Lingxi needs 15 or newer.`)
  if (found.encoding !== 'UTF8') throw refuse(`its encoding is ${found.encoding}, Lingxi needs UTF8.`)
  if (!found.may_create)
    throw refuse(`its user may not create schemas in database "${found.database}" (make it the owner).`)
  if (!found.may_create_roles) {
    throw refuse('its user may not create roles (ALTER ROLE … CREATEROLE), which the separation of tenants relies on.')
  }
  return { database: found.database, version: found.version }
}

/** The address without its password, for messages and logs. */
export function hideSecret(url: string): string {
  try {
    const parsed = new URL(url)
    if (parsed.password) parsed.password = '***'
    if (parsed.searchParams.has('password')) parsed.searchParams.set('password', '***')
    return parsed.toString()
  } catch {
    return 'not a valid address'
  }
}

/** The same server and database, seen as another user. */
export function asUser(url: string, user: string, password: string): string {
  const parsed = new URL(url)
  // The driver lets `?user=` and `?password=` win over the names in front: left in place, the owner would log in instead.
  for (const name of ['user', 'password']) parsed.searchParams.delete(name)
  // An address without a host (a socket's folder stands in `?host=`, which wins) cannot carry a name.
  if (parsed.host === '') parsed.hostname = 'localhost'
  parsed.username = encodeURIComponent(user)
  parsed.password = encodeURIComponent(password)
  return parsed.toString()
}
