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

/**
 * Visitors call themselves as they like: what stands in many lessons removes none.
 *
 * @param common such signs, from one time to the next: by then lessons have gone by other signs @returns how many went
 */
export async function removeNaming(
  ctx: Ctx,
  signs: Pick<Signs, 'in' | 'size'>,
  common = new Set<string>(),
): Promise<number> {
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
  const holding = new Map<string, string[]>()
  for (let after: string | null = null; ; ) {
    const rows = await inAccount(ctx, (tx) => someExamples(tx, ctx, after, part))
    for (const { id, text } of rows)
      for (const sign of signs.in(said(id, text))) {
        if (common.has(sign)) continue
        const held = holding.get(sign) ?? []
        holding.set(sign, held)
        held.push(id)
        if (held.length <= mostNamed) continue
        common.add(sign)
        holding.delete(sign)
      }
    after = rows.at(-1)?.id ?? null
    if (rows.length < part) break
  }
  const ids = [...new Set([...holding.values()].flat())]
  let gone = 0
  for (let from = 0; from < ids.length; from += part)
    gone += await inAccount(ctx, (tx) => removeExamples(tx, ctx, ids.slice(from, from + part)))
  return gone
}
