/** The texts that an intent is learned from, the newest first: corrections with their conversation, and written ones. */
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { type ExampleSource, readLearned } from '@/lib/features/learning/examples'
import type { ExamplePage } from '@/lib/features/learning/input'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'

export interface ListedExample {
  /** Of the example, or of the corrected message. */
  id: string
  text: string
  intent: string
  source: ExampleSource
  /** It may be removed: it is no message. */
  removable: boolean
  /** Number of the conversation that a correction was made in. */
  displayId: number | null
  authorId: string | null
  createdAt: string
}

const page = 50

export async function readExamples(
  ctx: Ctx,
  asked: ExamplePage,
): Promise<{ examples: ListedExample[]; more: boolean }> {
  requireMember(ctx, canTrain)
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => {
    const found = await readLearned(tx, ctx, vault, { ...asked, most: page + 1 })
    const shown = found.slice(0, page)
    const conversations = await tx.conversation.findMany({
      where: {
        accountId: ctx.accountId,
        id: { in: shown.flatMap(({ messageId, group }) => (messageId ? [group] : [])) },
      },
      select: { id: true, displayId: true },
    })
    const displayIds = new Map(conversations.map(({ id, displayId }) => [id, Number(displayId)]))
    return {
      more: found.length > page,
      examples: shown.map(({ messageId, exampleId, group, createdAt, text, intent, source, authorId }) => ({
        id: (messageId ?? exampleId) as string,
        text,
        intent,
        source,
        removable: exampleId !== null,
        displayId: displayIds.get(group) ?? null,
        authorId,
        createdAt: createdAt.toISOString(),
      })),
    }
  })
}
