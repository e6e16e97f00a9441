/** The newest versions that could take over: what the comparison says, and the ways to try one or to put it in charge. */
'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import type { LearningState } from '../_data/learning'
import { Promote } from '../_parts/promote'
import { TryBeside } from '../_parts/trial'
import { GateChip } from '../_parts/versions'

/** Older ones are under Overview. */
const shown = 5

export function Challengers({ learning: { versions, championId, trial } }: { learning: LearningState }) {
  const t = useTranslations('models')
  const account = useAccount()
  const tried = trial?.ended === null ? trial.versionId : null
  const others = versions.filter(({ id, brought }) => id !== championId && id !== tried && !brought).slice(0, shown)
  if (!others.length) return null
  return (
    <section className="flex flex-col gap-3">
      <header>
        <h2 className="text-lg">{t('deployment.others')}</h2>
        <p className="max-w-prose text-pretty text-ink-2">{t('deployment.othersLead')}</p>
      </header>
      <ul className="panel divide-y divide-line">
        {others.map((version) => (
          <li key={version.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2 ps-4 pe-2">
            <Link
              href={`/${account}/models/versions/${version.number}`}
              className="rounded-sm font-medium hover:underline"
            >
              {t('version', { number: version.number })}
            </Link>
            {version.report ? <GateChip gate={version.report.gate} /> : null}
            <span className="ms-auto flex flex-wrap items-center gap-2">
              <TryBeside version={version} />
              <Promote version={version} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
