/** The account's routing table, every line of it, with the mark that a change must name. */
import { canViewInbox, requireMember } from '@/lib/features/accounts/permissions'
import { listRules, type StoredRule, versionOf } from '@/lib/features/routing/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

export interface ReadRouting {
  version: string
  rules: StoredRule[]
}

export async function readRouting(ctx: Ctx): Promise<ReadRouting> {
  requireMember(ctx, canViewInbox)
  const rules = await inAccount(ctx, (tx) => listRules(tx, ctx))
  return { version: versionOf(rules), rules }
}
