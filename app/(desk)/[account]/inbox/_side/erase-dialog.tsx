/** Says what goes with a contact and asks once more: this is the one thing here that cannot be taken back. */
'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field } from '@/app/_ui/field'
import { Checkbox } from '@/app/_ui/input'
import { toast, toastError } from '@/app/_ui/toast'
import type { Erased } from '@/lib/flows/erase-contact'
import { useOpen } from '../_data/view'

export function EraseDialog({
  contactId,
  name,
  open,
  onOpenChange,
}: {
  contactId: string
  name: string
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const t = useTranslations('inbox.erase')
  const common = useTranslations('common')
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const show = useOpen()
  const [sure, setSure] = useState(false)
  const erase = useMutation({
    mutationFn: () => api.delete<Erased>(`contacts/${contactId}`),
    onSuccess: ({ conversations, messages }) => {
      onOpenChange(false)
      show(null)
      toast(t('done', { conversations, messages }))
      void client.invalidateQueries({ queryKey: [account] })
    },
    onError: toastError,
  })
  const close = (next: boolean) => {
    setSure(false)
    onOpenChange(next)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={t('title', { name })}
      footer={
        <>
          <Button onClick={() => close(false)}>{common('cancel')}</Button>
          <Button look="danger" disabled={!sure} busy={erase.isPending} onClick={() => erase.mutate()}>
            {t('confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-base text-pretty">
        <p>{t('lead')}</p>
        <ul className="list-disc ps-5">
          {(['messages', 'files', 'person', 'learned'] as const).map((part) => (
            <li key={part}>{t(`part.${part}`)}</li>
          ))}
        </ul>
        <p className="text-ink-2">{t('stays')}</p>
        <Field label={t('sure')} inline>
          <Checkbox checked={sure} onChange={(event) => setSure(event.target.checked)} />
        </Field>
      </div>
    </Dialog>
  )
}
