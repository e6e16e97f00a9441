/** Removes lessons that name a person in whatever words: page by page, for an account may have more than one transaction has time for. */
import { someExamples } from '@/lib/features/learning/erase'
import { aboutExample, removeExamples } from '@/lib/features/learning/examples'
import type { Signs } from '@/lib/features/privacy/signs'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'

/** More lessons than this hold it: then it is a word of the business rather than somebody. */
const mostNamed = 50
/** Lessons opened between two questions: others want the process, too. */
const part = 500

/** Visitors call themselves as they like: what stands in many lessons removes none. @returns how many went */
export async function removeNaming(ctx: Ctx, signs: Pick<Signs, 'in' | 'size'>): Promise<number> {
  if (!signs.size) return 0
  const vault = await accountVault(ctx)
  // What cannot be opened any more holds nobody's words, and must not keep anybody from being erased.
  const said = (id: string, text: Uint8Array): string => {
    try {
      return vault.open(text, aboutExample(id))
    } catch {
      return ''
    }
  }
  /** No more of each than tell that it is in too many. */
  const holding = new Map<string, string[]>()
  for (let after: string | null = null; ; ) {
    const rows = await inAccount(ctx, (tx) => someExamples(tx, ctx, after, part))
    for (const { id, text } of rows)
      for (const sign of signs.in(said(id, text))) {
        const held = holding.get(sign)
        if (!held) holding.set(sign, [id])
        else if (held.length <= mostNamed) held.push(id)
      }
    after = rows.at(-1)?.id ?? null
    if (rows.length < part) break
  }
  const ids = [...new Set([...holding.values()].filter((held) => held.length <= mostNamed).flat())]
  let gone = 0
  for (let from = 0; from < ids.length; from += part)
    gone += await inAccount(ctx, (tx) => removeExamples(tx, ctx, ids.slice(from, from + part)))
  return gone
}
