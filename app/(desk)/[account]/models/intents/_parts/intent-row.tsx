/** One intent: its name, its texts, how sure the model must be, and what can be done with it. */
'use client'

import Ellipsis from 'lucide-react/icons/ellipsis'
import { useFormatter, useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { Button, IconButton } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { cn } from '@/app/_ui/cn'
import { Field } from '@/app/_ui/field'
import { Input, Textarea } from '@/app/_ui/input'
import { Menu } from '@/app/_ui/menu'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import { fewestExamples } from '@/lib/core/learning'
import type { ListedIntent } from '@/lib/flows/read-intents'
import { useChangeIntent } from '../../_data/intents'
import { useMayTrain } from '../../_data/learning'
import { MergeDialog } from './merge-dialog'

const thresholds = [0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98]

export function IntentRow({ intent, onOpen }: { intent: ListedIntent; onOpen: () => void }) {
  const t = useTranslations('models.intents')
  const name = useIntentName()(intent.key)
  const [doing, setDoing] = useState<'rename' | 'describe' | 'merge' | null>(null)
  const done = () => setDoing(null)
  const atLeast = useAtLeast()
  const few = intent.group === 'own' && !intent.archived && intent.texts < fewestExamples
  if (doing === 'rename' || doing === 'describe')
    return (
      <li className="px-4 py-2">
        {doing === 'rename' ? (
          <Rename intent={intent} name={name} onDone={done} />
        ) : (
          <Describe intent={intent} name={name} onDone={done} />
        )}
      </li>
    )
  return (
    <li
      className={cn(
        'flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 py-1.5 ps-4 pe-2',
        intent.archived && 'text-ink-3',
      )}
    >
      <span className="min-w-0 flex-1 basis-40">
        <span className="block truncate font-medium">{name}</span>
        {intent.description ? (
          <span className="line-clamp-2 block text-xs text-pretty text-ink-3">{intent.description}</span>
        ) : null}
      </span>
      {intent.archived ? <Aside intent={intent} /> : null}
      {intent.threshold && !intent.archived ? <Chip tone="outline">{atLeast(intent.threshold)}</Chip> : null}
      <button
        type="button"
        onClick={onOpen}
        aria-label={t('open', { name })}
        className={cn('numbers rounded-sm hover:underline', few ? 'text-warn-ink' : 'text-ink-3 hover:text-ink')}
      >
        {t('texts', { count: intent.texts })}
      </button>
      <More intent={intent} name={name} onDo={setDoing} />
      <MergeDialog intent={intent} name={name} open={doing === 'merge'} onClose={done} />
    </li>
  )
}

function Aside({ intent }: { intent: ListedIntent }) {
  const t = useTranslations('models.intents')
  const nameOf = useIntentName()
  return (
    <Chip tone="outline">
      {intent.mergedInto ? t('mergedInto', { name: nameOf(intent.mergedInto) }) : t('archived')}
    </Chip>
  )
}

function useAtLeast(): (threshold: number) => string {
  const format = useFormatter()
  return (threshold) => `≥ ${format.number(threshold, { style: 'percent' })}`
}

function More({
  intent,
  name,
  onDo,
}: {
  intent: ListedIntent
  name: string
  onDo: (what: 'rename' | 'describe' | 'merge') => void
}) {
  const t = useTranslations('models.intents')
  const change = useChangeIntent()
  const atLeast = useAtLeast()
  if (!useMayTrain()) return null
  const { archived, threshold } = intent
  const usual = { label: t('usual'), checked: !threshold, onSelect: () => void change(intent, { threshold: null }) }
  // One that was saved beside the figures of a version may lie between these.
  const choices = [...new Set([...thresholds, ...(threshold ? [threshold] : [])])].sort((a, b) => a - b)
  const stricter = choices.map((value) => ({
    label: atLeast(value),
    checked: threshold === value,
    onSelect: () => void change(intent, { threshold: value }),
  }))
  return (
    <Menu
      label={t('more', { name })}
      align="end"
      trigger={
        <IconButton label={t('more', { name })}>
          <Ellipsis aria-hidden />
        </IconButton>
      }
      items={[
        { label: t('rename', { name }), onSelect: () => onDo('rename') },
        { label: t('describe', { name }), onSelect: () => onDo('describe') },
        archived ? null : { label: t('merge', { name }), onSelect: () => onDo('merge') },
        archived ? null : { label: t('threshold'), items: [usual, ...stricter] },
        archived
          ? { label: t('back', { name }), onSelect: () => void change(intent, { archived: false }, 'backDone') }
          : { label: t('aside', { name }), onSelect: () => void change(intent, { archived: true }, 'asideDone') },
      ]}
    />
  )
}

function Rename({ intent, name, onDone }: { intent: ListedIntent; name: string; onDone: () => void }) {
  const t = useTranslations('models.intents')
  const common = useTranslations('common')
  const change = useChangeIntent()
  const [value, setValue] = useState(name)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    if (value.trim() === name || (await change(intent, { name: value.trim() }))) return onDone()
    // What was refused stays to be mended.
    setBusy(false)
  }
  return (
    <form onSubmit={submit} className="flex gap-2">
      <Input
        autoFocus
        aria-label={t('rename', { name })}
        value={value}
        maxLength={60}
        required
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
      />
      <Button onClick={onDone}>{common('cancel')}</Button>
      <Button type="submit" look="primary" busy={busy} disabled={!value.trim()}>
        {common('save')}
      </Button>
    </form>
  )
}

/** For whoever labels: what belongs to it, and what does not. */
function Describe({ intent, name, onDone }: { intent: ListedIntent; name: string; onDone: () => void }) {
  const t = useTranslations('models.intents')
  const common = useTranslations('common')
  const change = useChangeIntent()
  const [value, setValue] = useState(intent.description)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    if (value.trim() === intent.description || (await change(intent, { description: value.trim() }))) return onDone()
    // What was refused stays to be mended.
    setBusy(false)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Field label={t('describe', { name })}>
        <Textarea
          autoFocus
          rows={2}
          value={value}
          maxLength={500}
          onChange={(event) => setValue(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && onDone()}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>{common('cancel')}</Button>
        <Button type="submit" look="primary" busy={busy}>
          {common('save')}
        </Button>
      </div>
    </form>
  )
}
