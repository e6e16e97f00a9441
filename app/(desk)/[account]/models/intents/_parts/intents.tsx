/** The intents page: the account's own set first, then what comes with the product. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Field } from '@/app/_ui/field'
import { Switch } from '@/app/_ui/input'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { useMayWork } from '@/app/(desk)/_shell/session'
import { useCanWork, useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import { fewestExamples } from '@/lib/core/learning'
import type { ListedIntent } from '@/lib/flows/read-intents'
import { useIntentSet } from '../../_data/intents'
import { useMayTrain } from '../../_data/learning'
import { ModelsFrame } from '../../_parts/frame'
import { ExampleSheet } from './example-sheet'
import { Import } from './import'
import { IntentForm } from './intent-form'
import { IntentRow } from './intent-row'

export function Intents() {
  const t = useTranslations('models.intents')
  const { query } = useIntentSet()
  const may = useMayTrain()
  const mayBring = useCanWork()
  const reads = useMayWork() === false
  const [open, setOpen] = useState<string | null>(null)
  const intents = query.data?.intents
  const nameOf = useIntentName()
  const locale = useLocale()
  const byName = (some: ListedIntent[]) => some.toSorted((a, b) => nameOf(a.key).localeCompare(nameOf(b.key), locale))
  return (
    <ModelsFrame
      title={t('title')}
      lead={t(reads ? 'leadToRead' : may === false ? 'leadToWrite' : 'lead', { least: fewestExamples })}
      trainersOnly={false}
      action={mayBring ? <Import /> : null}
    >
      {intents ? (
        <>
          {may ? <IntentForm /> : null}
          <List intents={byName(intents.filter(({ group }) => group === 'own'))} own onOpen={setOpen} />
          <List intents={intents.filter(({ group }) => group !== 'own')} onOpen={setOpen} />
          <ExampleSheet intent={intents.find(({ key }) => key === open)} onClose={() => setOpen(null)} />
        </>
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={8} className="panel" />
      )}
    </ModelsFrame>
  )
}

const groups: readonly ListedIntent['group'][] = ['own', 'order', 'delivery', 'money', 'product', 'account', 'people']

function List({
  intents,
  own = false,
  onOpen,
}: {
  intents: readonly ListedIntent[]
  own?: boolean
  onOpen: (key: string) => void
}) {
  const t = useTranslations('models.intents')
  const may = useMayTrain()
  const groupName = useTranslations('intents.group')
  return (
    <section className="flex flex-col gap-3">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div>
          <h2 className="text-lg">{own ? t('own') : t('builtin')}</h2>
          {own ? null : <p className="max-w-prose text-pretty text-ink-2">{t('builtinLead')}</p>}
        </div>
        {own || !may ? null : <UseAll intents={intents} />}
      </header>
      {intents.length ? (
        <div className="panel divide-y divide-line">
          {groups
            .map((group) => ({ group, members: intents.filter((intent) => intent.group === group) }))
            .filter(({ members }) => members.length)
            .map(({ group, members }) => (
              <ul key={group} aria-label={groupName(group)} className="divide-y divide-line">
                {own ? null : (
                  <li className="bg-canvas px-4 py-1.5 text-xs font-medium text-ink-3">{groupName(group)}</li>
                )}
                {members.map((intent) => (
                  <IntentRow key={intent.key} intent={intent} onOpen={() => onOpen(intent.key)} />
                ))}
              </ul>
            ))}
        </div>
      ) : (
        <p className="panel px-4 py-6 text-center text-ink-2">{t(may ? 'ownEmpty' : 'ownNone')}</p>
      )}
    </section>
  )
}

function UseAll({ intents }: { intents: readonly ListedIntent[] }) {
  const t = useTranslations('models.intents')
  const { api, again, show } = useIntentSet()
  // What lies outside everything stays whatever is chosen.
  const used = intents.some(({ key, archived }) => key !== 'out_of_scope' && !archived)
  // A switch moves with the press; the list of all intents follows when it is drawn.
  const [wanted, want] = useState<boolean | null>(null)
  const change = async () => {
    want(!used)
    show((old) =>
      old.group === 'own' || old.key === 'out_of_scope' || old.mergedInto ? old : { ...old, archived: used },
    )
    try {
      const { changed, undoId } = await api.put<{ changed: number; undoId: string }>('intents', { used: !used })
      toastUndo(t(used ? 'allAside' : 'allBack', { count: changed }), () => api.post(`undo/${undoId}`).then(again))
    } catch (error) {
      toastError(error)
    }
    await again()
    want(null)
  }
  return (
    <Field inline label={t('useAll')}>
      <Switch checked={wanted ?? used} onChange={() => void change()} />
    </Field>
  )
}
