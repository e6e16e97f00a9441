/** The routing page: the lines in order, what happens to the rest, and a place to try a message. */
'use client'

import Plus from 'lucide-react/icons/plus'
import Split from 'lucide-react/icons/split'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { canManageRouting } from '@/lib/features/accounts/permissions'
import { abstainBelow } from '@/lib/features/routing/rules'
import type { StoredRule } from '@/lib/features/routing/write'
import type { Tried } from '@/lib/flows/try-routing'
import { PageFrame, useMay } from '../../_parts/page-frame'
import { type Line, useRouting } from './data'
import { LineForm } from './line-form'
import { Lines } from './lines'
import { TryBox } from './try-box'

const freshLine: Line = { name: '', enabled: true, when: {}, teamId: null, priority: null, assign: 'round_robin' }

export function Routing() {
  const t = useTranslations('settings.routing')
  const may = useMay(canManageRouting)
  const { query, save } = useRouting()
  const [editing, setEditing] = useState<Line | null>(null)
  const [tried, setTried] = useState<Tried | null>(null)
  const rules = query.data?.rules ?? []
  const keep = async (line: Line) => {
    const known = rules.some((rule) => rule.id === line.id)
    const next = known ? rules.map((rule) => (rule.id === line.id ? (line as StoredRule) : rule)) : [...rules, line]
    if (await save(next, known ? undefined : t('addedLine', { name: line.name }))) setEditing(null)
  }
  const begin = (
    <Button look="primary" onClick={() => setEditing(freshLine)}>
      <Plus aria-hidden />
      {t('new')}
    </Button>
  )
  return (
    <PageFrame wide title={t('title')} lead={t('lead')} may={may} action={rules.length ? begin : null}>
      {query.data ? (
        <div className="grid gap-x-8 gap-y-8 lg:grid-cols-[1fr_20rem]">
          <div className="flex min-w-0 flex-col gap-3">
            {rules.length ? (
              <Lines rules={rules} may={may} save={save} edit={setEditing} tried={tried} />
            ) : (
              <EmptyState icon={<Split />} title={t('emptyTitle')} action={may ? begin : null}>
                {t('empty')}
              </EmptyState>
            )}
            <Rest decided={tried !== null && tried.route.ruleId === null && tried.said !== null} />
          </div>
          <TryBox version={query.data.version} onTried={setTried} />
        </div>
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={5} className="panel" />
      )}
      {editing ? <LineForm start={editing} onSave={keep} onClose={() => setEditing(null)} /> : null}
    </PageFrame>
  )
}

/** What happens when no line fits, and when the model does not dare. */
function Rest({ decided }: { decided: boolean }) {
  const t = useTranslations('settings.routing')
  const format = useFormatter()
  return (
    <dl className="flex flex-col gap-2 px-3 text-ink-2">
      <div className={decided ? '-mx-2 rounded-md bg-selected px-2 py-1' : ''}>
        <dt className="inline font-medium text-ink">{t('rest')}: </dt>
        <dd className="inline">{t('restDetail')}</dd>
      </div>
      <div>
        <dt className="inline font-medium text-ink">{t('unsure')} </dt>
        <dd className="inline">{t('unsureDetail', { percent: format.number(abstainBelow, { style: 'percent' }) })}</dd>
      </div>
    </dl>
  )
}
