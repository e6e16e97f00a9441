/** Labelled messages day by day: bars to see the shape, and the same numbers as a table. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import type { Billing } from '@/lib/flows/read-billing'

const day = 86_400_000

/** Every day of the month that has begun, also those without a message. */
function daysOf({ days, month }: Billing): { at: Date; messages: number }[] {
  const known = new Map(days.map((one) => [one.day, one.messages]))
  const found: { at: Date; messages: number }[] = []
  const [start, end] = [new Date(month.start).getTime(), new Date(month.end).getTime()]
  for (let at = start; at < end && at <= Date.now(); at += day)
    found.push({ at: new Date(at), messages: known.get(new Date(at).toISOString().slice(0, 10)) ?? 0 })
  return found
}

export function UsageDays({ billing }: { billing: Billing }) {
  const t = useTranslations('billing.days')
  const locale = useLocale()
  const number = new Intl.NumberFormat(locale)
  const date = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  const days = daysOf(billing)
  const most = Math.max(...days.map(({ messages }) => messages), 0)
  if (most === 0) return null
  const [first, last] = [days[0], days.at(-1)]
  const month = (new Date(billing.month.end).getTime() - new Date(billing.month.start).getTime()) / day
  return (
    <div className="panel flex flex-col gap-2 px-4 py-3">
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="font-medium">{t('title')}</span>
        <span className="text-ink-2 tabular-nums">{t('most', { count: most })}</span>
      </p>
      {/* The table below says the same. */}
      <div aria-hidden className="flex h-20 items-end gap-px border-b border-line">
        {Array.from({ length: month }, (_, at) => {
          const one = days[at]
          const height = one ? Math.max(one.messages > 0 ? 3 : 0, (100 * one.messages) / most) : 0
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a month's days stay where they are
            <span key={at} className="flex h-full flex-1 items-end">
              <span
                className="w-full rounded-t-xs bg-accent"
                style={{ height: `${height}%` }}
                data-tip={one ? `${date.format(one.at)}: ${number.format(one.messages)}` : undefined}
              />
            </span>
          )
        })}
      </div>
      <p aria-hidden className="flex justify-between text-xs text-ink-3">
        <span>{first ? date.format(first.at) : ''}</span>
        <span>{date.format(new Date(new Date(billing.month.end).getTime() - 1))}</span>
      </p>
      <details>
        <summary className="link w-fit cursor-pointer">{t('table')}</summary>
        <table className="table mt-2">
          <thead>
            <tr>
              <th scope="col">{t('day')}</th>
              <th scope="col" className="number">
                {t('messages')}
              </th>
            </tr>
          </thead>
          <tbody>
            {days
              .filter(({ messages, at }) => messages > 0 || at === last?.at)
              .reverse()
              .map(({ at, messages }) => (
                <tr key={at.getTime()}>
                  <td>{date.format(at)}</td>
                  <td className="number">{number.format(messages)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </div>
  )
}
