/** Labels messages whose model was slow or away when they came; they have been in front of people all the while. */
import { labelColumns } from '../features/conversations/ingest'
import { about } from '../features/conversations/sealed'
import { nextTurn, routingTable } from '../features/routing/read'
import { decideRoute } from '../features/routing/rules'
import type { Ctx, Services } from '../platform/context'
import { contactBox } from '../platform/crypto/keyring'
import { asSystem } from '../platform/db/as-system'
import { callInAccount, inAccount } from '../platform/db/in-account'
import { mayLabel } from './standing'
import { tellUsedUp } from './tell-used-up'
import { understand } from './understand'

/** Messages per round, and how long one label may take here, milliseconds. */
const round = 200
const patience = 5_000
/** Younger messages may still be on their way through receive-message, milliseconds. */
const settle = 1_000

/** Labels what waits; returns how many were labelled. Safe to run in several processes: a label is written once. */
export async function labelLater(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  // A model that was away is asked one small thing before texts are opened for it; nobody else in this process asks.
  const away = services.classifier.state() === 'away'
  if (away && !(await services.classifier.classify({ text: 'hello', bundle: 'base' }, patience))) return 0
  const before = new Date(ctxOf('').now().getTime() - settle)
  const waiting = await asSystem(services, 'find messages without labels', (tx) =>
    tx.message.findMany({
      where: { labelState: 'pending', createdAt: { lt: before } },
      select: { accountId: true, id: true },
      orderBy: { createdAt: 'asc' },
      take: round,
    }),
  )
  // Map.groupBy would be shorter; Node 20 does not have it.
  const byAccount = new Map<string, typeof waiting>()
  for (const row of waiting) byAccount.set(row.accountId, [...(byAccount.get(row.accountId) ?? []), row])
  let labelled = 0
  for (const [accountId, rows] of byAccount) {
    // One account's trouble must not keep the others' messages waiting.
    labelled += await labelAccount(
      ctxOf(accountId),
      rows.map((row) => row.id),
    ).catch((error) => {
      services.log.warn({ accountId, reason: String(error) }, 'messages of an account could not be labelled')
      return 0
    })
  }
  return labelled
}

async function labelAccount(ctx: Ctx, ids: string[]): Promise<number> {
  // The plan's labels are used up: people have these messages, and nothing waits for the next month.
  if (!(await mayLabel(ctx))) {
    await leaveUnlabelled(ctx, ids)
    await tellUsedUp(ctx)
    return 0
  }
  const messages = await inAccount(ctx, (tx) =>
    tx.message.findMany({ where: { id: { in: ids } }, select: { id: true, contactId: true, body: true } }),
  )
  const texts = await Promise.all(messages.map((message) => textOf(ctx, message)))
  await leaveUnlabelled(
    ctx,
    messages.flatMap(({ id }, i) => (texts[i] === '' ? [id] : [])),
  )
  const table = await routingTable(ctx)
  const answers = await Promise.all(
    texts.map((text, at) => (text ? understand(ctx, text, patience, messages[at]?.contactId) : null)),
  )
  const labels = answers.flatMap((label, i) => {
    const message = messages[i]
    if (!label || !message) return []
    const route = decideRoute(label, table.rules, table.teams, nextTurn(ctx.accountId))
    return [{ message_id: message.id, ...labelColumns(label, route) }]
  })
  if (!labels.length) return 0
  const call = { name: 'label_messages', text: 'SELECT label_messages($1, $2::jsonb) AS n' }
  const [row] = await callInAccount<{ n: number }>(ctx.services, call, [ctx.accountId, JSON.stringify(labels)])
  ctx.services.bus.wake(ctx.accountId)
  return row?.n ?? 0
}

/** Files alone say nothing that could be labelled, nor does a text that cannot be opened; a plan may have no more labels. */
async function leaveUnlabelled(ctx: Ctx, ids: string[]): Promise<void> {
  if (!ids.length) return
  const where = { id: { in: ids }, labelState: 'pending' }
  await inAccount(ctx, (tx) => tx.message.updateMany({ where, data: { labelState: 'none' } }))
}

async function textOf(
  ctx: Ctx,
  message: { id: string; contactId: string | null; body: Uint8Array | null },
): Promise<string> {
  if (!message.body || !message.contactId) return ''
  const box = await contactBox(ctx, message.contactId)
  try {
    return box.open(message.body, about.body(message.id))
  } catch {
    ctx.services.log.warn({ messageId: message.id }, 'a message cannot be opened and stays without a label')
    return ''
  }
}
