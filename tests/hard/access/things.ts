/** One of everything that an account can have, made through the product's own flows; and names of things that nobody has. */
import { newId } from '@/lib/core/ids'
import { attachAsMember, attachAsVisitor } from '@/lib/flows/attach-file'
import { importExamples, writeExample } from '@/lib/flows/change-examples'
import { createIntent } from '@/lib/flows/change-intents'
import { changePlan } from '@/lib/flows/change-plan'
import { createWebhook, testWebhook } from '@/lib/flows/change-webhooks'
import { correctLabel } from '@/lib/flows/correct-label'
import { createInbox } from '@/lib/flows/create-inbox'
import { createLabel } from '@/lib/flows/create-label'
import { createTeam } from '@/lib/flows/create-team'
import { deleteLabel } from '@/lib/flows/delete-label'
import { inviteMember } from '@/lib/flows/invite-member'
import { readDatasets } from '@/lib/flows/read-datasets'
import { readLearning } from '@/lib/flows/read-learning'
import { receiveMessage } from '@/lib/flows/receive-message'
import { setPriority } from '@/lib/flows/set-priority'
import { startTraining } from '@/lib/flows/start-training'
import type { Ctx } from '@/lib/platform/context'
import { createLearningKit, linesOf } from '../../db/learning/kit'
import type { Shop } from '../../db/settings/kit'
import { png } from '../../kit/sample-files'
import { type AccessHouse, openAccessHouse } from './house'

const kinds = [
  'conversation',
  'message',
  'contact',
  'label',
  'team',
  'inbox',
  'member',
  'invitation',
  'example',
  'intent',
  'undo',
  'correction',
  'change',
  'file',
  'draft',
  'run',
  'dataset',
  'version',
  'session',
  'mail',
  'webhook',
  'delivery',
] as const
export type Thing = (typeof kinds)[number]
export type Things = Record<Thing, string>

/** Written into texts of each account: wherever it turns up in another account's answer, something was let through. */
export const canary = (shop: Shop): string => `canary-of-${shop.slug}`

/** Names of things that exist nowhere. */
export const nothings = (): Things =>
  ({ ...Object.fromEntries(kinds.map((kind) => [kind, newId()])), intent: 'nobody_made_this' }) as Things

export interface FullHouse extends AccessHouse {
  mine: Things
  theirs: Things
}

/** The house with one of everything in both accounts. @param learns false leaves out what training makes */
export async function openFullHouse(learns = true): Promise<FullHouse> {
  let work = async () => false
  const house = await openAccessHouse(async () => {
    const kit = await createLearningKit()
    work = () => kit.work()
    return kit
  })
  await changePlan(house.rival.as.owner, { plan: 'business', interval: 'month', currency: 'usd' })
  const train = (shop: Shop) => (learns ? trained(shop.as.owner, work) : Promise.resolve(newId()))
  const mine = await makeThings(house, house.shop, train)
  const theirs = await makeThings(house, house.rival, train)
  if (!learns) return { ...house, mine, theirs }
  // Runs that wait are made last: the worker would take them first.
  for (const [shop, things] of [
    [house.shop, mine],
    [house.rival, theirs],
  ] as const) {
    things.run = (await startTraining(shop.as.owner)).id
    things.dataset = (await readDatasets(shop.as.owner)).datasets[0]?.id as string
  }
  return { ...house, mine, theirs }
}

async function makeThings(house: AccessHouse, shop: Shop, train: (shop: Shop) => Promise<string>): Promise<Things> {
  const { owner } = shop.as
  const word = canary(shop)
  const { conversationId, from } = await shop.write(`refund normal: ${word}`)
  const visitor: Ctx = { ...owner, actor: { kind: 'visitor', ...from } }
  const file = await attachAsVisitor(visitor, { name: `${word}.png`, bytes: png() })
  await receiveMessage(visitor, { clientId: newId(), text: '', attachments: [file.id] })
  const draft = await attachAsMember(owner, { id: conversationId, name: `${word}.png`, bytes: png() })
  const message = await idIn(
    house,
    `SELECT id FROM message WHERE conversation_id = $1 ORDER BY sequence LIMIT 1`,
    conversationId,
  )
  const { correctionId } = await correctLabel(owner, { messageId: message, field: 'urgency', value: 'low' })
  const { changeId } = await setPriority(owner, { id: conversationId, priority: 'high' })
  const gone = await createLabel(owner, { name: `${word} gone`, colour: 'blue' })
  const version = await train(shop)
  const webhook = await createWebhook(owner, {
    url: `https://${word}.example/`,
    description: word,
    events: ['message.created'],
  })
  return {
    conversation: conversationId,
    // Of a conversation of its own: what goes with them is nobody else's.
    contact: (await shop.write(`refund normal: ${word} again`)).from.contactId,
    message,
    file: file.id,
    draft: draft.id,
    correction: correctionId as string,
    change: changeId as string,
    undo: (await deleteLabel(owner, gone)).undoId,
    label: (await createLabel(owner, { name: word, colour: 'green' })).id,
    team: (await createTeam(owner, { name: word, memberIds: [shop.members.agent] })).id,
    inbox: (await createInbox(owner, { name: word })).id,
    invitation: (await inviteMember(owner, { email: `${word}@invited.example`, role: 'agent' })).id,
    member: await spareMember(house, shop),
    example: (await writeExample(owner, { text: `${word} of an example`, intent: 'refund' })).id,
    intent: (await createIntent(owner, { name: `${shop.slug} own`, description: word })).key,
    version,
    run: '',
    dataset: '',
    session: await sessionOf(house, (owner.actor as { userId: string }).userId),
    mail: await heldMail(house, `${word}@invited.example`),
    webhook: webhook.id,
    delivery: (await testWebhook(owner, webhook)).id,
  }
}

async function idIn(house: AccessHouse, sql: string, value: string): Promise<string> {
  const { rows } = await house.owner.query(sql, [value])
  return rows[0].id
}

async function trained(owner: Ctx, work: () => Promise<boolean>): Promise<string> {
  await importExamples(owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 40)))
  await startTraining(owner)
  await work()
  return (await readLearning(owner)).versions[0]?.id as string
}

async function spareMember(house: AccessHouse, shop: Shop): Promise<string> {
  const [userId, id] = [newId(), newId()]
  await house.owner.query('INSERT INTO "user" (id, email, name) VALUES ($1, $2, $3)', [
    userId,
    `${userId}@spare.example`,
    'Spare',
  ])
  await house.owner.query(`INSERT INTO membership (account_id, id, user_id, role) VALUES ($1, $2, $3, 'agent')`, [
    shop.accountId,
    id,
    userId,
  ])
  return id
}

async function sessionOf(house: AccessHouse, userId: string): Promise<string> {
  await house.signIn(userId)
  return idIn(house, 'SELECT id FROM user_session WHERE user_id = $1 ORDER BY id DESC LIMIT 1', userId)
}

async function heldMail(house: AccessHouse, to: string): Promise<string> {
  const { rows } = await house.owner.query(`UPDATE mail SET state = 'held' WHERE "to" = $1 RETURNING id`, [to])
  return rows[0].id
}
