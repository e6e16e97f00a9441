/** One change for many tickets: each by its own flow, with its own line in the transcript; one undo for all of them. */
import { AppError, isAppError } from '@/lib/core/errors'
import { canAssign, canReply, requireMember } from '@/lib/features/accounts/permissions'
import type { Changed } from '@/lib/features/conversations/change'
import { listPage } from '@/lib/features/conversations/read'
import type { BulkChange } from '@/lib/features/tickets/input'
import { mostAtOnce } from '@/lib/features/tickets/rules'
import { keepUndo } from '@/lib/features/undo/write'
import type { Ctx, Role } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { assignConversation } from './assign'
import { atOnce } from './at-once'
import { setLabels } from './label-conversation'
import { setPriority } from './set-priority'
import { setStatus } from './set-status'
import { setTeam } from './set-team'
import { isWaiting } from './standing'

/** Names the lines that were written for one ticket, in order. */
export interface DoneChange {
  id: string
  changeIds: string[]
}

export interface BulkDone {
  changed: number
  /** Were as wanted already. */
  unchanged: number
  /** Could not be changed, or in part only: gone, or continued in a newer conversation. */
  refused: number
  /** Gives all of it back; null when nothing changed. */
  undoId: string | null
}

type Labels = ReadonlyMap<string, readonly string[]>

/** The steps of a change for one ticket; nothing else is touched. */
function stepsOf(ctx: Ctx, id: string, change: BulkChange, labels: Labels): (() => Promise<Changed>)[] {
  const { assigneeId, teamId, priority, status, addLabelIds = [], removeLabelIds = [] } = change
  const steps: (() => Promise<Changed>)[] = []
  if (addLabelIds.length || removeLabelIds.length) {
    const had = labels.get(id) ?? []
    const labelIds = [...had.filter((label) => !removeLabelIds.includes(label)), ...addLabelIds]
    steps.push(() => setLabels(ctx, { id, labelIds }))
  }
  if (teamId !== undefined) steps.push(() => setTeam(ctx, { id, teamId }))
  if (assigneeId !== undefined) steps.push(() => assignConversation(ctx, { id, assigneeId }))
  if (priority) steps.push(() => setPriority(ctx, { id, priority }))
  if (status) steps.push(() => setStatus(ctx, { id, status }))
  return steps
}

async function labelsOf(ctx: Ctx, ids: string[], change: BulkChange): Promise<Labels> {
  if (!change.addLabelIds && !change.removeLabelIds) return new Map()
  const { rows } = await listPage(ctx, { status: 'any', ids, limit: ids.length }, null)
  return new Map(rows.map((row) => [row.id, row.labelIds]))
}

/** Asked before the first ticket is touched: a change that names nobody must not be made in part. @throws invalid_input */
async function refuseUnknown(ctx: Ctx, { assigneeId, teamId, addLabelIds = [] }: BulkChange): Promise<void> {
  const refuse = (field: string) => Promise.reject(new AppError('invalid_input', { field }))
  const labelIds = [...new Set(addLabelIds)]
  if (!assigneeId && !teamId && !labelIds.length) return
  if (assigneeId && (await isWaiting(ctx, assigneeId))) await refuse('assigneeId')
  await inAccount(ctx, async (tx) => {
    const where = { id: assigneeId ?? '', disabledAt: null }
    const member = assigneeId ? await tx.membership.findFirst({ where, select: { role: true } }) : null
    if (assigneeId && !(member && canReply({ role: member.role as Role }))) await refuse('assigneeId')
    if (teamId && !(await tx.team.count({ where: { id: teamId } }))) await refuse('teamId')
    const known = labelIds.length ? await tx.label.count({ where: { id: { in: labelIds } } }) : 0
    if (known < labelIds.length) await refuse('labelIds')
  })
}

/** Refusals that concern one ticket only; any other failure means that the change itself is wrong. */
const onlyThisOne = new Set(['not_found', 'conversation_superseded', 'conflict'])

export async function bulkUpdate(ctx: Ctx, input: { ids: string[]; change: BulkChange }): Promise<BulkDone> {
  requireMember(ctx, canAssign)
  const ids = [...new Set(input.ids)]
  if (ids.length > mostAtOnce) throw new AppError('too_many', { limit: mostAtOnce })
  await refuseUnknown(ctx, input.change)
  const labels = await labelsOf(ctx, ids, input.change)
  const done: DoneChange[] = []
  const outcomes = await atOnce(ids, async (id) => {
    const changeIds: string[] = []
    try {
      for (const step of stepsOf(ctx, id, input.change, labels)) {
        const { changeId } = await step()
        if (changeId) changeIds.push(changeId)
      }
    } finally {
      if (changeIds.length) done.push({ id, changeIds })
    }
  })
  // What was done can be taken back even when the rest failed.
  const undoId = done.length ? await inAccount(ctx, (tx) => keepUndo(tx, ctx, 'tickets', { changes: done })) : null
  const failures = outcomes.filter(Boolean)
  const wrong = failures.find((error) => !isAppError(error) || !onlyThisOne.has(error.code))
  if (wrong && !done.length) throw wrong
  if (wrong) ctx.services.log.warn({ err: wrong }, 'a bulk action could not finish')
  const refused = failures.length
  // A ticket that was changed in part counts as refused: it is not what was asked for.
  const changed = done.filter(({ id }) => !outcomes[ids.indexOf(id)]).length
  return { changed, unchanged: ids.length - changed - refused, refused, undoId }
}
