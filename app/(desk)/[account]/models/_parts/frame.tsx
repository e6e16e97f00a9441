/** The frame of every page of Models: its name, its sections, and one action. */
'use client'

import GraduationCap from 'lucide-react/icons/graduation-cap'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useAccount } from '@/app/_ui/account'
import { ButtonLink } from '@/app/_ui/button'
import { useCommand } from '@/app/_ui/keyboard'
import { LinkTabs } from '@/app/_ui/link-tabs'
import { EmptyState } from '@/app/_ui/states'
import { undoLatest } from '@/app/_ui/toast'
import { useMayWork, useMembership } from '@/app/(desk)/_shell/session'
import { useMayTrain } from '../_data/learning'

export function ModelsFrame({
  title,
  lead,
  action,
  trainersOnly = true,
  ownUndo = false,
  children,
}: {
  title: string
  lead: ReactNode
  action?: ReactNode
  trainersOnly?: boolean
  /** The page takes back by itself: further than notes do, which go after a while. */
  ownUndo?: boolean
  children: ReactNode
}) {
  const t = useTranslations('models')
  const account = useAccount()
  const may = useMayTrain()
  const waits = useMembership()?.waits
  const mayWork = useMayWork()
  useCommand('undo', () => void undoLatest(), !ownUndo)
  const base = `/${account}/models`
  const tabs = [
    { href: base, label: t('tabs.overview') },
    { href: `${base}/review`, label: t('tabs.review') },
    { href: `${base}/intents`, label: t('tabs.intents') },
    { href: `${base}/data`, label: t('tabs.data') },
    { href: `${base}/runs`, label: t('tabs.runs'), within: `${base}/runs` },
    { href: `${base}/evaluation`, label: t('tabs.evaluation'), within: `${base}/versions` },
    { href: `${base}/deployment`, label: t('tabs.deployment') },
  ]
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-6 px-5 py-6 max-sm:px-4">
      <header className="flex flex-col gap-4">
        <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-72">
            <h1 className="text-xl">{title}</h1>
            <p className="text-pretty text-ink-2">{lead}</p>
          </div>
          {may || !trainersOnly ? action : null}
        </div>
        <LinkTabs label={t('tabs.label')} tabs={tabs} />
      </header>
      {may === false && trainersOnly ? (
        <EmptyState
          icon={<GraduationCap />}
          title={t(waits ? 'waits' : 'forbidden')}
          action={<ButtonLink href={`${base}/review`}>{t('toReview')}</ButtonLink>}
        >
          {t(waits ? 'waitsLead' : mayWork ? 'forbiddenLead' : 'viewerLead')}
        </EmptyState>
      ) : (
        children
      )}
    </div>
  )
}
