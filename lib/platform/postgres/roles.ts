/** Creates the LOGIN roles the running app uses: ordinary members of the two groups that the migrations grant rights to. */
import { Client, escapeIdentifier, escapeLiteral } from 'pg'
import { asUser } from './external'
import { StartupError } from './startup-error'

/** Rights and policies name these groups; nobody logs in as them. */
export const groups = { app: 'lingxi_app', system: 'lingxi_system' } as const
export type Group = keyof typeof groups

export interface RolePasswords {
  readonly app: string
  readonly system: string
}

export function loginRole(database: string, group: Group): string {
  const name = `${database}_${group}`
  // A database called "lingxi" would otherwise log in as the group itself.
  return name === groups[group] ? `${name}_login` : name
}

export interface RoleUrls {
  readonly app: string
  readonly system: string
}

/** `url` is the owner's. Runs after the migrations, which make the groups. */
export async function ensureLoginRoles(url: string, passwords: RolePasswords): Promise<RoleUrls> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name')
    const database = rows[0]?.name ?? ''
    const urls = { app: '', system: '' }
    for (const group of ['app', 'system'] as const) {
      urls[group] = await ensureLogin(client, url, loginRole(database, group), groups[group], passwords[group])
    }
    return urls
  } finally {
    await client.end()
  }
}

const attributes = 'LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE'

async function ensureLogin(
  client: Client,
  owner: string,
  name: string,
  group: string,
  password: string,
): Promise<string> {
  const role = escapeIdentifier(name)
  const mine = asUser(owner, name, password)
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name])
  if (rowCount === 0) {
    await client.query(`CREATE ROLE ${role} ${attributes} INHERIT PASSWORD ${escapeLiteral(password)}`)
  }
  await refusePower(client, name)
  if (!(await canLogIn(mine, name))) {
    // Where it may not be changed (another user made it), the second try tells.
    await client.query(`ALTER ROLE ${role} PASSWORD ${escapeLiteral(password)}`).catch(() => undefined)
    if (!(await canLogIn(mine, name))) {
      throw new StartupError(
        `The database role ${name} exists, does not accept this installation's password and cannot be given it.`,
      )
    }
  }
  const { rowCount: member } = await client.query(
    `SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
     WHERE g.rolname = $1 AND u.rolname = $2`,
    [group, name],
  )
  if (member === 0) await grantMembership(client, group, name)
  return mine
}

async function grantMembership(client: Client, group: string, name: string): Promise<void> {
  try {
    await client.query(`GRANT ${escapeIdentifier(group)} TO ${escapeIdentifier(name)}`)
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error
    // From PostgreSQL 16 on only the role that made a group, or a superuser, may add members.
    throw new StartupError(
      `The database user may not add ${name} to ${group}, which another user of this server made. Let a superuser run: GRANT ${group} TO "${name}"; — or use the same user for both.`,
    )
  }
}

/** A role somebody else made under this name must not be able to step around the policies. */
async function refusePower(client: Client, name: string): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT 1 FROM pg_roles WHERE rolname = $1 AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)',
    [name],
  )
  if (rowCount)
    throw new StartupError(
      `The database role ${name} has more rights than the app may have; take them away or drop it.`,
    )
}

/** As that role and no other: the owner under this address would step around the policies. */
async function canLogIn(url: string, name: string): Promise<boolean> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ name: string }>('SELECT current_user AS name')
    return rows[0]?.name === name
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
