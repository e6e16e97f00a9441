/** Answers of the API with everything in them that there can be: contacts who said all of themselves, trained versions, invoices, mails. */

const id = '0199a000-0000-7000-8000-000000000001'
const at = '2026-11-20T08:00:00.000Z'
type Body = Record<string, unknown>
const rows = (value: unknown): Body[] => (Array.isArray(value) ? value : [])

const judged = {
  texts: 40,
  accuracy: 0.9,
  accuracyRange: [0.8, 0.95],
  macroF1: 0.88,
  ece: 0.03,
  unsure: 0.1,
  accuracyWhenSure: 0.95,
  bins: Array.from({ length: 15 }, (_, bin) => ({ count: 2, probability: (bin + 0.5) / 15, right: 1 })),
  intents: [1, 2].map(() => ({ label: 'x', support: 20, precision: 0.9, recall: 0.9, f1: 0.9, f1Range: [0.8, 1] })),
  confusions: [{ truth: 'x', guess: 'y', count: 3 }],
}
const report = {
  learned: { texts: 80, repeats: 1, contradictions: 1 },
  candidate: judged,
  champion: judged,
  championId: null,
  gate: { passes: false, unjudged: false, faults: [{ because: 'recall', intent: 'x', before: 0.9, after: 0.5 }] },
  changed: { better: 3, worse: 1 },
  doubts: [{ id, intent: 'x', guess: 'y', probability: 0.9 }],
}
const counts = { train: 80, test: 40, corrections: 10, written: 10, imported: 60, intents: { x: 80 }, tooFew: { y: 2 } }
const run = {
  id,
  state: 'succeeded',
  phase: 'done',
  progress: 1,
  steps: [{ at: 1, done: 1, loss: 0.1 }],
  seed: 1,
  epsilon: null,
  labels: ['x'],
  seconds: 2,
  cpuSeconds: 2,
  error: null,
  report,
  dataset: { hash: 'x', counts },
  authorId: null,
  createdAt: at,
  startedAt: at,
  endedAt: at,
}
const version = { id, number: 1, runId: id, bundle: 'd', bytes: 1_000_000, createdAt: at, report }
const figures = {
  ...{ both: 9, agreed: 8, judged: 4, rightTried: 3, rightRival: 2, seenTried: 4, correctedTried: 1, seenRival: 4 },
  ...{ correctedRival: 1, won: 1, lost: 1, slowTried: 5, slowRival: 5 },
}
const trial = { id, versionId: id, bundle: 'd', number: 1, rival: null, share: 0, createdAt: at, ended: null, figures }
const learning = {
  versions: [version],
  runs: [run],
  deployments: [{ id, number: 1, because: 'promoted', authorId: null, createdAt: at }],
  trial,
  watch: { ...trial, id: '019f0000-0000-7000-8000-00000000beef', share: 100 },
}
const said = { id, text: 'x', intent: 'x', source: 'written' }
const health = {
  doubts: [{ ...said, guess: 'y', probability: 0.9 }],
  contradictions: [[said, { ...said, intent: 'y' }]],
  lookedAt: at,
  again: false,
  overlaps: [{ one: 'x', other: 'y', count: 3, held: 1, texts: [said] }],
  tooFew: [{ key: 'refund', texts: 2 }],
}
const answer = { intent: 'x', intentProbability: 0.9, inScope: true }
const compared = { texts: [{ id, truth: 'x', version: { ...answer, intent: 'y' }, other: answer }] }
const invoice = {
  ...{ id: 'in_1', number: 'x', state: 'open', currency: 'usd', total: 4_900, refunded: 0, disputed: false, url: 'x' },
  createdAt: at,
}
const mail = {
  id,
  to: 'x',
  subject: 'x',
  text: 'x',
  state: 'held',
  error: 'x',
  attempts: 1,
  createdAt: at,
  sentAt: null,
  link: 'x',
}
const endpoint = {
  ...{ id, url: 'x', description: 'x', events: ['message.created'], enabled: true, offBecause: null },
  ...{ failingSince: at, previousUntil: null, createdAt: at },
}
const delivery = {
  ...{ id, type: 'message.created', state: 'queued', attempts: 2, happenedAt: at, dueAt: at, endedAt: null },
  ...{ conversation: 1, status: 500, error: null, answer: 'x' },
}
const file = { id, name: 'x', type: 'text/plain', size: 12 }
const person = { email: 'x', phone: 'x', externalId: 'x', page: 'x', createdAt: at, lastSeenAt: at }
/** By the end of the path: what is added to an answer, or takes the place of one that there is none of. */
const more: [RegExp, (body: Body) => Body][] = [
  [/\/conversations$/, (body) => ({ ...body, rows: rows(body.rows).map(named) })],
  [/\/conversations\/:id$/, (body) => ({ ...named(body), person: { ...(body.person as Body), ...person } })],
  [
    /\/:id\/messages$/,
    (body) => ({ ...body, messages: rows(body.messages).map((one) => ({ ...one, attachments: [file] })) }),
  ],
  [/\/tickets$/, (body) => ({ ...body, tickets: rows(body.tickets).map(named) })],
  [
    /\/intents$/,
    (body) => ({
      ...body,
      intents: rows(body.intents).map((one, n) => ({ ...one, name: 'x', group: n % 3 ? one.group : 'own' })),
    }),
  ],
  [/\/learning$/, (body) => ({ ...body, ...learning })],
  [/\/learning\/runs\/:id$/, () => run],
  [/\/learning\/health$/, (body) => ({ ...body, ...health })],
  [/\/versions\/:id\/texts$/, () => compared],
  [/\/versions\/:id\/held-out$/, () => ({ texts: [{ id, text: 'x', messageId: id }] })],
  [/\/versions\/:id\/cases$/, () => ({ cases: [{ id, text: 'x', intent: 'x', guess: 'y' }] })],
  [/\/billing$/, (body) => ({ ...body, provider: 'stripe', invoices: [invoice] })],
  [/\/operator\/outbox$/, () => ({ smtp: false, mails: [mail, { ...mail, state: 'failed' }] })],
  [/\/operator\/models$/, () => ({ accounts: [{ id, name: 'x', since: at, order: null }] })],
  [/\/examples$/, () => ({ examples: [{ ...said, displayId: 1, authorId: null, createdAt: at }], more: false })],
  [/\/webhooks$/, () => ({ endpoints: [endpoint], most: 10, opened: false })],
  [/\/webhooks\/:id\/deliveries$/, () => ({ deliveries: [delivery], more: false })],
  [/\/invitations$/, () => ({ invitations: [{ id, email: 'x', role: 'agent', createdAt: at, expiresAt: at }] })],
]

const named = (row: Body): Body => ({ ...row, contact: { ...(row.contact as Body), name: 'x', email: 'x' } })

/** Null: nothing that could be filled. */
export function filled(path: string, body: Body | null): Body | null {
  const add = more.find(([where]) => where.test(path))?.[1]
  return add ? add(body ?? {}) : body
}
