/** Times: relative for the eye, absolute on hover, always in the reader's language and time zone. */
'use client'

import { useLocale } from 'next-intl'
import { useSyncExternalStore } from 'react'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** One clock for every time on the page; ticks each half minute while anyone looks. */
const watchers = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined
let now = 0
function watch(listener: () => void) {
  watchers.add(listener)
  ticking ??= setInterval(() => {
    now = Date.now()
    for (const one of watchers) one()
  }, 30 * second)
  return () => {
    watchers.delete(listener)
    if (watchers.size === 0) {
      clearInterval(ticking)
      ticking = undefined
    }
  }
}
const readNow = () => {
  // Between ticks the value must not change, or React would render for ever.
  if (now === 0 || (ticking === undefined && Date.now() - now > 30 * second)) now = Date.now()
  return now
}

/** Now, to half a minute; 0 while rendering on the server, where the reader's clock is unknown. */
export const useNow = (): number => useSyncExternalStore(watch, readNow, () => 0)

const cache = new Map<string, Intl.DateTimeFormat | Intl.RelativeTimeFormat>()
function dates(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}${JSON.stringify(options)}`
  const made = (cache.get(key) as Intl.DateTimeFormat | undefined) ?? new Intl.DateTimeFormat(locale, options)
  cache.set(key, made)
  return made
}
function relative(locale: string, style: 'long' | 'narrow'): Intl.RelativeTimeFormat {
  const key = `r${style}${locale}`
  const made =
    (cache.get(key) as Intl.RelativeTimeFormat | undefined) ??
    new Intl.RelativeTimeFormat(locale, { style, numeric: 'auto' })
  cache.set(key, made)
  return made
}

/** "14:05" today, "Tue 14:05" this week, "3 Nov" this year, "3 Nov 2025" before; `long` for a tooltip. */
export function formatTime(at: number, locale: string, today: number): string {
  const date = new Date(at)
  const reference = new Date(today)
  if (date.toDateString() === reference.toDateString())
    return dates(locale, { hour: '2-digit', minute: '2-digit' }).format(date)
  if (today - at < 6 * day && at <= today)
    return dates(locale, { weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(date)
  if (date.getFullYear() === reference.getFullYear())
    return dates(locale, { day: 'numeric', month: 'short' }).format(date)
  return dates(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(date)
}

export const formatLong = (at: number, locale: string): string =>
  dates(locale, { dateStyle: 'full', timeStyle: 'short' }).format(new Date(at))

/** "now", "5 min. ago", "in 2 hr.", "3 days ago". */
export function formatRelative(at: number, locale: string, from: number, style: 'long' | 'narrow' = 'long'): string {
  const apart = at - from
  const size = Math.abs(apart)
  const format = relative(locale, style)
  if (size < 45 * second) return format.format(0, 'second')
  if (size < hour) return format.format(Math.round(apart / minute), 'minute')
  if (size < day) return format.format(Math.round(apart / hour), 'hour')
  return format.format(Math.round(apart / day), 'day')
}

/**
 * `look`: `relative` ("5 minutes ago"), `short` ("5m ago"), or `clock` ("14:05", "Tue 14:05", "3 Nov").
 * The tooltip is the whole date and time.
 */
export function Time({
  at,
  look = 'relative',
  className,
}: {
  at: string | number | Date
  look?: 'relative' | 'short' | 'clock'
  className?: string
}) {
  const locale = useLocale()
  const reference = useNow()
  const value = new Date(at).getTime()
  if (Number.isNaN(value)) return null
  const shown =
    reference === 0
      ? ''
      : look === 'clock'
        ? formatTime(value, locale, reference)
        : formatRelative(value, locale, reference, look === 'short' ? 'narrow' : 'long')
  return (
    <time
      dateTime={new Date(value).toISOString()}
      // Written out by the tooltip, of which most are never seen.
      data-tip=""
      className={className}
    >
      {shown}
    </time>
  )
}
