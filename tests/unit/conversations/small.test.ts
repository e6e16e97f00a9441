/** The small pure parts of the desk: addresses, cursors, moments, lines, intents. */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { longestText as shownLimit } from '@/app/(desk)/[account]/inbox/_data/limits'
import { snoozeTimes, toLocalInput } from '@/app/(desk)/[account]/inbox/_data/snooze-times'
import { formatView, parseView, queryOf } from '@/app/(desk)/[account]/inbox/_data/view'
import { formatWait } from '@/app/(desk)/[account]/inbox/_data/wait'
import { addressOf, paramsOf, parseView as parseTickets } from '@/app/(desk)/[account]/tickets/_data/view'
import { longestText } from '@/lib/core/text'
import { lineOf } from '@/lib/features/conversations/activity'
import { readCursor, writeCursor } from '@/lib/features/conversations/cursor'
import { listInput, snoozeInput, transcriptInput } from '@/lib/features/conversations/input'
import { intents } from '@/lib/features/intents/builtin'
import { ticketFilter } from '@/lib/features/tickets/input'
import en from '@/lib/words/en/intents.json'

const view = (text: string) => parseView(new URLSearchParams(text))

test('a view goes into an address and back', () => {
  for (const text of ['', '?tab=mine', '?tab=resolved&q=%E9%80%80%E6%AC%BE', '?priority=urgent&sentiment=negative'])
    expect(formatView(view(text))).toBe(text)
  expect(view('?tab=nonsense&other=1')).toEqual({ tab: 'all', q: '', filters: {} })
})

const id = '01a209e4-c213-752b-8b3a-d525e20049e9'
test('an address says what the API takes; any other word is no filter', () => {
  const good = `?status=any&priority=low&team=none&label=${id}&intent=refund&sentiment=neutral&needsPerson=true`
  expect(formatView(view(good))).toBe(good)
  expect(listInput.safeParse(queryOf(view(good))).success).toBe(true)
  const bad = `?status=foo&priority=1&team=me&label=none&intent=${'x'.repeat(81)}&sentiment=sad&needsPerson=false`
  expect(view(bad).filters).toEqual({})
  expect(view('?status=constructor&team=01a209e4').filters).toEqual({})
})

test('the ticket table, too, and of several words takes the known ones', () => {
  const tickets = (text: string) => parseTickets(new URLSearchParams(text))
  const good = `?status=open,pending&priority=low&owner=me,none,${id}&team=none&label=${id}&intent=refund&sentiment=neutral`
  expect(addressOf(tickets(good))).toBe(good)
  expect(ticketFilter.safeParse(paramsOf(tickets(good))).success).toBe(true)
  expect(tickets('?status=any,open,foo&owner=you&team=me&label=1').filters).toEqual({ status: ['open'] })
})

test('a search in the first list looks at every status', () => {
  expect(queryOf(view('?q=tea'))).toEqual({ tab: 'all', q: 'tea', status: 'any' })
  expect(queryOf(view('?q=tea&status=open'))).toMatchObject({ status: 'open' })
  expect(queryOf(view('?q=tea&tab=mine'))).toEqual({ tab: 'mine', q: 'tea' })
})

test('cursors come back as they went; anything else is refused', () => {
  const id = '01a209e4-c213-752b-8b3a-d525e20049e9'
  for (const cursor of [
    { kind: 'list', at: new Date('2026-11-23T20:26:46.563Z'), id },
    { kind: 'search', hit: id },
  ] as const)
    expect(readCursor(writeCursor(cursor))).toEqual(cursor)
  for (const text of ['', 'AAAA', '{}', Buffer.from(`q.${id}`).toString('base64url')])
    expect(() => readCursor(text)).toThrow('invalid_input')
})

test('snooze offers moments of the reader’s day, none of them twice or nearly now', () => {
  const names = (date: Date) => snoozeTimes(date).map((each) => each.name)
  expect(names(new Date(2026, 10, 25, 10))).toEqual(['hour', 'evening', 'tomorrow', 'monday', 'week'])
  expect(names(new Date(2026, 10, 25, 17))).not.toContain('evening')
  // On a Monday, "in a week" is "next Monday"; on a Sunday, "tomorrow" is.
  expect(names(new Date(2026, 10, 23, 10))).toEqual(['hour', 'evening', 'tomorrow', 'monday'])
  expect(names(new Date(2026, 10, 22, 10))).toEqual(['hour', 'evening', 'tomorrow', 'week'])
  for (const { until } of snoozeTimes(new Date(2026, 1, 28, 23, 59)))
    expect(until.getTime()).toBeGreaterThan(new Date(2026, 1, 28, 23, 59).getTime())
  expect(toLocalInput(new Date(2026, 0, 5, 9, 7))).toBe('2026-01-05T09:07')
})

test('waiting is said in one short word', () => {
  expect([0.2, 12.9, 61, 60 * 50].map((minutes) => formatWait(minutes, 'en'))).toEqual(['1m', '12m', '1h', '2d'])
  expect(formatWait(12, 'zh-CN')).toBe('12分钟')
})

test('a line shows nothing that only undo needs', () => {
  expect(lineOf({ type: 'priority', from: 'low', to: 'high', was: { priority: 'low' }, set: {} })).toEqual({
    type: 'priority',
    from: 'low',
    to: 'high',
  })
  expect(lineOf(null)).toBeNull()
  expect(lineOf({})).toBeNull()
})

test('input has its limits', () => {
  expect(listInput.parse({})).toEqual({ tab: 'all', limit: 30 })
  expect(listInput.safeParse({ limit: '101' }).success).toBe(false)
  expect(listInput.safeParse({ ids: 'x' }).success).toBe(false)
  expect(listInput.parse({ ids: '', needsPerson: 'true' })).toMatchObject({ ids: [], needsPerson: true })
  expect(transcriptInput.safeParse({ before: '0' }).success).toBe(false)
  expect(snoozeInput.safeParse({ until: 'tomorrow' }).success).toBe(false)
  expect(snoozeInput.parse({ until: '2026-12-01T09:00:00+01:00' }).until.toISOString()).toBe('2026-12-01T08:00:00.000Z')
})

test('the composer knows the server’s limit', () => expect(shownLimit).toBe(longestText))

test('every intent the shipped model is taught can be chosen, and has words', () => {
  const folder = resolve('models/base/corpus/intents')
  const taught = new Set(
    readdirSync(folder).flatMap((file) =>
      [...readFileSync(resolve(folder, file), 'utf8').matchAll(/^== (\w+) (?:en|zh)/gm)].map((match) => match[1]),
    ),
  )
  expect(intents.map((intent) => intent.id).sort()).toEqual([...taught].sort())
  expect(Object.keys(en.name).sort()).toEqual([...taught].sort())
})
