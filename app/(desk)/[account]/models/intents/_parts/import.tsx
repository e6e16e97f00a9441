/** A file of texts with labels becomes examples; what is wrong in it is said by its line. Those who train take theirs along, too. */
'use client'

import Download from 'lucide-react/icons/download'
import Upload from 'lucide-react/icons/upload'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { ApiError } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { download } from '@/app/_ui/download'
import { Menu } from '@/app/_ui/menu'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { upload } from '@/app/_ui/upload'
import type { Imported } from '@/lib/flows/change-examples'
import { useIntentSet } from '../../_data/intents'
import { useMayTrain } from '../../_data/learning'

export const exportForms = ['jsonl', 'csv', 'parquet', 'md'] as const

export function Import() {
  const t = useTranslations('models.intents')
  const account = useAccount()
  const { api, again } = useIntentSet()
  const mayExport = useMayTrain()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const take = async (file: File | undefined) => {
    if (!file) return
    setBusy(true)
    const back = (undoId: string) => () => api.post(`undo/${undoId}`).then(again)
    try {
      const url = `/api/v1/${encodeURIComponent(account)}/examples/import`
      const { intents, aside, undoId, ...counts } = await upload<Imported>(url, file, () => {}).done
      toastUndo(t('imported', { ...counts, intents: intents.length, aside: aside.length }), back(undoId))
    } catch (error) {
      // Some of it is in.
      const undoId = error instanceof ApiError ? error.facts.undoId : undefined
      toastError(error, typeof undoId === 'string' ? back(undoId) : undefined)
    }
    if (input.current) input.current.value = ''
    await again()
    setBusy(false)
  }
  return (
    <div className="flex max-w-xs flex-col items-end gap-1 max-sm:items-start">
      <input
        ref={input}
        type="file"
        accept=".csv,.jsonl,.json,.parquet,text/csv,application/json"
        className="sr-only"
        tabIndex={-1}
        aria-label={t('import')}
        onChange={(event) => void take(event.target.files?.[0])}
      />
      <div className="flex gap-2">
        {mayExport ? (
          <Menu
            label={t('export')}
            align="end"
            trigger={
              <Button look="ghost">
                <Download aria-hidden />
                {t('export')}
              </Button>
            }
            items={exportForms.map((form) => ({
              label: t(`exportAs.${form}`),
              onSelect: () =>
                void download(`/api/v1/${encodeURIComponent(account)}/examples/export.${form}`).catch(toastError),
            }))}
          />
        ) : null}
        <Button busy={busy} onClick={() => input.current?.click()}>
          <Upload aria-hidden />
          {t('import')}
        </Button>
      </div>
      <p className="text-end text-xs text-ink-3 max-sm:text-start">{t('importLead')}</p>
    </div>
  )
}
