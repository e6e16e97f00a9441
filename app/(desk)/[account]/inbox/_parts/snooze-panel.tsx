/** The panel of snooze times; loaded when it is opened. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Input } from '@/app/_ui/input'
import { snoozeTimes, toLocalInput } from '../_data/snooze-times'

const itemClass = 'menu-item w-full justify-between hover:bg-hover focus-visible:bg-hover'

export function SnoozePanel({ choose, wake }: { choose: (until: Date) => void; wake: (() => void) | null }) {
  const t = useTranslations('inbox.snooze')
  const format = useFormatter()
  const [now] = useState(() => new Date())
  const [own, setOwn] = useState('')
  const chosen = own ? new Date(own) : null
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const usable = chosen !== null && !Number.isNaN(chosen.getTime()) && chosen.getTime() > Date.now()
  return (
    <div>
      {wake ? (
        <button type="button" className={`${itemClass} mb-1 border-b border-line`} onClick={wake}>
          {t('wake')}
        </button>
      ) : null}
      <p className="menu-label">{t('title')}</p>
      {snoozeTimes(now).map(({ name, until }) => (
        <button key={name} type="button" className={itemClass} onClick={() => choose(until)}>
          {t(name)}
          <span className="numbers text-xs text-ink-3">
            {format.dateTime(until, { weekday: 'short', hour: '2-digit', minute: '2-digit', timeZone })}
          </span>
        </button>
      ))}
      <form
        className="mt-1 border-t border-line p-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (usable) choose(chosen)
        }}
      >
        <label className="text-xs text-ink-3" htmlFor="snooze-own">
          {t('own')}
        </label>
        <div className="mt-1 flex gap-1.5">
          <Input
            id="snooze-own"
            type="datetime-local"
            min={toLocalInput(now)}
            value={own}
            onChange={(event) => setOwn(event.target.value)}
            className="min-w-0"
          />
          <Button type="submit" disabled={!usable}>
            {t('set')}
          </Button>
        </div>
        <p className="mt-2 text-xs text-ink-3">{t('hint')}</p>
      </form>
    </div>
  )
}
