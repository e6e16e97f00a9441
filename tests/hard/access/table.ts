/**
 * Who may call which route, written down by hand and asked of nothing: the other half of the comparison with the registry.
 * A route that is added, removed or opened to somebody else is a change of this table, too.
 */
import type { Role } from '@/lib/platform/context'

const roles = {
  everyone: ['viewer', 'agent', 'admin', 'owner'],
  workers: ['agent', 'admin', 'owner'],
  managers: ['admin', 'owner'],
  owners: ['owner'],
} as const satisfies Record<string, readonly Role[]>

export type Allowed = 'anyone' | 'visitor' | 'person' | 'operator' | keyof typeof roles

/** True when a living member with this role is let in. */
export const lets = (allowed: Allowed, role: Role): boolean =>
  allowed in roles && (roles[allowed as keyof typeof roles] as readonly Role[]).includes(role)

/** The roles that a member route refuses. */
export const refusedRoles = (allowed: Allowed): Role[] =>
  allowed in roles ? roles.everyone.filter((role) => !lets(allowed, role)) : []

/** Grouped by who is let in. A path that begins with / is whole; others stand behind /api/v1/:account/. */
const written: Record<Allowed, string> = {
  anyone: `
    GET /api/health · GET /api/ready · GET /api/metrics · GET /demo/config.json · POST /api/stripe
    POST /api/widget/sessions · POST /api/v1/sign-up · POST /api/v1/links · POST /api/v1/passwords/reset
    POST /api/v1/invitations/show · POST /api/v1/invitations/join`,
  visitor: `
    POST /api/widget/messages · GET /api/widget/messages · GET /api/widget/events
    POST /api/widget/attachments · GET /api/widget/attachments/:id`,
  person: `
    GET /api/v1/me · PATCH /api/v1/me · POST /api/v1/me/password · GET /api/v1/me/sessions · DELETE /api/v1/me/sessions
    DELETE /api/v1/me/sessions/:id · POST /api/v1/me/account · POST /api/v1/me/confirm · POST /api/v1/me/confirm/mail
    GET /api/v1/me/second-factor · POST /api/v1/me/second-factor/offer · POST /api/v1/me/second-factor/confirm
    POST /api/v1/me/second-factor/codes · POST /api/v1/me/second-factor/off
    POST /api/v1/sign-out · POST /api/v1/accounts · POST /api/v1/invitations/accept`,
  operator: `
    GET /api/v1/operator/outbox · POST /api/v1/operator/outbox/:id/resend
    GET /api/v1/operator/accounts · GET /api/v1/operator/events
    GET /api/v1/operator/billing · GET /api/v1/operator/set-up · GET /api/v1/operator/revenue.csv · POST /api/v1/operator/events/:id/replay
    GET /api/v1/operator/models · POST /api/v1/operator/models/:id/train`,
  everyone: `
    GET conversations · GET conversations/:id · GET conversations/:id/messages · GET people · POST explain · GET live
    GET attachments/:id · GET me · PATCH me/preferences · PUT me/availability · GET members · DELETE members/:id · GET labels · GET teams
    GET inboxes · GET routing · POST routing/try · GET tickets · GET intents · GET contacts/:id/consent`,
  workers: `
    POST conversations/:id/reply · POST conversations/:id/note · POST conversations/:id/assign
    POST conversations/:id/team · POST conversations/:id/priority · POST conversations/:id/status
    POST conversations/:id/snooze · POST conversations/:id/labels · POST conversations/:id/read
    POST conversations/:id/undo · POST conversations/:id/attachments · POST correct · POST correct/undo
    PUT contacts/:id/consent · POST undo/:id · POST tickets/bulk · POST examples · POST examples/import · GET review · GET review/done · POST review/discard · POST review/restore
    POST review/label · POST review/flag · POST review/unflag`,
  managers: `
    PATCH members/:id · GET invitations · POST invitations · POST invitations/:id/resend · DELETE invitations/:id
    POST labels · PATCH labels/:id · DELETE labels/:id · POST teams · PATCH teams/:id · DELETE teams/:id
    POST inboxes · PATCH inboxes/:id · POST inboxes/:id/identity-secret · PUT routing · GET tickets/export.csv
    POST intents · POST intents/of-messages · PUT intents · PUT intents/thresholds · PATCH intents/:key · POST intents/:key/merge · GET examples · POST cases
    POST examples/move · GET examples/export.jsonl · GET examples/export.csv · GET examples/export.parquet
    GET examples/export.md · DELETE examples/:id · GET learning · GET learning/drift · GET learning/health
    GET learning/datasets · GET learning/datasets/:id · GET learning/datasets/:id/export.jsonl · GET learning/datasets/:id/export.csv
    GET learning/datasets/:id/export.parquet · GET learning/datasets/:id/export.md
    PUT learning/rule · POST learning/runs · GET learning/runs/:id · POST learning/runs/:id/cancel · GET learning/versions/:id/texts
    GET learning/versions/:id/held-out · GET learning/versions/:id/cases
    POST learning/versions/:id/promote · GET learning/versions/:id/card.md · GET learning/versions/:id/bundle.zip
    POST learning/versions/:id/try · POST learning/trial/stop · POST learning/roll-back
    PUT learning/versions/:id/decision · DELETE contacts/:id · GET privacy · PATCH privacy · GET export.jsonl
    PUT learning/keeps/:id · DELETE learning/keeps/:id
    GET webhooks · POST webhooks · PATCH webhooks/:id · DELETE webhooks/:id · POST webhooks/:id/secret · POST webhooks/:id/test
    GET webhooks/:id/deliveries · POST webhooks/:id/deliveries/:delivery/resend
    GET audit · GET audit/check · GET audit/export.csv · GET billing · GET billing/usage.csv · GET billing/usage-rows.csv`,
  owners: `
    POST billing/portal · POST billing/refresh · POST billing/preview · PUT billing/plan · PATCH billing/plan · PUT billing/add-ons
    PUT billing/spend · PUT members/:id/place · PUT learning/consent · PUT second-factor`,
}

/** `METHOD /path` → who is let in. */
export const table: ReadonlyMap<string, Allowed> = new Map(
  Object.entries(written).flatMap(([allowed, text]) =>
    text
      .split(/[·\n]/)
      .map((part) => part.trim())
      .filter(Boolean)
      .map((part): [string, Allowed] => {
        const [method = '', path = ''] = part.split(' ')
        return [`${method} ${path.startsWith('/') ? path : `/api/v1/:account/${path}`}`, allowed as Allowed]
      }),
  ),
)

const at = (line: string): string => line.replace(' ', ' /api/v1/:account/')

/** What members beyond the plan's people may do besides reading: what is their own, and what has the account pay or says who gives way. */
export const whileWaiting: ReadonlySet<string> = new Set(
  [
    'POST conversations/:id/read',
    'POST explain',
    'PATCH me/preferences',
    'PUT me/availability',
    'PUT members/:id/place',
    'DELETE members/:id',
    'POST billing/portal',
    'POST billing/refresh',
    'POST billing/preview',
    'PUT billing/plan',
    'PATCH billing/plan',
    'PUT billing/add-ons',
    'PUT billing/spend',
  ].map(at),
)

/** Streams have no end that a HEAD request could wait for. */
const streams = new Set(['GET /api/v1/:account/live', 'GET /api/widget/events'])

/** Every path of the table with names in the place of its parameters. */
export const paths: readonly string[] = [...new Set([...table.keys()].map((key) => key.slice(key.indexOf(' ') + 1)))]

type Declared = { route: string; allowed: Allowed; account: string } | 'method' | null

function look(method: string, path: string): Declared {
  const sent = path.split('/')
  const fitting = paths.filter((each) => {
    const parts = each.split('/')
    return (
      parts.length === sent.length && parts.every((part, i) => part === sent[i] || (part.startsWith(':') && sent[i]))
    )
  })
  if (!fitting.length) return null
  const asked = method === 'HEAD' ? 'GET' : method
  // Of two that fit, the one with fewer parameters is meant: /api/v1/operator/billing names no account.
  const [best] = fitting
    .filter((each) => table.has(`${asked} ${each}`))
    .sort((a, b) => a.split(':').length - b.split(':').length)
  const route = `${asked} ${best}`
  if (!best || (method === 'HEAD' && streams.has(route))) return 'method'
  const account = best.includes(':account') ? decodeURIComponent(sent[best.split('/').indexOf(':account')] ?? '') : ''
  return { route, allowed: table.get(route) as Allowed, account }
}

const known = new Map<string, Declared>()

/** What the table says about a method and a path as it is sent; `null`: no such path, 'method': no such method there. */
export function declared(method: string, path: string): Declared {
  const key = `${method} ${path}`
  const before = known.get(key)
  if (before !== undefined) return before
  const found = look(method, path)
  known.set(key, found)
  return found
}

/** A path of the table as it is sent: an account, and names that nothing has. */
export const filled = (path: string, slug: string): string =>
  path.replace(':account', slug).replace(':key', 'refund').replace(':id', '01920000-0000-7000-8000-000000000000')
