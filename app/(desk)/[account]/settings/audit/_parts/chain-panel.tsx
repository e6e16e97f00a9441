/** Checks that no entry was changed, moved or removed, and says up to where. */
'use client'

import ShieldAlert from 'lucide-react/icons/shield-alert'
import ShieldCheck from 'lucide-react/icons/shield-check'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { toastError } from '@/app/_ui/toast'
import type { AuditCheck } from '@/lib/flows/read-audit'

export function ChainPanel() {
  const t = useTranslations('audit.chain')
  const api = useApi()
  const [busy, setBusy] = useState(false)
  const [found, setFound] = useState<AuditCheck | null>(null)
  const check = async () => {
    setBusy(true)
    try {
      setFound(await api.get<AuditCheck>('audit/check'))
    } catch (error) {
      toastError(error)
    } finally {
      setBusy(false)
    }
  }
  const Icon = found?.broken ? ShieldAlert : ShieldCheck
  return (
    <div className="panel flex flex-wrap items-center gap-3 p-4">
      <Icon aria-hidden className="size-5 flex-none text-ink-3" />
      <div role="status" className="min-w-0 flex-1 basis-64">
        {found ? (
          <>
            <p className="font-medium">
              {found.broken ? t('broken', { sequence: found.broken }) : t('intact', { sequence: found.upTo })}
            </p>
            <p className="text-pretty text-ink-2">{t(found.broken ? 'brokenLead' : 'keep')}</p>
            {found.broken ? null : <code className="text-xs break-all text-ink-3">{found.hash}</code>}
          </>
        ) : (
          <p className="text-pretty text-ink-2">{t('lead')}</p>
        )}
      </div>
      <Button busy={busy} onClick={() => void check()}>
        {t('check')}
      </Button>
    </div>
  )
}
