/** Adds to an account's audit log, in the transaction of the act. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { Act, AuditFacts } from './acts'
import { around } from './chain'

export interface NewEntry {
  act: Act
  /** Of what was acted on. */
  thingId?: string | null
  facts?: AuditFacts
  /** The acting membership where the context cannot know it yet: signing in, joining, opening an account. */
  by?: string
}

/** Of a change: which fields, the new name, and what was switched. */
export function factsOf(change: object): AuditFacts {
  const told = Object.entries(change).filter(([field, value]) => field === 'name' || typeof value === 'boolean')
  return { ...(Object.fromEntries(told) as AuditFacts), changed: Object.keys(change).sort().join(' ') }
}

/**
 * Call it last in the transaction: it holds the account's chain until the commit, and a transaction that then waits for another's
 * locks could wait for ever. Works for the account role and for the system role, which may add and read no more than the end.
 */
export async function record(tx: Tx, ctx: Ctx, { act, thingId = null, facts = {}, by }: NewEntry): Promise<void> {
  const at = ctx.now()
  const actorId = by ?? (ctx.actor.kind === 'member' ? ctx.actor.membershipId : null)
  const { head, tail } = around(ctx.accountId, { at, act, actorId, thingId, facts })
  await tx.$executeRaw`SELECT add_audit_entry(${ctx.accountId}::uuid, ${at}::timestamptz, ${act}, ${actorId}::uuid, ${thingId},
    ${JSON.stringify(facts)}::jsonb, ${head}, ${tail})`
}
