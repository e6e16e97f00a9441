/** Arranges messages for reading: days, and runs of one voice. Pure. */
import type { DeskMessage } from '@/lib/features/conversations/transcript'

export type TimelineItem =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'line'; key: string; message: DeskMessage }
  /** `first` and `last` of a run by the same person within a few minutes. */
  | { kind: 'message'; key: string; message: DeskMessage; first: boolean; last: boolean }

/** A longer silence begins a new run, milliseconds. */
const silence = 5 * 60_000

const voiceOf = (message: DeskMessage): string =>
  message.kind === 'activity' ? '' : `${message.kind} ${message.private} ${message.author?.id ?? ''}`

const sameRun = (a: DeskMessage | undefined, b: DeskMessage | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  voiceOf(a) !== '' &&
  voiceOf(a) === voiceOf(b) &&
  Date.parse(b.createdAt) - Date.parse(a.createdAt) < silence &&
  dayOf(a) === dayOf(b)

const dayOf = (message: DeskMessage): string => new Date(message.createdAt).toDateString()

export function timeline(messages: readonly DeskMessage[]): TimelineItem[] {
  const items: TimelineItem[] = []
  for (const [i, message] of messages.entries()) {
    const [before, after] = [messages[i - 1], messages[i + 1]]
    if (!before || dayOf(before) !== dayOf(message))
      items.push({ kind: 'day', key: `day ${dayOf(message)} ${i === 0 ? '' : message.id}`, at: message.createdAt })
    if (message.kind === 'activity') items.push({ kind: 'line', key: message.id, message })
    else
      items.push({
        kind: 'message',
        // A message keeps its place on the page when the server's answer takes over from what was shown while sending.
        key: message.clientId ?? message.id,
        message,
        first: !sameRun(before, message),
        last: !sameRun(message, after),
      })
  }
  return items
}
