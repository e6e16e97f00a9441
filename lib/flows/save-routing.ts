/** The routing table is replaced; the next message goes by the new one. */

import { canManageRouting, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import type { RoutingTableDraft } from '@/lib/features/routing/input'
import { forgetRouting } from '@/lib/features/routing/read'
import { listRules, replaceRules, versionOf } from '@/lib/features/routing/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import type { ReadRouting } from './read-routing'

/** @throws conflict when somebody changed the table since it was read */
export async function saveRouting(ctx: Ctx, draft: RoutingTableDraft): Promise<ReadRouting> {
  requireMember(ctx, canManageRouting)
  const saved = await inAccount(ctx, async (tx) => {
    await replaceRules(tx, ctx, draft.rules, draft.version)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'routing' } })
    const rules = await listRules(tx, ctx)
    await record(tx, ctx, { act: 'routing.changed', facts: { lines: rules.length } })
    return { version: versionOf(rules), rules }
  })
  forgetRouting(ctx.accountId)
  return saved
}
