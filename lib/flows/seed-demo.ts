/** Makes the demo account once: people, teams, labels, rules, and sixty days of conversations through the real flows. */
import { randomBytes } from 'node:crypto'
import { addAccount, addMember, changeAccount } from '@/lib/features/accounts/write'
import { choosePlan } from '@/lib/features/billing/provider.demo'
import { demoAgents } from '@/lib/features/demo/people'
import { demoThreads, type Plan, planDemo } from '@/lib/features/demo/plan'
import { demoLabels, demoTeams } from '@/lib/features/demo/scene'
import { demoInbox, demoLabelColours, demoName, demoRules, unfinishedName } from '@/lib/features/demo/shop'
import { hashPassword } from '@/lib/features/identity/password'
import { addUser, setPassword, userByEmail } from '@/lib/features/identity/users'
import { seedRouting } from '@/lib/features/routing/write'
import type { Ctx, MemberActor } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { createLabel } from './create-label'
import { createTeam } from './create-team'
import { labelLater } from './label-later'
import { playDemo } from './play-demo'
import { saveRouting } from './save-routing'
import { updateInbox } from './update-inbox'

export interface DemoAccount {
  /** Slug. */
  account: string
  email: string
  password: string
  siteKey: string
}

const day = 86_400_000
const opened = 61 * day

/**
 * Does what is missing: a seed that was killed begins its conversations anew in the same account, and one that was
 * finished only gets a new password. `outside` brings the clock the story ends at and the chance it is told with.
 * @param told hears what is being done
 */
export async function seedDemo(
  outside: Ctx,
  told: (line: string) => void,
  threads = demoThreads,
): Promise<DemoAccount> {
  const early: Ctx = { ...outside, now: () => new Date(outside.now().getTime() - opened) }
  const password = randomBytes(15).toString('base64url')
  const userIds = await ensurePeople(early, await hashPassword(password))
  const { accountId, finished } = await ensureAccount(early, userIds)
  const ctx: Ctx = { ...outside, accountId }
  const members = await ensureMembers({ ...early, accountId }, userIds)
  const place = await inAccount(ctx, async (tx) => {
    const { slug } = await tx.account.findFirstOrThrow({ select: { slug: true } })
    const inbox = await tx.inbox.findFirstOrThrow({
      orderBy: { createdAt: 'asc' },
      select: { id: true, siteKey: true },
    })
    return { slug, inbox }
  })
  if (!finished) {
    await clear(ctx)
    await furnish({ ...early, accountId, actor: members[0] as MemberActor }, members, place.inbox.id)
    await tellStory(ctx, members, place.inbox.siteKey, planDemo(ctx.random, ctx.now(), threads), told)
    await inAccount(ctx, (tx) => changeAccount(tx, ctx, { name: demoName }))
  }
  return { account: place.slug, email: demoAgents[0].email, password, siteKey: place.inbox.siteKey }
}

async function ensurePeople(ctx: Ctx, passwordHash: string): Promise<string[]> {
  return asSystem(ctx.services, 'people of the demo', async (tx) => {
    const ids: string[] = []
    for (const [i, { name, email, locale }] of demoAgents.entries()) {
      const known = await userByEmail(tx, email)
      if (known && i === 0) await setPassword(tx, known.id, passwordHash, null)
      const made = { email, name, passwordHash: i === 0 ? passwordHash : null, locale, verified: true }
      ids.push(known?.id ?? (await addUser(tx, ctx, made)).id)
    }
    return ids
  })
}

/** The account of the demo's owner; it bears another name until its story is told. */
async function ensureAccount(ctx: Ctx, userIds: string[]): Promise<{ accountId: string; finished: boolean }> {
  const owner = userIds[0] as string
  const known = await asSystem(ctx.services, 'account of the demo', (tx) =>
    tx.membership.findFirst({
      where: { userId: owner },
      orderBy: { createdAt: 'asc' },
      select: { accountId: true, account: { select: { name: true } } },
    }),
  )
  if (known) return { accountId: known.accountId, finished: known.account.name !== unfinishedName }
  const taken = await asSystem(ctx.services, 'address of the demo', (tx) =>
    tx.account.findUnique({ where: { slug: 'cloud-mountain-tea' }, select: { id: true } }),
  )
  const here: Ctx = { ...ctx, accountId: ctx.newId() }
  const slug = taken ? `cloud-mountain-tea-${randomBytes(3).toString('hex')}` : 'cloud-mountain-tea'
  await inAccount(here, async (tx) => {
    await addAccount(tx, here, { slug, name: unfinishedName, timeZone: 'Asia/Shanghai' })
    await addMember(tx, here, owner, 'owner')
    await choosePlan(tx, here, { plan: 'business', interval: 'month', currency: 'cny' }, demoAgents.length)
    await seedRouting(tx, here)
  })
  return { accountId: here.accountId, finished: false }
}

async function ensureMembers(ctx: Ctx, userIds: string[]): Promise<MemberActor[]> {
  return inAccount(ctx, async (tx) => {
    const members: MemberActor[] = []
    for (const [i, userId] of userIds.entries()) {
      const { role } = demoAgents[i] as (typeof demoAgents)[number]
      const known = await tx.membership.findFirst({ where: { userId }, select: { id: true } })
      members.push({
        kind: 'member',
        userId,
        membershipId: known?.id ?? (await addMember(tx, ctx, userId, role)),
        role,
      })
    }
    return members
  })
}

/** Removes what a seed that was killed had written. */
async function clear(ctx: Ctx): Promise<void> {
  await inAccount(ctx, async (tx) => {
    await tx.correction.deleteMany({})
    await tx.message.deleteMany({})
    await tx.conversation.deleteMany({})
    await tx.contact.deleteMany({})
    await tx.routingRule.deleteMany({})
    await tx.team.deleteMany({})
    await tx.label.deleteMany({})
    await tx.event.deleteMany({})
    await tx.account.update({ where: { id: ctx.accountId }, data: { lastDisplayId: 0 }, select: { id: true } })
  })
}

/** Teams, labels, rules and the inbox's look, as an owner would set them. */
async function furnish(ctx: Ctx, members: MemberActor[], inboxId: string): Promise<void> {
  const teams = new Map<string, string>()
  for (const name of demoTeams) {
    const memberIds = members.flatMap((member, i) => (demoAgents[i]?.teams.includes(name) ? [member.membershipId] : []))
    teams.set(name, (await createTeam(ctx, { name, memberIds })).id)
  }
  for (const [i, name] of demoLabels.entries()) await createLabel(ctx, { name, colour: demoLabelColours[i] ?? 'grey' })
  await saveRouting(ctx, { rules: demoRules((team) => teams.get(team) ?? null) })
  await updateInbox(ctx, { id: inboxId, ...demoInbox })
}

/** Everybody is there while the story is told, so that work is shared out; afterwards presence is what browsers say. */
async function tellStory(
  ctx: Ctx,
  members: MemberActor[],
  siteKey: string,
  plan: Plan,
  told: (line: string) => void,
): Promise<void> {
  const now = ctx.now()
  const presence = (until: Date | null) =>
    inAccount(ctx, (tx) => tx.membership.updateMany({ data: { onlineUntil: until } }))
  await presence(new Date(now.getTime() + day))
  const labels = await inAccount(ctx, (tx) => tx.label.findMany({ select: { id: true, name: true } }))
  const stage = {
    at: (moment: Date, actor: Ctx['actor']): Ctx => ({ ...ctx, actor, now: () => moment, newId: idsAt(ctx, moment) }),
    members,
    siteKey,
    labels: new Map(labels.map(({ id, name }) => [name, id])),
  }
  let next = 0
  await playDemo(stage, plan, (done) => {
    if (done < next) return
    next += Math.ceil(plan.steps.length / 5)
    told(`${done} of ${plan.steps.length} steps`)
  })
  // A model that was slow for a moment labels what it missed; one that is away leaves it to the worker.
  const acting = (accountId: string): Ctx => ({
    ...ctx,
    accountId,
    actor: { kind: 'system', reason: 'demo' },
    now: () => new Date(now.getTime() + day),
  })
  for (let round = 0; round < 20 && (await labelLater(ctx.services, acting)) > 0; round++);
  await presence(null)
}

/** Ids that sort by the story's time: lists and search read newer ids as newer messages. */
function idsAt(ctx: Ctx, moment: Date): () => string {
  const time = moment.getTime().toString(16).padStart(12, '0')
  return () => `${time.slice(0, 8)}-${time.slice(8)}${ctx.newId().slice(13)}`
}
