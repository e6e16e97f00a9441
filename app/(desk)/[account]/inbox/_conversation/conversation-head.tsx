/** Who is being talked to, and what can be done with the conversation. */
'use client'

import ArrowLeft from 'lucide-react/icons/arrow-left'
import Check from 'lucide-react/icons/check'
import Ellipsis from 'lucide-react/icons/ellipsis'
import ListChecks from 'lucide-react/icons/list-checks'
import PanelRight from 'lucide-react/icons/panel-right'
import RotateCcw from 'lucide-react/icons/rotate-ccw'
import ThumbsDown from 'lucide-react/icons/thumbs-down'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Avatar } from '@/app/_ui/avatar'
import { Button, IconButton } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { runCommand, useAvailableCommands, useCommand } from '@/app/_ui/keyboard'
import { Menu } from '@/app/_ui/menu'
import { useMedia } from '@/app/_ui/use-media'
import type { Actions } from '../_data/actions'
import type { OpenConversation } from '../_data/conversation'
import { useOpen } from '../_data/view'
import { HeadPickers, PickersInDetails } from '../_parts/head-pickers'

const tones = { open: 'accent', pending: 'warn', snoozed: 'outline', resolved: 'good' } as const

export function ConversationHead({
  conversation,
  actions,
  canWork,
  showDetails,
}: {
  conversation: OpenConversation
  actions: Actions
  canWork: boolean
  showDetails: () => void
}) {
  const t = useTranslations('inbox')
  const open = useOpen()
  // Narrower windows have their pickers in the details; the keys lead there.
  const roomy = useMedia('(width >= 1024px)')
  const name = conversation.contact.name ?? t('row.visitor')
  const resolved = conversation.status === 'resolved'
  const turn = () => void actions.status(resolved ? 'open' : 'resolved')
  useCommand('resolve', turn, canWork)
  useCommand('assignMe', () => void actions.assign(actions.me), canWork)
  return (
    <header className="flex h-12 flex-none items-center gap-2 border-b border-line px-2 md:ps-4">
      <IconButton label={t('head.back')} className="md:hidden" onClick={() => open(null)}>
        <ArrowLeft aria-hidden />
      </IconButton>
      <Avatar name={name} />
      <div className="flex min-w-0 flex-1 items-center gap-2">
        <h2 className="truncate text-base font-semibold">{name}</h2>
        <span className="numbers flex-none text-xs text-ink-3 max-lg:hidden">#{conversation.displayId}</span>
        <Chip tone={tones[conversation.status]} className="flex-none">
          {t(`status.${conversation.status}`)}
        </Chip>
      </div>
      {canWork ? (
        <>
          {roomy ? (
            <HeadPickers conversation={conversation} actions={actions} />
          ) : (
            <PickersInDetails show={showDetails} />
          )}
          <Button onClick={turn} data-tip-command="resolve" data-tip={t(resolved ? 'head.reopen' : 'head.resolve')}>
            {resolved ? <RotateCcw aria-hidden /> : <Check aria-hidden />}
            {t(resolved ? 'head.reopen' : 'head.resolve')}
          </Button>
        </>
      ) : null}
      {canWork ? <MoreActions /> : null}
      <IconButton label={t('head.details')} className="xl:hidden" onClick={showDetails}>
        <PanelRight aria-hidden />
      </IconButton>
    </header>
  )
}

/** What is done more rarely, about the visitor's newest message. */
function MoreActions() {
  const t = useTranslations('inbox.head')
  const available = useAvailableCommands()
  const entry = (command: 'sendToReview' | 'wrongLabel', icon: ReactNode) => ({
    label: t(command),
    icon,
    command,
    disabled: !available.includes(command),
    onSelect: () => void runCommand(command),
  })
  return (
    <Menu
      label={t('more')}
      align="end"
      trigger={
        <IconButton label={t('more')}>
          <Ellipsis aria-hidden />
        </IconButton>
      }
      items={[entry('sendToReview', <ListChecks aria-hidden />), entry('wrongLabel', <ThumbsDown aria-hidden />)]}
    />
  )
}
