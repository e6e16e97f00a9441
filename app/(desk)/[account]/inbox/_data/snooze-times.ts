/** The usual moments to come back to a conversation, in the reader's own time. Pure. */

export type SnoozeName = 'hour' | 'evening' | 'tomorrow' | 'monday' | 'week'

const at = (from: Date, days: number, hour: number): Date => {
  const date = new Date(from)
  date.setDate(date.getDate() + days)
  date.setHours(hour, 0, 0, 0)
  return date
}

/** Evenings are 18:00, mornings 9:00; a moment that is nearly here or comes twice is left out. */
export function snoozeTimes(now: Date): { name: SnoozeName; until: Date }[] {
  const hour = new Date(now.getTime() + 3_600_000)
  hour.setSeconds(0, 0)
  const toMonday = (8 - now.getDay()) % 7 || 7
  const times: { name: SnoozeName; until: Date }[] = [
    { name: 'hour', until: hour },
    { name: 'evening', until: at(now, 0, 18) },
    { name: 'tomorrow', until: at(now, 1, 9) },
    { name: 'monday', until: at(now, toMonday, 9) },
    { name: 'week', until: at(now, 7, 9) },
  ]
  const seen = new Set<number>()
  return times.filter(({ name, until }) => {
    if (name === 'evening' && until.getTime() - now.getTime() < 5_400_000) return false
    if (seen.has(until.getTime())) return false
    seen.add(until.getTime())
    return true
  })
}

/** What a `datetime-local` field takes: the reader's clock without a zone. */
export function toLocalInput(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`
}
