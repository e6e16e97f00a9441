/** Who is being talked to, and what can be done with the conversation. */
'use client'

import ArrowLeft from 'lucide-react/icons/arrow-left'
import Check from 'lucide-react/icons/check'
import CirclePause from 'lucide-react/icons/circle-pause'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Link from 'lucide-react/icons/link'
import ListChecks from 'lucide-react/icons/list-checks'
import Mail from 'lucide-react/icons/mail'
import PanelRight from 'lucide-react/icons/panel-right'
import RotateCcw from 'lucide-react/icons/rotate-ccw'
import ThumbsDown from 'lucide-react/icons/thumbs-down'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Avatar } from '@/app/_ui/avatar'
import { Button, IconButton } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import type { CommandId } from '@/app/_ui/commands'
import { copyText } from '@/app/_ui/copy-text'
import { runCommand, useAvailableCommands, useCommand } from '@/app/_ui/keyboard'
import { Menu } from '@/app/_ui/menu'
import { toast } from '@/app/_ui/toast'
import { useMedia } from '@/app/_ui/use-media'
import { useMayWork } from '@/app/(desk)/_shell/session'
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
  const { status } = conversation
  const resolved = status === 'resolved'
  const reopen = () => void actions.status('open')
  const resolve = () => void actions.status('resolved')
  // After a fresh start the conversation may be here before it is known what this person may do.
  const may = useMayWork()
  // What is known already is not waited for: a press that could not be meant is not kept.
  useCommand('resolve', resolve, !resolved && may)
  useCommand('reopen', reopen, status !== 'open' && may)
  useCommand('pending', () => void actions.status('pending'), status !== 'pending' && may)
  useCommand('assignMe', () => void actions.take(), may)
  useCommand(
    'unread',
    (left) => {
      // An open conversation is one that is read.
      if (!left) open(null)
      void actions.unread(conversation.lastSequence)
    },
    may,
  )
  useCopyLink()
  return (
    <header className="flex h-12 flex-none items-center gap-2 border-b border-line px-2 md:ps-4">
      <IconButton label={t('head.back')} className="md:hidden" onClick={() => open(null)}>
        <ArrowLeft aria-hidden />
      </IconButton>
      <Avatar name={name} />
      <div className="flex min-w-0 flex-1 items-center gap-2">
        {/* The list has the page's first heading; on phones it is not there. */}
        <h1 className="sr-only md:hidden">{t('title')}</h1>
        <h2 className="truncate text-base font-semibold">{name}</h2>
        <span className="numbers flex-none text-xs text-ink-3 max-lg:hidden">#{conversation.displayId}</span>
        <Chip tone={tones[status]} className="flex-none">
          {t(`status.${status}`)}
        </Chip>
      </div>
      {canWork ? (
        <>
          {roomy ? (
            <HeadPickers conversation={conversation} actions={actions} />
          ) : (
            <PickersInDetails show={showDetails} />
          )}
          {status === 'pending' || status === 'snoozed' ? (
            <IconButton label={t('head.reopen')} command="reopen" onClick={reopen}>
              <RotateCcw aria-hidden />
            </IconButton>
          ) : null}
          <Button
            onClick={resolved ? reopen : resolve}
            data-tip-command={resolved ? 'reopen' : 'resolve'}
            data-tip={t(resolved ? 'head.reopen' : 'head.resolve')}
          >
            {resolved ? <RotateCcw aria-hidden /> : <Check aria-hidden />}
            {t(resolved ? 'head.reopen' : 'head.resolve')}
          </Button>
        </>
      ) : null}
      <MoreActions canWork={canWork} />
      <IconButton label={t('head.details')} className="xl:hidden" onClick={showDetails}>
        <PanelRight aria-hidden />
      </IconButton>
    </header>
  )
}

/** The conversation's address, for a colleague. */
function useCopyLink() {
  const t = useTranslations('common')
  const copy = async () => {
    try {
      await copyText(window.location.origin + window.location.pathname)
      toast(t('copied'))
    } catch {
      toast(t('notCopied'))
    }
  }
  useCommand('copyLink', () => void copy())
}

/** What is done more rarely; what cannot be done now is not offered, but for what waits for the visitor's newest message. */
function MoreActions({ canWork }: { canWork: boolean }) {
  const t = useTranslations('desk.command')
  const available = useAvailableCommands()
  const entry = (command: CommandId, icon: ReactNode) => ({
    label: t(command),
    icon,
    command,
    disabled: !available.includes(command),
    onSelect: () => void runCommand(command),
  })
  const possible = (command: CommandId, icon: ReactNode) => available.includes(command) && entry(command, icon)
  const inbox = useTranslations('inbox.head')
  return (
    <Menu
      label={inbox('more')}
      align="end"
      trigger={
        <IconButton label={inbox('more')}>
          <Ellipsis aria-hidden />
        </IconButton>
      }
      items={[
        possible('reopen', <RotateCcw aria-hidden />),
        possible('pending', <CirclePause aria-hidden />),
        possible('unread', <Mail aria-hidden />),
        entry('copyLink', <Link aria-hidden />),
        ...(canWork
          ? [
              'line' as const,
              entry('sendToReview', <ListChecks aria-hidden />),
              entry('wrongLabel', <ThumbsDown aria-hidden />),
            ]
          : []),
      ]}
    />
  )
}
