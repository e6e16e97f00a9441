/** The lines in order: moved by dragging the handle, by the arrow keys on it, or from the menu. */
'use client'

import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowRight from 'lucide-react/icons/arrow-right'
import ArrowUp from 'lucide-react/icons/arrow-up'
import CircleCheck from 'lucide-react/icons/circle-check'
import Ellipsis from 'lucide-react/icons/ellipsis'
import GripVertical from 'lucide-react/icons/grip-vertical'
import Pencil from 'lucide-react/icons/pencil'
import Trash from 'lucide-react/icons/trash-2'
import { useFormatter, useTranslations } from 'next-intl'
import { type KeyboardEvent, useRef, useState } from 'react'
import { IconButton } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { cn } from '@/app/_ui/cn'
import { Switch } from '@/app/_ui/input'
import { Menu } from '@/app/_ui/menu'
import type { StoredRule } from '@/lib/features/routing/write'
import type { Tried } from '@/lib/flows/try-routing'
import type { Line } from './data'
import { fields, useConditionWords, useLabelName, useOutcomeWords } from './words'

export interface LinesProps {
  rules: StoredRule[]
  may: boolean
  save: (rules: Line[], said?: string) => Promise<boolean>
  edit: (line: Line) => void
  tried: Tried | null
}

/** A chip that may hold many words. */
const wrapping = 'rounded-[0.6875rem]! whitespace-normal! py-0.5'

/** The list with one line at another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, place) => place !== from)
  const item = list[from]
  return item === undefined ? [...list] : [...rest.slice(0, to), item, ...rest.slice(to)]
}

export function Lines({ rules, may, save, edit, tried }: LinesProps) {
  const t = useTranslations('settings.routing')
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  const [told, setTold] = useState('')
  const list = useRef<HTMLOListElement>(null)
  const move = (from: number, to: number) => {
    const line = rules[from]
    if (!line || from === to || to < 0 || to >= rules.length) return
    setTold(t('moved', { name: line.name, place: to + 1, count: rules.length }))
    void save(moved(rules, from, to))
    // The handle moved with its line: the focus goes along.
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-line="${line.id}"] [data-handle]`)?.focus(),
    )
  }
  const drop = () => {
    if (drag) move(drag.from, drag.to)
    setDrag(null)
  }
  const shown = drag ? moved(rules, drag.from, drag.to) : rules
  return (
    <>
      <ol ref={list} aria-label={t('lines')} className="panel divide-y divide-line">
        {shown.map((line, place) => (
          <li
            key={line.id}
            data-line={line.id}
            onDragOver={(event) => {
              if (!drag) return
              event.preventDefault()
              const at = rules.findIndex((rule) => rule.id === line.id)
              if (at !== drag.from && place !== drag.to) setDrag({ ...drag, to: place })
            }}
            onDrop={(event) => {
              event.preventDefault()
              drop()
            }}
            className={cn(
              'flex items-start gap-2 py-3 ps-1.5 pe-2',
              drag && rules[drag.from]?.id === line.id && 'bg-selected opacity-70',
              tried?.route.ruleId === line.id && 'bg-canvas shadow-[inset_3px_0_0_var(--color-accent)]',
            )}
          >
            <Handle
              line={line}
              may={may}
              onMove={(by) => move(place, place + by)}
              onDrag={() => setDrag({ from: place, to: place })}
              onEnd={() => setDrag(null)}
            />
            <LineRow
              line={line}
              place={place}
              count={rules.length}
              may={may}
              rules={rules}
              save={save}
              edit={edit}
              move={move}
              tried={tried}
            />
          </li>
        ))}
      </ol>
      <p aria-live="polite" className="sr-only">
        {told}
      </p>
    </>
  )
}

function Handle({
  line,
  may,
  onMove,
  onDrag,
  onEnd,
}: {
  line: StoredRule
  may: boolean
  onMove: (by: 1 | -1) => void
  onDrag: () => void
  onEnd: () => void
}) {
  const t = useTranslations('settings.routing')
  if (!may) return <span className="w-2" />
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    onMove(event.key === 'ArrowUp' ? -1 : 1)
  }
  return (
    <button
      type="button"
      data-handle=""
      draggable
      aria-label={t('move', { name: line.name })}
      onKeyDown={onKeyDown}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', line.name)
        const row = event.currentTarget.closest('li')
        if (row) event.dataTransfer.setDragImage(row, 12, 16)
        onDrag()
      }}
      onDragEnd={onEnd}
      className="mt-0.5 grid size-6 flex-none cursor-grab! place-items-center rounded-md text-ink-off hover:bg-hover hover:text-ink-2"
    >
      <GripVertical aria-hidden className="size-4" />
    </button>
  )
}

function LineRow({
  line,
  place,
  count,
  may,
  rules,
  save,
  edit,
  move,
  tried,
}: { line: StoredRule; place: number; count: number; move: (from: number, to: number) => void } & LinesProps) {
  const t = useTranslations('settings.routing')
  const conditions = useConditionWords()(line.when)
  const outcomes = useOutcomeWords()(line)
  const toggle = () =>
    void save(rules.map((rule) => (rule.id === line.id ? { ...rule, enabled: !rule.enabled } : rule)))
  const remove = () =>
    void save(
      rules.filter((rule) => rule.id !== line.id),
      t('removed', { name: line.name }),
    )
  return (
    <>
      <div className={cn('min-w-0 flex-1', !line.enabled && 'opacity-60')}>
        <p className="flex gap-2 font-medium">
          <span className="numbers text-ink-3">{place + 1}</span>
          <span className="min-w-0 wrap-anywhere">{line.name}</span>
        </p>
        <div className="mt-1.5 flex flex-wrap items-center gap-1.5">
          <span className="sr-only">{t('when')}</span>
          {conditions.length ? (
            conditions.map((words) => (
              <Chip key={words} className={wrapping}>
                {words}
              </Chip>
            ))
          ) : (
            <Chip tone="outline">{t('always')}</Chip>
          )}
          <ArrowRight role="img" aria-label={t('then')} className="size-3.5 text-ink-3" />
          {outcomes.length ? (
            outcomes.map((words) => (
              <Chip key={words} tone="accent" className={wrapping}>
                {words}
              </Chip>
            ))
          ) : (
            <Chip tone="outline">{t('nothing')}</Chip>
          )}
        </div>
        <Verdict line={line} tried={tried} />
      </div>
      <Switch
        className="mt-0.5"
        aria-label={t('on', { name: line.name })}
        checked={line.enabled}
        disabled={!may}
        onChange={toggle}
      />
      {may ? (
        <Menu
          label={t('more', { name: line.name })}
          align="end"
          trigger={
            <IconButton label={t('more', { name: line.name })} size="small" className="-mt-1">
              <Ellipsis aria-hidden />
            </IconButton>
          }
          items={[
            { label: t('edit'), icon: <Pencil aria-hidden />, onSelect: () => edit(line) },
            {
              label: t('up'),
              icon: <ArrowUp aria-hidden />,
              disabled: place === 0,
              onSelect: () => move(place, place - 1),
            },
            {
              label: t('down'),
              icon: <ArrowDown aria-hidden />,
              disabled: place === count - 1,
              onSelect: () => move(place, place + 1),
            },
            'line',
            { label: t('remove'), icon: <Trash aria-hidden />, danger: true, onSelect: remove },
          ]}
        />
      ) : null}
    </>
  )
}

/** What the tried message means for this line. */
function Verdict({ line, tried }: { line: StoredRule; tried: Tried | null }) {
  const t = useTranslations('settings.routing.try')
  const name = useLabelName()
  const format = useFormatter()
  const fit = tried?.lines.find((one) => one.id === line.id)?.fit
  if (!fit) return null
  if (fit.matches) {
    return (
      <p className="mt-2 flex items-center gap-1.5 text-xs font-medium text-accent-ink">
        <CircleCheck aria-hidden className="size-4" />
        {t('decided')}
      </p>
    )
  }
  const { field, label, probability } = fit.missed
  const key = (Object.keys(fields) as (keyof typeof fields)[]).find((one) => fields[one] === field) ?? 'intents'
  const wanted = line.when[key] ?? []
  const facts = { found: name(field, label), percent: format.number(probability, { style: 'percent' }) }
  return (
    <p className="mt-2 text-xs text-ink-3">
      {wanted.includes(label)
        ? t('weak', facts)
        : t('missed', {
            ...facts,
            wanted: format.list(
              wanted.map((value) => name(field, value)),
              { type: 'disjunction' },
            ),
          })}
    </p>
  )
}
