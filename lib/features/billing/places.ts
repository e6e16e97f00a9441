/** Who works where a plan includes fewer people than an account has: the others read, and change nothing. */
import type { Ctx, Role } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

export interface Placed {
  id: string
  name: string
  role: Role
  /** When an owner gave them a place. */
  placeAt: Date | null
  createdAt: Date
}

const ranks: Record<Role, number> = { owner: 0, admin: 1, agent: 2, viewer: 3 }

/**
 * In the order in which they keep a place: owners, since somebody must be able to pay; whom an owner chose, the last one first; then by what
 * they do and how long they have been there.
 */
export const inOrder = <P extends Placed>(members: readonly P[]): P[] =>
  [...members].sort(
    (a, b) =>
      Number(b.role === 'owner') - Number(a.role === 'owner') ||
      (b.placeAt?.getTime() ?? 0) - (a.placeAt?.getTime() ?? 0) ||
      ranks[a.role] - ranks[b.role] ||
      a.createdAt.getTime() - b.createdAt.getTime() ||
      (a.id < b.id ? -1 : 1),
  )

/** Those beyond so many places; null: there are as many as one pays for. */
export const beyond = <P extends Placed>(members: readonly P[], places: number | null): P[] =>
  places === null ? [] : inOrder(members).slice(places)

/** Whom giving one of those who wait a place would make wait; null: owners have all of them, and theirs are not given away. */
export function givesWay<P extends Placed>(members: readonly P[], places: number, id: string): P | null {
  const order = inOrder(members)
  const [member, last] = [order.find((one) => one.id === id), order[places - 1]]
  return member && last && (last.role !== 'owner' || member.role === 'owner') ? last : null
}

export async function readPlaced(tx: Tx, { accountId }: Ctx): Promise<Placed[]> {
  const rows = await tx.membership.findMany({
    where: { accountId, disabledAt: null },
    select: { id: true, role: true, placeAt: true, createdAt: true, user: { select: { name: true } } },
  })
  // A closed list: the table's check holds it.
  return rows.map(({ user, role, ...row }) => ({ ...row, role: role as Role, name: user.name }))
}

export async function keepPlace(tx: Tx, { accountId, now }: Ctx, id: string): Promise<void> {
  await tx.membership.update({
    where: { accountId_id: { accountId, id } },
    data: { placeAt: now() },
    select: { id: true },
  })
}
