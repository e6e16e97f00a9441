/** Two intents that are taken for each other: how often, and the texts that were. */
'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { Health, HealthText } from '@/lib/flows/read-health'
import { IntentChip, ItIs } from './it-is'

export function OverlapItem({
  pair: { one, other, count, held, texts },
  version,
  relabel,
}: {
  pair: Health['overlaps'][number]
  /** That was judged by the held-out texts. */
  version: number | undefined
  relabel: (texts: readonly HealthText[], intent: string) => Promise<void>
}) {
  const t = useTranslations('models.health')
  const account = useAccount()
  const nameOf = useIntentName()
  return (
    <li className="flex flex-col gap-2 px-4 py-2.5">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <span className="min-w-0 flex-1 basis-60">{t('pair', { one: nameOf(one), other: nameOf(other) })}</span>
        <span className="numbers text-ink-3">{t('times', { count, held, both: count && held ? 'yes' : 'no' })}</span>
        {version && held ? (
          <Link
            href={`/${account}/models/versions/${version}?one=${one}&other=${other}#texts`}
            aria-label={t('textsOf', { one: nameOf(one), other: nameOf(other) })}
            className="rounded-sm text-ink-2 underline hover:text-ink"
          >
            {t('seeTexts')}
          </Link>
        ) : null}
      </div>
      {texts.length ? (
        <details>
          <summary className="w-fit rounded-sm text-ink-2 hover:text-ink">{t('showTexts')}</summary>
          <ul className="mt-1 flex flex-col gap-1">
            {texts.map((text) => {
              const rather = text.intent === one ? other : one
              return (
                <li key={text.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <span className="min-w-0 flex-1 basis-72 text-pretty">
                    {text.text} <IntentChip intent={text.intent} />
                  </span>
                  <ItIs look="ghost" intent={rather} onClick={() => void relabel([text], rather)} />
                </li>
              )
            })}
          </ul>
        </details>
      ) : null}
    </li>
  )
}
