/** A request of each route that names things or carries a body, as a page would send it; what destroys comes last. */
import { newId } from '@/lib/core/ids'
import { whole } from '../../kit/guarantee'
import { png } from '../../kit/sample-files'
import type { Thing, Things } from './things'

export interface Sample {
  /** `METHOD path` as in the registry. */
  route: string
  /** What `:id` or `:key` names. */
  names?: Thing
  body?: (things: Things) => object
  bytes?: () => Buffer
  /** The answer where it is no 2xx although the request is right. */
  answer?: number
}

const clientId = () => ({ clientId: newId() })
const ends = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
/** An address or name that has not been used yet. */
const fresh = () => `new${newId().slice(-12)}`
const at = (method: string, path: string) => `${method} /api/v1/:account/${path}`
const on = (act: string, body: Sample['body']): Sample => ({
  route: at('POST', `conversations/:id/${act}`),
  names: 'conversation',
  body,
})
const same = (route: string, names: Thing, body?: Sample['body'], answer?: number): Sample => ({
  route,
  names,
  ...(body ? { body } : {}),
  ...(answer ? { answer } : {}),
})

export const allSamples: readonly Sample[] = [
  same(at('GET', 'conversations/:id'), 'conversation'),
  same(at('GET', 'conversations/:id/messages'), 'conversation'),
  same(at('GET', 'attachments/:id'), 'file'),
  same(at('GET', 'contacts/:id/consent'), 'contact'),
  same(at('GET', 'learning/datasets/:id'), 'dataset'),
  ...['jsonl', 'csv', 'parquet', 'md'].map((kind) =>
    same(at('GET', `learning/datasets/:id/export.${kind}`), 'dataset'),
  ),
  same(at('GET', 'learning/runs/:id'), 'run'),
  same(at('GET', 'learning/versions/:id/texts'), 'version'),
  same(at('GET', 'learning/versions/:id/held-out'), 'version'),
  same(at('GET', 'learning/versions/:id/cases'), 'version'),
  same(at('GET', 'learning/versions/:id/card.md'), 'version'),
  same(at('GET', 'learning/versions/:id/bundle.zip'), 'version'),
  { route: at('POST', 'explain'), body: ({ message }) => ({ field: 'intent', messageId: message }), answer: 503 },
  { route: at('POST', 'routing/try'), body: () => ({ text: 'refund normal: hello' }) },
  on('reply', ({ draft }) => ({ ...clientId(), text: 'hello', attachments: [draft] })),
  on('note', () => ({ ...clientId(), text: 'a note' })),
  on('undo', ({ change }) => ({ changeId: change })),
  on('assign', ({ member }) => ({ assigneeId: member })),
  on('team', ({ team }) => ({ teamId: team })),
  on('priority', () => ({ priority: 'low' })),
  on('labels', ({ label }) => ({ labelIds: [label] })),
  on('read', () => ({ sequence: 1 })),
  on('snooze', () => ({ until: ends(1) })),
  on('status', () => ({ status: 'open' })),
  { route: at('POST', 'conversations/:id/attachments'), names: 'conversation', bytes: png },
  { route: at('POST', 'correct/undo'), body: ({ correction }) => ({ correctionId: correction }) },
  {
    route: at('POST', 'correct'),
    body: ({ message }) => ({ messageId: message, field: 'sentiment', value: 'positive' }),
  },
  same(at('POST', 'undo/:id'), 'undo'),
  {
    route: at('POST', 'tickets/bulk'),
    body: ({ conversation, member, team, label }) => ({
      ids: [conversation],
      change: { assigneeId: member, teamId: team, priority: 'urgent', addLabelIds: [label] },
    }),
  },
  { route: at('POST', 'examples'), body: ({ intent }) => ({ text: `an example ${fresh()}`, intent }) },
  { route: at('POST', 'examples/import'), bytes: () => Buffer.from(`text,label\n${fresh()} where,refund\n`) },
  { route: at('POST', 'review/label'), body: ({ message }) => ({ messageIds: [message], intent: 'refund' }) },
  { route: at('POST', 'review/flag'), body: ({ message }) => ({ messageId: message, reason: 'manual' }) },
  { route: at('POST', 'review/unflag'), body: ({ message }) => ({ messageId: message }) },
  { route: at('POST', 'review/discard'), body: ({ message }) => ({ messageIds: [message] }) },
  { route: at('POST', 'review/restore'), body: ({ message }) => ({ messageIds: [message] }) },
  { route: at('PUT', 'me/availability'), body: () => ({ availability: 'online' }) },
  { route: at('PATCH', 'me/preferences'), body: () => ({ theme: 'dark', keys: true }) },
  same(at('PUT', 'contacts/:id/consent'), 'contact', () => ({ trainingConsent: 'given' })),
  { route: at('PATCH', 'privacy'), body: () => ({ keepMonths: 24 }) },
  // All have a place.
  same(at('PUT', 'members/:id/place'), 'member', () => ({}), 404),
  same(at('PATCH', 'members/:id'), 'member', () => ({ role: 'viewer' })),
  { route: at('POST', 'invitations'), body: () => ({ email: `${fresh()}@invited.example`, role: 'agent' }) },
  same(at('POST', 'invitations/:id/resend'), 'invitation'),
  { route: at('POST', 'labels'), body: () => ({ name: fresh(), colour: 'red' }) },
  same(at('PATCH', 'labels/:id'), 'label', () => ({ name: fresh() })),
  { route: at('POST', 'teams'), body: ({ member }) => ({ name: fresh(), memberIds: [member] }) },
  same(at('PATCH', 'teams/:id'), 'team', ({ member }) => ({ name: fresh(), memberIds: [member] })),
  { route: at('POST', 'inboxes'), body: () => ({ name: fresh(), allowedOrigins: [] }) },
  same(at('PATCH', 'inboxes/:id'), 'inbox', () => ({ name: fresh(), texts: { en: { greeting: 'Hello' } } })),
  same(at('POST', 'inboxes/:id/identity-secret'), 'inbox'),
  {
    route: at('PUT', 'routing'),
    body: ({ team }) => ({ rules: [{ name: fresh(), when: { sentiments: ['negative'] }, teamId: team }] }),
  },
  { route: at('POST', 'webhooks'), body: () => ({ url: `https://${fresh()}.example/`, events: ['message.created'] }) },
  same(at('PATCH', 'webhooks/:id'), 'webhook', () => ({ description: fresh() })),
  same(at('POST', 'webhooks/:id/secret'), 'webhook'),
  same(at('POST', 'webhooks/:id/test'), 'webhook'),
  same(at('GET', 'webhooks/:id/deliveries'), 'webhook'),
  same(at('POST', 'webhooks/:id/deliveries/:delivery/resend'), 'webhook'),
  { route: at('POST', 'intents'), body: () => ({ name: fresh(), description: 'made' }) },
  {
    route: at('POST', 'intents/of-messages'),
    body: ({ message }) => ({ name: fresh(), description: 'made', messageIds: [message] }),
  },
  { route: at('PUT', 'intents'), body: () => ({ used: true }) },
  { route: at('PUT', 'intents/thresholds'), body: ({ intent }) => ({ thresholds: [{ key: intent, threshold: 0.8 }] }) },
  same(at('PATCH', 'intents/:key'), 'intent', () => ({ name: fresh(), description: 'said again' })),
  { route: at('PUT', 'learning/rule'), body: () => ({ afterCorrections: 50, weekly: false }) },
  same(at('POST', 'learning/runs/:id/cancel'), 'run'),
  same(at('PUT', 'learning/keeps/:id'), 'message', ({ intent }) => ({ intent })),
  { route: at('POST', 'learning/runs'), body: () => ({ epsilon: 8 }) },
  { route: at('PUT', 'learning/consent'), body: () => ({ given: true }) },
  // Not made to order.
  same(at('PUT', 'learning/versions/:id/decision'), 'version', () => ({ decision: 'accepted' }), 404),
  same(at('POST', 'learning/versions/:id/try'), 'version', () => ({ share: 0 })),
  { route: at('POST', 'learning/trial/stop') },
  same(at('POST', 'learning/versions/:id/promote'), 'version', () => ({ unjudged: true })),
  { route: at('POST', 'learning/roll-back'), body: () => ({ id: null }) },
  { route: at('POST', 'cases'), body: ({ intent }) => ({ text: `a case ${fresh()}`, intent }) },
  { route: at('PUT', 'second-factor'), body: () => ({ required: false }) },
  { route: at('PUT', 'billing/spend'), body: () => ({ cap: 100_000, alert: null }) },
  { route: at('PATCH', 'billing/plan'), body: () => ({ ends: false }) },
  { route: at('PUT', 'billing/plan'), body: () => ({ plan: 'business', interval: 'year', currency: 'usd' }) },
  {
    route: at('POST', 'billing/preview'),
    body: () => ({ of: 'plan', plan: 'pro', interval: 'year', currency: 'usd' }),
  },
  { route: at('POST', 'billing/refresh') },
  { route: at('POST', 'billing/portal'), answer: 404 },
  { route: at('PUT', 'billing/add-ons'), body: () => ({ addOn: 'model', on: true }), answer: 404 },
  same(at('POST', 'intents/:key/merge'), 'intent', () => ({ into: 'refund' })),
  same(at('DELETE', 'invitations/:id'), 'invitation'),
  same(at('DELETE', 'learning/keeps/:id'), 'message'),
  { route: at('POST', 'examples/move'), body: ({ example }) => ({ ids: [example], intent: 'invoice' }) },
  same(at('DELETE', 'examples/:id'), 'example'),
  same(at('DELETE', 'webhooks/:id'), 'webhook'),
  same(at('DELETE', 'labels/:id'), 'label'),
  same(at('DELETE', 'teams/:id'), 'team'),
  same(at('DELETE', 'members/:id'), 'member'),
  same(at('DELETE', 'contacts/:id'), 'contact'),
]

/** What training makes takes long to make: the smoke part goes without. */
export const samples = allSamples.filter(
  ({ route }) => whole || !/learning\/(datasets|versions|runs|roll|trial)/.test(route),
)

/** The request of a sample: its method, its path in an account, and its body. */
export function requestOf(
  sample: Sample,
  slug: string,
  things: Things,
): { method: string; path: string; body?: string | Buffer } {
  const [method = '', path = ''] = sample.route.split(' ')
  const named = path
    .replace(':account', slug)
    .replace(/:id|:key/, sample.names ? things[sample.names] : '')
    .replace(':delivery', things.delivery)
  if (sample.bytes) return { method, path: named, body: sample.bytes() }
  return method === 'GET'
    ? { method, path: named }
    : { method, path: named, body: JSON.stringify(sample.body?.(things) ?? {}) }
}

/** The things that a sample names, in its path or in its body. */
export function namedIn(sample: Sample, things: Things): Thing[] {
  const asked = new Set<Thing>(sample.names ? [sample.names] : [])
  if (sample.route.includes(':delivery')) asked.add('delivery')
  const listening = new Proxy(things, {
    get: (target, key) => {
      asked.add(key as Thing)
      return target[key as Thing]
    },
  })
  sample.body?.(listening)
  return [...asked]
}
