/** An account with its owner, and people who join it by invitation. */
import { memberOf } from '@/lib/border/who'
import { joinAsNewPerson } from '@/lib/flows/accept-invitation'
import { changePlan } from '@/lib/flows/change-plan'
import { inviteMember } from '@/lib/flows/invite-member'
import { readMembers } from '@/lib/flows/read-team'
import type { Ctx, Role } from '@/lib/platform/context'
import { goodPassword, type Kit, mailedToken, memberActor, newAddress, newPerson, type Person } from './kit'

export interface Joined {
  ctx: Ctx
  email: string
  userId: string
  /** Membership. */
  id: string
}

let serial = 0

export class Team {
  constructor(
    readonly kit: Kit,
    readonly owner: Person,
    /** The owner's own context. */
    readonly account: Ctx,
  ) {}

  static async make(kit: Kit): Promise<Team> {
    const owner = await newPerson(kit)
    const account = await actorOf(kit, owner, owner.slug)
    // Teams here are larger than the Free plan's.
    await changePlan(account, { plan: 'pro', interval: 'month', currency: 'usd' })
    return new Team(kit, owner, account)
  }

  async memberId(userId: string): Promise<string> {
    return (await readMembers(this.account)).find((member) => member.userId === userId)?.id ?? ''
  }

  /** Invites and joins; the new member's own context comes back. */
  async join(role: Role): Promise<Joined> {
    const { kit, account } = this
    const email = `joined${++serial}@example.com`
    await inviteMember(account, { email, role })
    const token = await mailedToken(kit, email, '/invite')
    const person = { token, name: `Joined ${serial}`, password: goodPassword }
    const { slug } = await joinAsNewPerson(kit.ctx(), person, newAddress())
    const { id: userId } = await kit.services.database.system.user.findUniqueOrThrow({ where: { email } })
    return { ctx: await actorOf(kit, { userId }, slug), email, userId, id: await this.memberId(userId) }
  }
}

async function actorOf(kit: Kit, person: { userId: string }, slug: string): Promise<Ctx> {
  const member = await memberOf(kit.services, person.userId, slug)
  if (!member) throw new Error('no member')
  return kit.ctx(memberActor(person.userId, member.membershipId, member.role), member.accountId)
}
