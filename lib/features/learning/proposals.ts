/** New intents that messages ask for: groups among those which no intent covers, or which nobody answered. */
import { fewestExamples, lines } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import { cleanText } from '@/models/text/clean'
import { clusterTexts } from '@/models/text/cluster'
import { opened, type SealedText } from './examples'
import { reviewedAtMost } from './input'
import type { Found } from './look'
import { doubtful } from './review'

export interface Proposal {
  /** Every message of the group, the most typical first. */
  messageIds: string[]
  /** What the most typical ones say, each once. */
  texts: string[]
  /** How many contacts wrote them. */
  people: number
  /** How many of them nobody has answered. */
  unanswered: number
  /** What they share and other texts do not; for a first name. */
  words: string[]
}

/** Messages outside every intent, and unanswered ones: each costs a decryption, and all of them together a second. */
const openedAtMost = 600
/** How far back unanswered ones are looked for: messages. */
const looked = 20_000
/** People read so many texts of a group, and so many groups. */
const shown = 5
const most = 12
/** The same words again and again are one text to learn from. */
const fewestTexts = 3
/** One person who asks again and again is a conversation, no intent. */
const fewestPeople = 2
/** A message that came this long ago, and has no answer, is not just waiting its turn. Days. */
const patience = 1

interface OpenRow extends SealedText {
  message_id: string
  intent: string | null
  intent_probability: number | null
  in_scope: boolean | null
  threshold: number | null
}

/** The newest ones that nobody answered within a day, or before their conversation was closed; without a person's word on them. */
async function unanswered(tx: Tx, ctx: Ctx): Promise<OpenRow[]> {
  const { accountId } = ctx
  const before = new Date(ctx.now().getTime() - patience * 86_400_000)
  return tx.$queryRaw<OpenRow[]>`
    SELECT m.id AS message_id, NULL::uuid AS example_id, m.contact_id, c.key AS contact_key, m.body AS sealed,
      n.intent, p.intent_probability, p.in_scope, i.threshold
    FROM (
      SELECT id, conversation_id, contact_id, sequence, body, created_at FROM message
      WHERE account_id = ${accountId}::uuid AND kind = 'incoming' ORDER BY id DESC LIMIT ${looked}
    ) m
    JOIN contact c ON c.account_id = ${accountId}::uuid AND c.id = m.contact_id
    JOIN conversation k ON k.account_id = ${accountId}::uuid AND k.id = m.conversation_id
    LEFT JOIN prediction p ON p.account_id = ${accountId}::uuid AND p.message_id = m.id
    LEFT JOIN intent a ON a.account_id = ${accountId}::uuid AND a.key = p.intent
    CROSS JOIN LATERAL (SELECT coalesce(a.merged_into, p.intent) AS intent) n
    LEFT JOIN intent i ON i.account_id = ${accountId}::uuid AND i.key = n.intent
    WHERE m.body IS NOT NULL AND (m.created_at < ${before} OR k.status = 'resolved')
      AND NOT EXISTS (SELECT FROM message a WHERE a.account_id = ${accountId}::uuid AND a.conversation_id = m.conversation_id
        AND a.sequence > m.sequence AND a.kind = 'outgoing' AND NOT a.private)
      AND NOT EXISTS (SELECT FROM correction r WHERE r.account_id = ${accountId}::uuid AND r.message_id = m.id
        AND r.field = 'intent' AND r.undone_at IS NULL)
      AND NOT EXISTS (SELECT FROM review_discard d WHERE d.account_id = ${accountId}::uuid AND d.message_id = m.id)
    ORDER BY m.id DESC LIMIT ${openedAtMost}`
}

/** What the model takes it for, and is as sure of as that intent asks for; null where no intent covers it. */
function coveredBy({ intent, intent_probability, in_scope, threshold }: OpenRow): string | null {
  return intent && in_scope && (intent_probability ?? 0) >= (threshold ?? lines.least) ? intent : null
}

/** Texts to group, as they are read from the database. */
export async function readOpen(tx: Tx, ctx: Ctx, vault: AccountVault) {
  const outside = await doubtful(tx, ctx, { outside: true, most: openedAtMost })
  const asOpen = outside.map((row) => ({ ...row, in_scope: false, threshold: null }))
  const rows = new Map([...asOpen, ...(await unanswered(tx, ctx))].map((row) => [row.message_id, row]))
  return [...rows.values()].flatMap((row) => {
    const said = opened(ctx, vault, row)
    const key = cleanText(said)
    return key ? [{ key, said, id: row.message_id, contactId: row.contact_id as string, covered: coveredBy(row) }] : []
  })
}

/** Groups of them, the largest first; not those that an intent covers already. Pure. @param around texts that are labelled: they say what words are common here */
export function groupOpen(
  messages: Awaited<ReturnType<typeof readOpen>>,
  around: readonly string[],
): Found['proposals'] {
  const texts = new Map<string, typeof messages>()
  for (const one of messages) texts.set(one.key, [...(texts.get(one.key) ?? []), one])
  const all = [...texts.values()]
  return (
    clusterTexts(
      all.map(([first]) => first?.said ?? ''),
      fewestTexts,
      around,
    )
      .map((group) => ({ ...group, messages: group.texts.flatMap((at) => all[at] ?? []) }))
      .filter(({ messages: own }) => !isCovered(own.map(({ covered }) => covered)))
      // Thanks and nods are alike, too, and share no word that says what they are about.
      .filter(({ words, messages: own }) => words.length > 0 && isEnough(own))
      .sort((a, b) => b.messages.length - a.messages.length)
      .slice(0, most)
      .map(({ words, messages: own }) => ({ words, messageIds: own.slice(0, reviewedAtMost).map(({ id }) => id) }))
  )
}

/** Most of them are one intent's business: somebody should answer them, but nothing is missing. */
function isCovered(by: readonly (string | null)[]): boolean {
  const counts = new Map<string, number>()
  for (const intent of by) if (intent) counts.set(intent, (counts.get(intent) ?? 0) + 1)
  return Math.max(0, ...counts.values()) * 2 > by.length
}

const isEnough = (messages: readonly { contactId: string }[]): boolean =>
  messages.length >= fewestExamples && new Set(messages.map(({ contactId }) => contactId)).size >= fewestPeople

/** As they are now: without what was labelled, put aside or erased since. */
export async function readProposals(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  found: Found['proposals'],
): Promise<Proposal[]> {
  const { accountId } = ctx
  const ids = found.flatMap(({ messageIds }) => messageIds)
  const rows = await tx.$queryRaw<(SealedText & { message_id: string; contact_id: string; answered: boolean })[]>`
    SELECT m.id AS message_id, NULL::uuid AS example_id, m.contact_id, c.key AS contact_key, m.body AS sealed,
      EXISTS (SELECT FROM message a WHERE a.account_id = ${accountId}::uuid AND a.conversation_id = m.conversation_id
        AND a.sequence > m.sequence AND a.kind = 'outgoing' AND NOT a.private) AS answered
    FROM message m JOIN contact c ON c.account_id = ${accountId}::uuid AND c.id = m.contact_id
    WHERE m.account_id = ${accountId}::uuid AND m.id = ANY (${ids}::uuid[]) AND m.body IS NOT NULL
      AND NOT EXISTS (SELECT FROM correction r WHERE r.account_id = ${accountId}::uuid AND r.message_id = m.id
        AND r.field = 'intent' AND r.undone_at IS NULL)
      AND NOT EXISTS (SELECT FROM review_discard d WHERE d.account_id = ${accountId}::uuid AND d.message_id = m.id)`
  const byId = new Map(rows.map((row) => [row.message_id, { ...row, contactId: row.contact_id }]))
  return found.flatMap(({ messageIds, words }) => {
    const own = messageIds.flatMap((id) => byId.get(id) ?? [])
    if (!isEnough(own)) return []
    const texts = new Map<string, string>()
    for (const row of own) {
      if (texts.size === shown) break
      const said = opened(ctx, vault, row)
      if (!texts.has(cleanText(said))) texts.set(cleanText(said), said)
    }
    return [
      {
        messageIds: own.map(({ message_id }) => message_id),
        texts: [...texts.values()],
        people: new Set(own.map(({ contactId }) => contactId)).size,
        unanswered: own.filter(({ answered }) => !answered).length,
        words,
      },
    ]
  })
}
