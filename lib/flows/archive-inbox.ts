/** An inbox is put away: its widget falls silent, its conversations stay. Putting it back is the same act reversed. */
import type { Ctx } from '@/lib/platform/context'
import { updateInbox } from './update-inbox'

export const archiveInbox = (ctx: Ctx, { id }: { id: string }): Promise<void> =>
  updateInbox(ctx, { id, archived: true })

export const restoreInbox = (ctx: Ctx, { id }: { id: string }): Promise<void> =>
  updateInbox(ctx, { id, archived: false })
