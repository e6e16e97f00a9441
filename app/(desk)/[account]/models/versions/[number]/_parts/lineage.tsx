/** What a version came of: its texts, the training that made it, and the weights that it is. */
'use client'

import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useAccount } from '@/app/_ui/account'
import type { LearningState, SentRunWhole, SentVersion } from '../../../_data/learning'

/** Enough of a digest to tell it from the others. */
const told = 12

/** What its address may say in the place of its id. */
function aliasOf({ championId, trial }: LearningState, { id }: SentVersion): 'champion' | 'challenger' | 'none' {
  if (championId === id) return 'champion'
  return trial?.ended === null && trial.share < 100 && trial.versionId === id ? 'challenger' : 'none'
}

export function Lineage({
  run,
  version,
  learning,
}: {
  run: SentRunWhole
  version: SentVersion
  learning: LearningState
}) {
  const t = useTranslations('models.report')
  const format = useFormatter()
  const account = useAccount()
  const link = (path: string) => (children: ReactNode) => (
    <Link href={`/${account}/models/${path}`} className="rounded-sm underline hover:text-ink">
      {children}
    </Link>
  )
  return (
    <p className="-mb-3 text-xs text-pretty text-ink-3">
      {t.rich('lineage', {
        dataset: run.dataset.hash.slice(0, told),
        when: format.dateTime(new Date(run.createdAt), { dateStyle: 'medium', timeStyle: 'short' }),
        seed: run.seed,
        read: run.report?.read?.slice(0, told) ?? 'none',
        bundle: version.bundle.slice(0, told),
        data: link('data#datasets'),
        run: link(`runs/${run.id}`),
        alias: aliasOf(learning, version),
        code: (children) => <code>{children}</code>,
      })}
    </p>
  )
}
