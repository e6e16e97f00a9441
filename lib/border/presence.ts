/** Keeps a member's presence alive while any of their desks has its stream open in this process. */
import { bePresent, presenceHolds } from '../flows/be-present'
import type { Ctx } from '../platform/context'
import type { SseStream } from './sse'

interface Present {
  streams: number
  timer: NodeJS.Timeout
}

const present = new Map<string, Present>()

export function keepPresent(ctx: Ctx, stream: SseStream): void {
  if (ctx.actor.kind !== 'member') return
  const id = `${ctx.accountId} ${ctx.actor.membershipId}`
  const note = (leaving = false) =>
    bePresent(ctx, leaving).catch((error) => ctx.services.log.debug({ err: error }, 'presence is written again soon'))
  const known = present.get(id)
  if (known) known.streams++
  else present.set(id, { streams: 1, timer: setInterval(note, (presenceHolds / 3) * 1_000).unref() })
  void note()
  stream.onClose(() => {
    const entry = present.get(id)
    if (!entry || --entry.streams > 0) return
    clearInterval(entry.timer)
    present.delete(id)
    void note(true)
  })
}
