/** What else the same contact wrote about. */
'use client'

import { useTranslations } from 'next-intl'
import type { MouseEvent } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Time } from '@/app/_ui/time'
import type { OpenConversation } from '../_data/conversation'
import { useIntentName } from '../_data/people'
import { useOpen } from '../_data/view'
import { Section } from './section'

export function OtherConversations({ conversation }: { conversation: OpenConversation }) {
  const t = useTranslations('inbox')
  const account = useAccount()
  const intentName = useIntentName()
  const open = useOpen()
  const { others } = conversation
  return (
    <Section title={t('side.earlier')}>
      {others?.length === 0 ? <p className="text-ink-3">{t('side.noEarlier')}</p> : null}
      <ul className="-mx-2">
        {others?.map((other) => (
          <li key={other.id}>
            <a
              href={`/${account}/inbox/${other.displayId}`}
              onClick={(event: MouseEvent) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
                event.preventDefault()
                open(other.displayId)
              }}
              className="block rounded-md px-2 py-1.5 hover:bg-hover"
            >
              <span className="flex items-baseline gap-2">
                <span className="min-w-0 flex-1 truncate">{other.preview ?? t('row.unreadable')}</span>
                <Time at={other.lastActivityAt} look="clock" className="flex-none text-xs text-ink-3" />
              </span>
              <span className="block truncate text-xs text-ink-3">
                #{other.displayId} · {t(`status.${other.status}`)}
                {other.intent ? ` · ${intentName(other.intent)}` : ''}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Section>
  )
}
