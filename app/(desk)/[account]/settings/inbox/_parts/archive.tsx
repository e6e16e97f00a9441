/** Putting an inbox away, and bringing it back. */
'use client'

import ArchiveIcon from 'lucide-react/icons/archive'
import ArchiveRestore from 'lucide-react/icons/archive-restore'
import { useTranslations } from 'next-intl'
import { Button } from '@/app/_ui/button'
import { Section } from '../../_parts/page-frame'
import { type InboxSettings, useChangeInbox } from './data'

export function Archive({ inbox }: { inbox: InboxSettings }) {
  const t = useTranslations('settings.inbox.archive')
  const change = useChangeInbox(inbox)
  const away = inbox.archivedAt !== null
  return (
    <Section title={t('title')} lead={t('lead')}>
      <div>
        <Button
          onClick={() => void change({ archived: !away }, t(away ? 'restored' : 'archived', { name: inbox.name }))}
        >
          {away ? <ArchiveRestore aria-hidden /> : <ArchiveIcon aria-hidden />}
          {t(away ? 'restore' : 'action')}
        </Button>
      </div>
    </Section>
  )
}
