/** A signed-in person opens an account: they become its owner, and it starts with an inbox and routing rules. */

import { AppError } from '@/lib/core/errors'
import { requireUser } from '@/lib/features/accounts/permissions'
import { nextSlug, slugOf } from '@/lib/features/accounts/slug'
import { addAccount, addMember } from '@/lib/features/accounts/write'
import { record } from '@/lib/features/audit/write'
import { seedRouting } from '@/lib/features/routing/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { isTaken } from '@/lib/platform/db/trouble'

export interface OpenedAccount {
  accountId: string
  slug: string
  membershipId: string
}

const mostSlugs = 30

export async function createAccount(
  outside: Ctx,
  input: { name: string; timeZone?: string | undefined },
): Promise<OpenedAccount> {
  const userId = requireUser(outside)
  const name = input.name.trim()
  if (!name) throw new AppError('invalid_input', { field: 'name' })
  const wanted = slugOf(name, outside.random)
  for (let attempt = 0; attempt < mostSlugs; attempt++) {
    const slug = attempt === 0 ? wanted : nextSlug(wanted, attempt, outside.random)
    const ctx: Ctx = { ...outside, accountId: outside.newId() }
    try {
      const membershipId = await inAccount(ctx, async (tx) => {
        await addAccount(tx, ctx, { slug, name, timeZone: input.timeZone ?? 'UTC' })
        const id = await addMember(tx, ctx, userId, 'owner')
        await seedRouting(tx, ctx)
        await record(tx, ctx, { act: 'account.created', by: id, facts: { name } })
        return id
      })
      return { accountId: ctx.accountId, slug, membershipId }
    } catch (error) {
      // Other accounts' slugs are invisible here; only the unique key knows them.
      if (!isTaken(error)) throw error
    }
  }
  throw new AppError('name_taken', { field: 'name' })
}
