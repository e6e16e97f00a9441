/** Where the agent writes: an answer to the visitor or a private note, each with its own draft. */
'use client'

import Lock from 'lucide-react/icons/lock'
import Paperclip from 'lucide-react/icons/paperclip'
import SendHorizontal from 'lucide-react/icons/send-horizontal'
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Button, IconButton } from '@/app/_ui/button'
import { cn } from '@/app/_ui/cn'
import { Kbd } from '@/app/_ui/kbd'
import { useCommand } from '@/app/_ui/keyboard'
import { Menu } from '@/app/_ui/menu'
import { Segmented } from '@/app/_ui/segmented'
import { useOwner } from '@/app/(desk)/_shell/session'
import type { Actions } from '../_data/actions'
import type { OpenConversation } from '../_data/conversation'
import { useEnterSends } from '../_data/enter-sends'
import { longestText } from '../_data/limits'
import { keepDraft, onDraft, readDraft } from '../_data/outbox'
import { useUploads } from '../_data/uploads'
import { useOpen } from '../_data/view'
import { Uploads } from './uploads'
import { useTakeFiles } from './use-take-files'

interface Props {
  conversation: OpenConversation
  actions: Actions
  send: (conversationId: string, text: string, isPrivate: boolean, files: readonly string[]) => Promise<boolean>
  canWork: boolean
}

export function Composer(props: Props) {
  const t = useTranslations('inbox.composer')
  const open = useOpen()
  const { conversation, canWork } = props
  const owner = useOwner()
  if (!canWork || !owner)
    return <p className="flex-none border-t border-line px-4 py-3 text-center text-ink-3">{t('viewer')}</p>
  if (conversation.superseded) {
    return (
      <p className="flex flex-none items-center justify-center gap-2 border-t border-line px-4 py-2.5 text-ink-2">
        {t('superseded')}
        {conversation.supersededBy ? (
          <Button size="small" onClick={() => open(conversation.supersededBy ?? null)}>
            {t('goOn', { number: conversation.supersededBy })}
          </Button>
        ) : null}
      </p>
    )
  }
  return <Writer {...props} owner={owner} />
}

function Writer({ conversation, actions, send, owner }: Props & { owner: string }) {
  const t = useTranslations('inbox.composer')
  const [note, setNote] = useState(false)
  const [text, setText] = useState(() => readDraft(owner, conversation.id, false))
  const [enterSends, setEnterSends] = useEnterSends()
  const field = useRef<HTMLTextAreaElement>(null)
  const over = [...text].length - longestText
  const files = useUploads().filter((each) => each.waiting && each.conversationId === conversation.id)
  const { choose, onPaste, drop, over: catching } = useTakeFiles(conversation.id, files.length)
  const empty = text.trim() === '' && files.length === 0

  const write = (next: string) => {
    setText(next)
    keepDraft(owner, conversation.id, note, next)
  }
  const turn = (toNote: boolean, focus = true) => {
    setNote(toNote)
    setText(readDraft(owner, conversation.id, toNote))
    if (focus) field.current?.focus()
  }
  // A message that was not sent comes back to be edited.
  useEffect(
    () =>
      onDraft((id, isPrivate, draft) => {
        if (id !== conversation.id) return
        setNote(isPrivate)
        setText(draft)
        field.current?.focus()
      }),
    [conversation.id],
  )
  const submit = async (resolve = false) => {
    if (empty || over > 0) return
    const words = text.trim() === '' ? '' : text
    write('')
    // What is still on its way arrives while the message waits for it.
    const going = files.map((each) => each.id)
    const sent = send(conversation.id, words, note, going)
    if (resolve && (await sent)) void actions.status('resolved')
  }
  useCommand('reply', () => turn(false))
  useCommand('note', () => turn(true))
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter chooses signs.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Escape') return event.currentTarget.blur()
    if (event.key !== 'Enter') return
    const mod = event.metaKey || event.ctrlKey
    if (!(mod || (enterSends && !event.shiftKey && !event.altKey))) return
    event.preventDefault()
    void submit(mod && event.shiftKey && !note)
  }
  const name = conversation.contact.name
  return (
    <form
      className={cn(
        'flex-none border-t has-[textarea:focus-visible]:border-focus',
        note ? 'border-warn-line bg-speech-note' : 'border-line bg-surface',
        catching && 'ring-2 ring-accent ring-inset',
      )}
      {...drop}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <div className="mx-auto max-w-3xl px-3 pt-2 pb-2.5">
        <textarea
          ref={field}
          rows={2}
          value={text}
          aria-label={note ? t('note') : name ? t('replyTo', { name }) : t('reply')}
          aria-describedby={over > 0 ? 'composer-over' : undefined}
          aria-invalid={over > 0 || undefined}
          placeholder={t(note ? 'notePlaceholder' : 'replyPlaceholder')}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          className="block max-h-60 min-h-11 w-full resize-none bg-transparent px-1 py-1 text-base [field-sizing:content] outline-none"
        />
        <Uploads files={files} />
        <div className="mt-1 flex items-center gap-2">
          <Segmented
            label={t('label')}
            value={note ? 'note' : 'reply'}
            onChange={(value) => turn(value === 'note', false)}
            options={[
              { value: 'reply', label: t('reply') },
              { value: 'note', label: t('note'), icon: <Lock aria-hidden className="size-3.5" /> },
            ]}
          />
          <IconButton label={t('attach')} size="small" onClick={choose}>
            <Paperclip aria-hidden />
          </IconButton>
          {over > 0 ? (
            <span id="composer-over" role="alert" className="numbers text-xs text-bad-ink">
              {t('tooLong', { over })}
            </span>
          ) : null}
          <span className="ms-auto flex items-center gap-1 text-xs text-ink-3 max-sm:hidden">
            {empty ? null : <Kbd keys={enterSends ? 'enter' : 'mod+enter'} />}
          </span>
          <Menu
            label={t('options')}
            align="end"
            side="top"
            trigger={
              <IconButton label={t('options')} size="small" className="max-sm:ms-auto">
                <SlidersHorizontal aria-hidden />
              </IconButton>
            }
            items={[
              { label: t('enterBreaks'), checked: !enterSends, onSelect: () => setEnterSends(false) },
              { label: t('enterSends'), checked: enterSends, onSelect: () => setEnterSends(true) },
              'line',
              { label: t('sendResolve'), disabled: empty || note || over > 0, onSelect: () => void submit(true) },
            ]}
          />
          <Button type="submit" look="primary" disabled={empty || over > 0}>
            {note ? null : <SendHorizontal aria-hidden />}
            {t(note ? 'addNote' : 'send')}
          </Button>
        </div>
      </div>
    </form>
  )
}
