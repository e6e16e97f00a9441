/** New intents that messages ask for: groups among those which no intent covers. */
import { fewestExamples } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import { cleanText } from '@/models/text/clean'
import { clusterTexts } from '@/models/text/cluster'
import { opened } from './examples'
import { reviewedAtMost } from './input'
import { doubtful } from './review'

export interface Proposal {
  /** Every message of the group, the most typical first. */
  messageIds: string[]
  /** What the most typical ones say, each once. */
  texts: string[]
  /** How many contacts wrote them. */
  people: number
  /** What they share and other texts do not; for a first name. */
  words: string[]
}

/** Each costs a decryption, and the whole a tenth of a second. */
const openedAtMost = 600
/** People read so many texts of a group, and so many groups. */
const shown = 5
const most = 12
/** The same words again and again are one text to learn from. */
const fewestTexts = 3
/** One person who asks again and again is a conversation, no intent. */
const fewestPeople = 2

interface Text {
  said: string
  messages: { id: string; contactId: string }[]
}

/** The largest first. @param around texts that are labelled: they say what words are common here */
export async function proposeIntents(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  around: readonly string[],
): Promise<Proposal[]> {
  const texts = new Map<string, Text>()
  for (const row of await doubtful(tx, ctx, { outside: true, most: openedAtMost })) {
    const said = opened(ctx, vault, row)
    const key = cleanText(said)
    if (!key) continue
    const text = texts.get(key) ?? { said, messages: [] }
    text.messages.push({ id: row.message_id, contactId: row.contact_id as string })
    texts.set(key, text)
  }
  const all = [...texts.values()]
  return clusterTexts(
    all.map(({ said }) => said),
    fewestTexts,
    around,
  )
    .map((group) => {
      const members = group.texts.flatMap((at) => all[at] ?? [])
      const messages = members.flatMap((text) => text.messages)
      return {
        messageIds: messages.slice(0, reviewedAtMost).map(({ id }) => id),
        texts: members.slice(0, shown).map(({ said }) => said),
        people: new Set(messages.map(({ contactId }) => contactId)).size,
        words: group.words,
      }
    })
    .filter(({ messageIds, people }) => messageIds.length >= fewestExamples && people >= fewestPeople)
    .sort((a, b) => b.messageIds.length - a.messageIds.length)
    .slice(0, most)
}
