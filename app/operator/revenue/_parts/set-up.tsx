/** What keeps customers from paying, as Stripe and the settings say it; nothing where all is well. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { api } from '@/app/_ui/api'
import { Chip } from '@/app/_ui/chip'
import type { SetUp as Found, Trouble } from '@/lib/features/billing/set-up'

/** A dozen questions to Stripe: asked when the page opens, and each time one comes back to it after a while. */
const holds = 300_000

/** Nobody is kept from paying. */
const mild: readonly Trouble[] = ['test', 'away', 'hookVersion', 'hookUnread']

export function SetUp() {
  const t = useTranslations('operator.setUp')
  const { data } = useQuery({
    queryKey: ['operator', 'set-up'],
    queryFn: ({ signal }) => api.get<Found>('operator/set-up', {}, { signal }),
    staleTime: holds,
  })
  if (!data?.troubles.length) return null
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg">{t('title')}</h2>
      <ul className="panel divide-y divide-line">
        {data.troubles.map((trouble) => (
          <li key={trouble} className="flex items-baseline gap-3 px-4 py-2.5 max-sm:flex-col max-sm:gap-1">
            <span className="w-24 flex-none">
              <Chip tone={mild.includes(trouble) ? 'warn' : 'bad'}>{t(`kind.${trouble}`)}</Chip>
            </span>
            <div className="min-w-0 flex-1">
              <p className="text-pretty">{t(trouble)}</p>
              {trouble === 'differs' ? (
                <Lines name={t('changes', { count: data.changes.length })} lines={data.changes} />
              ) : trouble === 'hookEvents' ? (
                <Lines name={t('lacks', { count: data.lacks.length })} lines={data.lacks} />
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Lines({ name, lines }: { name: string; lines: string[] }) {
  return (
    <details className="mt-1">
      <summary className="link w-fit cursor-pointer">{name}</summary>
      <ul className="mt-1 font-mono text-xs text-ink-2">
        {lines.map((line) => (
          <li key={line} className="break-words">
            {line}
          </li>
        ))}
      </ul>
    </details>
  )
}
