/** How lists and transcripts are put together from what the server says. */
import { expect, test } from 'vitest'
import {
  byActivity,
  continues,
  mergeMessages,
  mergeRows,
  withoutChange,
} from '@/app/(desk)/[account]/inbox/_data/merge'
import { routedMessage } from '@/app/(desk)/[account]/inbox/_data/routed'
import { timeline } from '@/app/(desk)/[account]/inbox/_data/timeline'
import type { ConversationRow } from '@/lib/features/conversations/row'
import type { DeskMessage } from '@/lib/features/conversations/transcript'

const row = (id: string, minute: number) =>
  ({ id, lastActivityAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString() }) as ConversationRow
const ids = (pages: { rows: ConversationRow[] }[]) => pages.flatMap((page) => page.rows.map((each) => each.id))

test('rows that moved stand where they belong, those that left are gone, those beyond the last page wait', () => {
  const pages = [
    { rows: [row('e', 50), row('d', 40)], next: 'x' },
    { rows: [row('c', 30), row('b', 20)], next: 'y' },
  ]
  const asked = new Set(['b', 'd', 'z', 'a'])
  expect(ids(mergeRows(pages, asked, [row('b', 60), row('z', 35), row('a', 5)]))).toEqual(['b', 'e', 'z', 'c'])
  // With nothing beyond, the oldest has its place too.
  const last = pages.map((page) => ({ ...page, next: null }))
  expect(ids(mergeRows(last, new Set(['a']), [row('a', 5)]))).toEqual(['e', 'd', 'c', 'b', 'a'])
  expect(ids(mergeRows([{ rows: [], next: null }], new Set(['a']), [row('a', 5)]))).toEqual(['a'])
})

test('a refused change is taken back where it still shows, and nothing that came meanwhile', () => {
  const before = { status: 'open', labels: ['a'], unread: false, preview: 'old' }
  const changed = { ...before, status: 'resolved', labels: ['a', 'b'] }
  const copy = { ...changed, labels: [...changed.labels] }
  expect(withoutChange({ ...copy, unread: true, preview: 'new' }, before, changed)).toEqual({
    ...before,
    unread: true,
    preview: 'new',
  })
  // Somebody else's word is newer than ours.
  expect(withoutChange({ ...copy, status: 'snoozed' }, before, changed)).toEqual({ ...before, status: 'snoozed' })
})

test('equal moments are ordered by id, as in the database', () => {
  expect([row('a', 1), row('c', 1), row('b', 1)].sort(byActivity).map((each) => each.id)).toEqual(['c', 'b', 'a'])
})

const message = (sequence: number, more: Partial<DeskMessage> = {}): DeskMessage => ({
  id: `m${sequence}`,
  sequence,
  kind: 'incoming',
  private: false,
  author: null,
  clientId: null,
  text: 'x',
  activity: null,
  createdAt: new Date(2026, 0, 5, 12, sequence).toISOString(),
  labelState: 'labelled',
  prediction: null,
  corrections: [],
  flag: null,
  attachments: [],
  ...more,
})

test('messages are one per id, in sequence order, the later answer winning', () => {
  const merged = mergeMessages([message(1), message(3)], [message(3, { text: 'new' }), message(2)], 'm1')
  expect(merged.map((each) => [each.id, each.text])).toEqual([
    ['m2', 'x'],
    ['m3', 'new'],
  ])
})

test('a fresh newest page that does not reach what is there would leave a hole', () => {
  expect(continues([message(1), message(9)], [message(8), message(9), message(10)], true)).toBe(true)
  expect(continues([message(1), message(5)], [message(8), message(9)], true)).toBe(false)
  expect(continues([message(1), message(5)], [message(8)], false)).toBe(true)
})

test('a timeline has its days, and runs of one voice', () => {
  const items = timeline([
    message(1),
    message(2),
    message(3, { kind: 'outgoing', author: { id: 'a', name: 'A' } }),
    message(4, { kind: 'outgoing', author: { id: 'a', name: 'A' }, private: true }),
    message(5, { kind: 'activity' }),
    message(20),
    message(21, { createdAt: new Date(2026, 0, 6, 0, 1).toISOString() }),
  ])
  expect(
    items.map((item) =>
      item.kind === 'message' ? `${item.message.sequence}${item.first ? '[' : ''}${item.last ? ']' : ''}` : item.kind,
    ),
  ).toEqual(['day', '1[', '2]', '3[]', '4[]', 'line', '20[]', 'day', '21[]'])
  expect(new Set(items.map((item) => item.key)).size).toBe(items.length)
})

test('the reason stands beside the message it rests on', () => {
  const said = (intent: string, intentProbability: number) =>
    ({ intent, intentProbability }) as NonNullable<DeskMessage['prediction']>
  const messages = [
    message(1, { prediction: said('refund', 0.5) }),
    message(2, { prediction: said('refund', 0.88) }),
    message(3, { prediction: said('thanks', 0.9) }),
  ]
  const route = (evidence: object[]) => ({ because: 'rule', evidence })
  const refund = { field: 'intent', label: 'refund', probability: 0.8800001 }
  expect(routedMessage(messages, route([refund]))).toBe('m2')
  expect(routedMessage(messages, route([]))).toBe('m3')
  expect(routedMessage(messages, null)).toBeNull()
  expect(routedMessage([message(1)], route([refund]))).toBeNull()
})
