/** How private a version is, what that covers, and what it cost beside the ordinary model of the same texts. */
'use client'

import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { usePercent } from '@/app/(desk)/[account]/models/_parts/percent'
import type { RunReport } from '@/lib/features/learning/runs'
import { type LearningState, ordinaryOf, type SentVersion } from '../../../_data/learning'

type Spent = NonNullable<RunReport['privacy']>

export function Privacy({ learning, version, spent }: { learning: LearningState; version: SentVersion; spent: Spent }) {
  const t = useTranslations('models.private')
  const format = useFormatter()
  const number = (value: number) => format.number(value, { maximumSignificantDigits: 2 })
  const delta = format.number(spent.delta, { notation: 'scientific', maximumSignificantDigits: 2 })
  return (
    <section aria-labelledby="privacy" className="flex flex-col gap-2">
      <h2 id="privacy" className="text-lg">
        {t('heading')}
      </h2>
      <div className="panel flex flex-col gap-2 p-4">
        <p className="text-base font-medium">{t('spent', { epsilon: number(spent.epsilon), delta })}</p>
        <Beside learning={learning} version={version} />
        <p className="max-w-prose text-pretty text-ink-2">{t('means')}</p>
        <p className="max-w-prose text-pretty text-ink-2">{t('covers')}</p>
        <p className="numbers text-xs text-ink-3">
          {t('how', {
            steps: spent.steps,
            rate: format.number(spent.rate, { style: 'percent', maximumFractionDigits: 1 }),
            clip: number(spent.clip),
            noise: number(spent.noise),
          })}
        </p>
      </div>
    </section>
  )
}

function Beside({ learning, version }: { learning: LearningState; version: SentVersion }) {
  const t = useTranslations('models.private')
  const account = useAccount()
  const format = useFormatter()
  const percent = usePercent()
  const ordinary = ordinaryOf(learning, version)
  const [mine, theirs] = [version.report?.candidate, ordinary?.report?.candidate]
  if (!mine?.texts || !ordinary || !theirs) return <p className="text-ink-2">{t('besideNone')}</p>
  const points = format.number((theirs.accuracy - mine.accuracy) * 100, {
    maximumFractionDigits: 1,
    signDisplay: 'negative',
  })
  return (
    <p className="text-pretty">
      {t.rich('beside', {
        texts: mine.texts,
        mine: percent(mine.accuracy),
        theirs: percent(theirs.accuracy),
        points,
        version: () => (
          <Link href={`/${account}/models/versions/${ordinary.number}`} className="rounded-sm underline">
            {t('ordinary', { number: ordinary.number })}
          </Link>
        ),
      })}
    </p>
  )
}
