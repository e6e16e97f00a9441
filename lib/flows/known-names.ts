/** Names that an account knows, for masking: of whoever wrote a text, and of its own people, whom any text may name. */

import { knownNames } from '@/lib/features/privacy/find-known-names'
import type { Finder } from '@/lib/features/privacy/finder'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'

/** What to look for in a text of that contact; null for one that the account wrote itself. */
export type KnownTo = (contactId: string | null) => readonly Finder[]

/** Contacts of one question to the database. */
const part = 1_000

export async function readKnownNames(ctx: Ctx, contactIds: Iterable<string | null | undefined>): Promise<KnownTo> {
  const vault = await accountVault(ctx)
  const ids = [...new Set([...contactIds].flatMap((id) => id ?? []))]
  const people = await inAccount(ctx, (tx) =>
    tx.membership.findMany({ select: { user: { select: { name: true, email: true } } } }),
  )
  const own = knownNames({
    names: people.map(({ user }) => user.name),
    emails: people.map(({ user }) => user.email),
  })
  const always = own ? [own] : []
  const found = new Map<string, readonly Finder[]>()
  for (let from = 0; from < ids.length; from += part) {
    const rows = await inAccount(ctx, (tx) =>
      tx.contact.findMany({
        where: {
          accountId: ctx.accountId,
          id: { in: ids.slice(from, from + part) },
          OR: [{ name: { not: null } }, { email: { not: null } }],
        },
        select: { id: true, key: true, name: true, email: true },
      }),
    )
    for (const { id, key, name, email } of rows) {
      const box = vault.contact(id, key)
      const open = (sealed: Uint8Array | null, what: string) => {
        try {
          return sealed ? [box.open(sealed, `${id} ${what}`)] : []
        } catch {
          return []
        }
      }
      const theirs = knownNames({ names: open(name, 'name'), emails: open(email, 'email') })
      if (theirs) found.set(id, [theirs, ...always])
    }
  }
  return (contactId) => (contactId && found.get(contactId)) || always
}
