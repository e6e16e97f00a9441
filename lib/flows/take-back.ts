/** Takes back what one press did: brings back what was deleted, undoes a bulk action ticket by ticket, or labels of many messages. */
import { isAppError } from '@/lib/core/errors'
import {
  canCorrect,
  canManageInboxes,
  canManageLabels,
  canManageTeams,
  canReply,
  canTrain,
  type Question,
  requireMember,
} from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { forgetInboxes } from '@/lib/features/inboxes/read'
import { putSecret } from '@/lib/features/inboxes/write'
import { type RemovedLabel, restoreLabel } from '@/lib/features/labels/write'
import { forgetChampion } from '@/lib/features/learning/champion'
import type { Removed } from '@/lib/features/learning/examples-back'
import { forgetRouting } from '@/lib/features/routing/read'
import { type RemovedTeam, restoreTeam } from '@/lib/features/teams/write'
import { readUndo, type TakenBack, takeUndo, type UndoKind } from '@/lib/features/undo/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { atOnce } from './at-once'
import type { DoneChange } from './bulk-update'
import { takeBackRemoval } from './change-examples'
import { type Merge, type Switched, takeBackMerge, takeBackSwitch } from './change-intents'
import { type LabelledPress, takeBackLabels } from './label-messages'
import { type Move, takeBackMove } from './move-examples'
import { refuseTaken } from './refuse-taken'
import { takeBackImport } from './take-back-import'
import { undoChange } from './undo-change'

/** Whoever may no longer make such a change does not get to take one back either. */
const questions: Record<UndoKind, Question> = {
  tickets: canReply,
  label: canManageLabels,
  team: canManageTeams,
  identity_secret: canManageInboxes,
  labelled: canCorrect,
  moved: canTrain,
  merged: canTrain,
  builtin: canTrain,
  removed: canTrain,
  imported: canCorrect,
}

/** Only for whoever made the change, once, within a day. @throws not_found, name_taken */
export async function takeBack(ctx: Ctx, { id }: { id: string }): Promise<TakenBack> {
  requireMember(ctx, canReply)
  const taken = await inAccount(ctx, async (tx) => {
    const { kind, data } = await readUndo(tx, ctx, id)
    requireMember(ctx, questions[kind])
    // Larger than one transaction has time for: it is used when all of it is back.
    if (kind === 'imported') return { kind, data, learned: null }
    await takeUndo(tx, ctx, id)
    if (kind === 'label') {
      const label = data as RemovedLabel
      await restoreLabel(tx, ctx, label)
      await tell(tx, ctx, { type: 'account.updated', data: { part: 'labels' } })
      await record(tx, ctx, { act: 'label.restored', thingId: label.id, facts: { name: label.name } })
    }
    if (kind === 'team') {
      const team = data as RemovedTeam
      await restoreTeam(tx, ctx, team)
      await tell(tx, ctx, { type: 'account.updated', data: { part: 'teams' } })
      await record(tx, ctx, { act: 'team.restored', thingId: team.id, facts: { name: team.name } })
    }
    if (kind === 'identity_secret') {
      const { inboxId, before } = data as { inboxId: string; before: string }
      await putSecret(tx, ctx, inboxId, Buffer.from(before, 'base64'))
      await tell(tx, ctx, { type: 'inbox.updated', data: { inboxId } })
      await record(tx, ctx, { act: 'inbox.secret_restored', thingId: inboxId })
    }
    return { kind, data, learned: await takeBackLearned(tx, ctx, kind, data) }
  }).catch(refuseTaken)
  if (taken.kind === 'imported') return takeBackImport(ctx, id, taken.data)
  forgetRouting(ctx.accountId)
  forgetInboxes()
  if (taken.learned) {
    forgetChampion(ctx.accountId)
    return taken.learned
  }
  return taken.kind === 'tickets' ? undoTickets(ctx, taken.data as { changes: DoneChange[] }) : { restored: 1, kept: 0 }
}

/** What was said for models to learn; null for anything else. */
async function takeBackLearned(tx: Tx, ctx: Ctx, kind: UndoKind, data: unknown): Promise<TakenBack | null> {
  if (kind === 'labelled') return takeBackLabels(tx, ctx, data as LabelledPress)
  if (kind === 'moved') return takeBackMove(tx, ctx, data as Move)
  if (kind === 'merged') return takeBackMerge(tx, ctx, data as Merge)
  if (kind === 'builtin') return takeBackSwitch(tx, ctx, data as Switched)
  if (kind === 'removed') return takeBackRemoval(tx, ctx, data as Removed)
  return null
}

/** Tickets that somebody has changed since stay as they are. */
async function undoTickets(ctx: Ctx, { changes }: { changes: DoneChange[] }): Promise<TakenBack> {
  const outcomes = await atOnce(changes, async ({ id, changeIds }) => {
    // The last change first: each restores what it found.
    for (const changeId of [...changeIds].reverse()) await undoChange(ctx, { id, changeId })
  })
  const unexpected = outcomes.find((outcome) => outcome && !isAppError(outcome))
  if (unexpected) throw unexpected
  const kept = outcomes.filter(Boolean).length
  return { restored: changes.length - kept, kept }
}
