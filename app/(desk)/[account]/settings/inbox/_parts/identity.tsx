/** The secret that proves who a signed-in customer is: made anew here, shown once, with how to sign. */
'use client'

import KeyRound from 'lucide-react/icons/key-round'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Segmented } from '@/app/_ui/segmented'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { Section } from '../../_parts/page-frame'
import { type InboxSettings, useInboxes } from './data'
import { Code } from './install'
import { type Language, languages, pageExample, serverExample } from './sign-examples'

export function Identity({ inbox }: { inbox: InboxSettings }) {
  const t = useTranslations('settings.inbox.identity')
  const { api, again } = useInboxes()
  const [secret, setSecret] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [language, setLanguage] = useState<Language>('node')
  const rotate = async () => {
    setBusy(true)
    try {
      const made = await api.post<{ identitySecret: string; undoId: string }>(`inboxes/${inbox.id}/identity-secret`)
      setSecret(made.identitySecret)
      toastUndo(t('rotated'), () =>
        api.post(`undo/${made.undoId}`).then(() => {
          setSecret(null)
          return again()
        }),
      )
    } catch (error) {
      toastError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Section title={t('title')} lead={t('lead')}>
      <div>
        <Button busy={busy} onClick={() => void rotate()}>
          <KeyRound aria-hidden />
          {t('rotate')}
        </Button>
      </div>
      <details className="group">
        <summary className="w-fit rounded-sm font-medium text-accent-ink">{t('how')}</summary>
        <div className="mt-3 flex flex-col gap-3">
          <p className="text-ink-2">{t('step')}</p>
          <Segmented
            label={t('how')}
            options={languages.map(([value, label]) => ({ value, label }))}
            value={language}
            onChange={setLanguage}
            className="self-start"
          />
          <Code text={serverExample(language)} />
          <Code text={pageExample} />
        </div>
      </details>
      <Dialog
        open={secret !== null}
        onOpenChange={(open) => !open && setSecret(null)}
        title={t('secret')}
        description={t('shown')}
        footer={
          <Button look="primary" onClick={() => setSecret(null)}>
            {t('done')}
          </Button>
        }
      >
        <Code text={secret ?? ''} />
      </Dialog>
    </Section>
  )
}
