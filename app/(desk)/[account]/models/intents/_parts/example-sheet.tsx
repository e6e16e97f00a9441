/** The texts of one intent: read, written, removed. */
'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Sheet } from '@/app/_ui/dialog'
import { Field } from '@/app/_ui/field'
import { Textarea } from '@/app/_ui/input'
import { toast, toastError } from '@/app/_ui/toast'
import { useCanWork, useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ListedIntent } from '@/lib/flows/read-intents'
import { useIntentSet } from '../../_data/intents'
import { useMayTrain } from '../../_data/learning'
import { Examples } from './examples'

export function ExampleSheet({ intent, onClose }: { intent: ListedIntent | undefined; onClose: () => void }) {
  const nameOf = useIntentName()
  const may = useMayTrain()
  const mayWrite = useCanWork()
  const t = useTranslations('models.examples')
  return (
    <Sheet
      open={intent !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title={intent ? nameOf(intent.key) : ''}
    >
      {intent ? (
        <div className="flex flex-col gap-5">
          {intent.description ? <p className="text-pretty text-ink-2">{intent.description}</p> : null}
          {intent.archived || !mayWrite ? null : <Write intent={intent.key} />}
          {may ? (
            <Examples key={intent.key} intent={intent.key} />
          ) : (
            <p className="text-ink-3">{t(mayWrite ? 'onlyTrainers' : 'onlyRead')}</p>
          )}
        </div>
      ) : null}
    </Sheet>
  )
}

/** Most texts of one go. */
const most = 50

function Write({ intent }: { intent: string }) {
  const t = useTranslations('models.examples')
  const { api, again } = useIntentSet()
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const lines = words.split('\n').flatMap((line) => line.trim() || [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    let [added, moved] = [0, 0]
    try {
      for (const text of lines.slice(0, most)) {
        const { was } = await api.post<{ was: string | null }>('examples', { text, intent })
        added++
        if (was) moved++
      }
      toast(t('added', { count: added, moved }))
    } catch (error) {
      toastError(error)
    }
    // What was refused stays to be mended.
    setWords(lines.slice(added).join('\n'))
    await again()
    setBusy(false)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Field label={t('write')} hint={t('writeHint')}>
        <Textarea rows={4} value={words} onChange={(event) => setWords(event.target.value)} />
      </Field>
      <Button type="submit" look="primary" busy={busy} disabled={!lines.length} className="self-start">
        {t('add')}
      </Button>
    </form>
  )
}
