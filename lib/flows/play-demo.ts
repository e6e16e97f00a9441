/** Plays the demo shop's story: every step is the flow that a visitor or an agent would have called, at its own time. */

import { drawParcel } from '@/lib/features/demo/photo'
import type { Act, Plan, Step, Thread, Visitor } from '@/lib/features/demo/plan'
import { readEffective } from '@/lib/features/predictions/corrections'
import type { Ctx, MemberActor } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { addNote } from './add-note'
import { assignConversation } from './assign'
import { attachAsVisitor } from './attach-file'
import { correctLabel } from './correct-label'
import { setLabels } from './label-conversation'
import { openSession } from './open-session'
import { receiveMessage } from './receive-message'
import { reply } from './reply'
import { setPriority } from './set-priority'
import { setStatus } from './set-status'
import { snoozeConversation } from './snooze'

export interface Stage {
  /** A context of the account at a moment, for somebody who acts. */
  at(moment: Date, actor: Ctx['actor']): Ctx
  members: MemberActor[]
  siteKey: string
  /** Label name → id. */
  labels: ReadonlyMap<string, string>
}

interface Playing {
  stage: Stage
  plan: Plan
  sessions: Map<number, Promise<Ctx['actor']>>
  /** Conversation of a thread, and its first message. */
  conversations: Map<number, { id: string; first: string }>
}

const photoNames = { en: 'parcel.png', 'zh-CN': '包裹.png' }
let drawn: Buffer | undefined
const photoBytes = () => (drawn ??= drawParcel())

/** Steps of different people that follow each other closely are played side by side. */
const abreast = 4

/** @param told hears how many steps are done */
export async function playDemo(stage: Stage, plan: Plan, told: (done: number) => void): Promise<void> {
  const playing: Playing = { stage, plan, sessions: new Map(), conversations: new Map() }
  for (let from = 0; from < plan.steps.length; ) {
    const group: Step[] = []
    const busy = new Set<number>()
    for (let at = from; at < plan.steps.length && group.length < abreast; at++) {
      const step = plan.steps[at] as Step
      const { visitor } = plan.threads[step.thread] as Thread
      if (busy.has(visitor)) break
      busy.add(visitor)
      group.push(step)
    }
    await Promise.all(group.map((step) => play(playing, step)))
    from += group.length
    told(from)
  }
}

function session({ stage, plan, sessions }: Playing, number: number, moment: Date): Promise<Ctx['actor']> {
  let actor = sessions.get(number)
  if (!actor) {
    const { language, name, email, page } = plan.visitors[number] as Visitor
    const ctx = { ...stage.at(moment, { kind: 'system', reason: 'demo' }), locale: language }
    const identity = name ? { name, email } : undefined
    const request = {
      siteKey: stage.siteKey,
      page: `https://cloudmountain.example${page}`,
      identity,
      origin: undefined,
      host: undefined,
    }
    actor = openSession(ctx, request).then(({ contactId, sessionId, inbox }) => ({
      kind: 'visitor',
      contactId,
      sessionId,
      inboxId: inbox.id,
    }))
    sessions.set(number, actor)
  }
  return actor
}

async function play(playing: Playing, { thread, at, act }: Step): Promise<void> {
  const { stage, plan, conversations } = playing
  const { scene, visitor, language } = plan.threads[thread] as Thread
  if (act.kind === 'say') {
    const actor = await session(playing, visitor, at)
    const ctx = stage.at(at, actor)
    const photo = act.photo ? await attachAsVisitor(ctx, { name: photoNames[language], bytes: photoBytes() }) : null
    const attachments = photo ? [photo.id] : []
    const { received } = await receiveMessage(ctx, { clientId: ctx.newId(), text: act.text, attachments })
    const known = conversations.get(thread)
    conversations.set(thread, { id: received.conversationId, first: known?.first ?? received.id })
    return
  }
  const here = conversations.get(thread)
  if (here)
    await work(stage.at(at, stage.members[act.by] as MemberActor), here, act, {
      stage,
      intent: scene.intent,
      sentiment: scene.sentiment,
    })
}

interface Truth {
  stage: Stage
  intent: string
  sentiment: string
}

async function work(
  ctx: Ctx,
  { id, first }: { id: string; first: string },
  act: Exclude<Act, { kind: 'say' }>,
  truth: Truth,
): Promise<void> {
  switch (act.kind) {
    case 'reply':
      return void (await reply(ctx, { id, clientId: ctx.newId(), text: act.text }))
    case 'note':
      return void (await addNote(ctx, { id, clientId: ctx.newId(), text: act.text }))
    case 'take':
      return void (await assignConversation(ctx, { id, assigneeId: (ctx.actor as MemberActor).membershipId }))
    case 'label':
      return void (await setLabels(ctx, {
        id,
        labelIds: act.names.flatMap((name) => truth.stage.labels.get(name) ?? []),
      }))
    case 'raise':
      return void (await setPriority(ctx, { id, priority: 'urgent' }))
    case 'resolve':
      return void (await setStatus(ctx, { id, status: 'resolved' }))
    case 'wait':
      return void (await setStatus(ctx, { id, status: 'pending' }))
    case 'snooze':
      return void (await snoozeConversation(ctx, { id, until: act.until }))
    case 'correct':
      return correct(ctx, first, act.chance, truth)
  }
}

/** Most wrong labels are put right, a few right ones confirmed: what agents in a hurry really do. */
async function correct(ctx: Ctx, messageId: string, chance: number, truth: Truth): Promise<void> {
  const fields = ['intent', 'sentiment'] as const
  const known = await inAccount(ctx, async (tx) => [
    await readEffective(tx, messageId, 'intent'),
    await readEffective(tx, messageId, 'sentiment'),
  ])
  for (const [i, field] of fields.entries()) {
    const said = known[i] as (typeof known)[number]
    if (said.value === null || said.corrected) continue
    const wrong = said.value !== truth[field]
    if (wrong ? chance < 0.7 : chance < 0.05) await correctLabel(ctx, { messageId, field, value: truth[field] })
  }
}
