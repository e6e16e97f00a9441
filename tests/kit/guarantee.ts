/** What the tests of docs/guarantees.md share: how much to do (all of it, or a smoke part), and the line that each prints. */
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** `npm run test:hard -- --long` sets this: as much as was ever wished for, in however many minutes it takes. */
export const long = process.env.LINGXI_HARD === 'long'
/** `npm run test:hard` sets this; `npm test` leaves it out and runs a smoke part of the same tests. */
export const whole = long || process.env.LINGXI_HARD === '1'

/**
 * How many rounds, rows or payloads: all of them, or as many as a second or two allow.
 *
 * @param wished where all of them do not fit into the minutes of a full run
 */
export function amount(all: number, smoke: number, wished = all): number {
  if (long) return wished
  return whole ? all : smoke
}

/** Where the lines of a run are gathered; the launcher clears it before and prints it after. */
const lines = resolve('.build/test-results/guarantees.txt')

/**
 * One line of the report: call it after the assertions, so that a line means that they held.
 *
 * @param name number and name as in docs/guarantees.md, such as "1 app killed under ingest"
 * @param figure what was seen, with counts and units, such as "50 kills, 20,412 accepted, 0 lost, 0 doubled"
 */
export function held(name: string, figure: string): void {
  mkdirSync(dirname(lines), { recursive: true })
  appendFileSync(lines, `${name}: ${figure}\n`)
}

/**
 * A promised limit, milliseconds, on this machine now: on one of its own the limit itself, on one that others use too as much
 * longer as a piece of work takes longer by the clock than on the processor.
 */
export function stretched(limit: number): number {
  const [before, began] = [process.cpuUsage(), performance.now()]
  const used = () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  }
  while (used() < 100);
  const crowding = (performance.now() - began) / used()
  return crowding < 1.3 ? limit : limit * crowding
}

/** Whether something took no longer than the limit, or than what the limit is on this machine now. */
export const inTime = (took: number, limit: number): boolean => took < limit || took < stretched(limit)
