/** Open streams of people: each ends within a second once its session or membership has ended, its role asks less, or the account asks for a second factor. */
import type { MemberActor, Role, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import type { Route } from './route'
import type { SseStream } from './sse'

export interface Watched {
  sessionId: string
  actor: MemberActor
  accountId: string
  who: Extract<Route['who'], object>
}

interface Entry extends Watched {
  stream: SseStream
}

/** How often all open streams are asked about, in a few queries, milliseconds. */
const every = 400
const most = 5_000

const entries = new Set<Entry>()
let timer: NodeJS.Timeout | undefined
let looking = false

/** Keeps an eye on a stream until it closes. */
export function watchStream(services: Services, watched: Watched, stream: SseStream): void {
  const entry: Entry = { ...watched, stream }
  entries.add(entry)
  stream.onClose(() => {
    entries.delete(entry)
    if (entries.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  })
  timer ??= setInterval(() => void look(services), every).unref()
}

async function look(services: Services): Promise<void> {
  if (looking) return
  looking = true
  try {
    const all = [...entries]
    for (let from = 0; from < all.length; from += most) await lookAt(services, all.slice(from, from + most))
  } catch (error) {
    // The database is away: nobody can do anything meanwhile, and the next look decides.
    services.log.debug({ err: error }, 'streams not looked at')
  } finally {
    looking = false
  }
}

async function lookAt(services: Services, some: Entry[]): Promise<void> {
  const sessionIds = [...new Set(some.map((entry) => entry.sessionId))]
  const userIds = [...new Set(some.map((entry) => entry.actor.userId))]
  const { sessions, members } = await asSystem(services, 'who still watches', async (tx) => ({
    sessions: await tx.$queryRaw<{ id: string }[]>`
      SELECT s.id FROM user_session s JOIN "user" u ON u.id = s.user_id
      WHERE s.id = ANY(${sessionIds}::uuid[]) AND (s.revoked_at IS NULL OR s.revoked_at > now()) AND s.expires_at > now()
        AND s.version = u.session_version AND u.disabled_at IS NULL`,
    members: await tx.$queryRaw<{ key: string; role: Role }[]>`
      SELECT m.account_id || ' ' || m.user_id AS key, m.role FROM membership m
        JOIN account a ON a.id = m.account_id JOIN "user" u ON u.id = m.user_id
      WHERE m.user_id = ANY(${userIds}::uuid[]) AND m.disabled_at IS NULL
        AND (NOT a.second_factor_required OR u.second_factor_at IS NOT NULL)`,
  }))
  const alive = new Set(sessions.map((session) => session.id))
  const roles = new Map(members.map((member) => [member.key, member.role]))
  for (const { sessionId, actor, accountId, who, stream } of some) {
    const role = roles.get(`${accountId} ${actor.userId}`)
    if (alive.has(sessionId) && role && who.member({ ...actor, role })) continue
    stream.send('gone', {})
    stream.close()
  }
}
