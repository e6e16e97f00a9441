/** Shows a secret of an endpoint, this once. */
'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Code } from '../../inbox/_parts/install'

export function SecretDialog({ secret, onClose }: { secret: string | null; onClose: () => void }) {
  const t = useTranslations('webhooks')
  // While the dialog fades, it still shows what it showed.
  const last = useRef(secret)
  useEffect(() => {
    if (secret) last.current = secret
  })
  return (
    <Dialog
      open={secret !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('secret.dialog')}
      description={t('secret.shown')}
      footer={
        <Button look="primary" onClick={onClose}>
          {t('done')}
        </Button>
      }
    >
      <Code text={secret ?? last.current ?? ''} />
    </Dialog>
  )
}
