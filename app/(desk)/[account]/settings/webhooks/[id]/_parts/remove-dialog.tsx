/** Asks before an endpoint goes: its secret and its log go with it, and nothing brings them back. */
'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { toast, toastError } from '@/app/_ui/toast'
import type { Webhooks } from '@/lib/flows/read-webhooks'
import { useSettings } from '../../../_parts/use-settings'

export function RemoveDialog({ id, open, onClose }: { id: string; open: boolean; onClose: () => void }) {
  const t = useTranslations('webhooks.remove')
  const common = useTranslations('common')
  const account = useAccount()
  const router = useRouter()
  const { api, again } = useSettings<Webhooks>('webhooks')
  const [busy, setBusy] = useState(false)
  const remove = async () => {
    setBusy(true)
    try {
      await api.delete(`webhooks/${id}`)
      router.push(`/${account}/settings/webhooks`)
      toast(t('done'))
      await again()
    } catch (error) {
      onClose()
      toastError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => (now ? undefined : onClose())}
      title={t('title')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="danger" busy={busy} onClick={() => void remove()}>
            {t('confirm')}
          </Button>
        </>
      }
    >
      <p className="text-base text-pretty">{t('text')}</p>
    </Dialog>
  )
}
