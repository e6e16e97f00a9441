/** One line: when it applies and what it does. */
'use client'

import ChevronDown from 'lucide-react/icons/chevron-down'
import { useFormatter, useTranslations } from 'next-intl'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Combobox, type ComboboxItem } from '@/app/_ui/combobox'
import { Dialog } from '@/app/_ui/dialog'
import { Field } from '@/app/_ui/field'
import { Input, Select, Switch } from '@/app/_ui/input'
import { useIntents, usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import { sentiments, urgencies } from '@/lib/core/ports'
import { priorities, usualConfidence } from '@/lib/features/routing/rules'
import type { Line } from './data'
import { type ConditionName, conditionNames, fields, languages, useLabelName } from './words'

const confidences = [0.5, 0.7, 0.8, 0.9, 0.95]

export function LineForm({
  start,
  onSave,
  onClose,
}: {
  start: Line
  onSave: (line: Line) => Promise<void>
  onClose: () => void
}) {
  const t = useTranslations('settings.routing.form')
  const common = useTranslations('common')
  const [line, setLine] = useState(start)
  const [busy, setBusy] = useState(false)
  const form = useId()
  const set = (part: Partial<Line>) => setLine({ ...line, ...part })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    await onSave({ ...line, name: line.name.trim(), assign: line.teamId ? line.assign : 'none' })
    setBusy(false)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="wide"
      title={t(start.id ? 'editTitle' : 'newTitle')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form={form} look="primary" busy={busy} disabled={!line.name.trim()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-6">
        <Field label={t('name')} hint={t('nameHint')}>
          <Input
            value={line.name}
            maxLength={80}
            required
            autoFocus
            autoComplete="off"
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <When line={line} set={set} />
        <Then line={line} set={set} />
      </form>
    </Dialog>
  )
}

interface PartProps {
  line: Line
  set: (part: Partial<Line>) => void
}

function When({ line, set }: PartProps) {
  const t = useTranslations('settings.routing')
  const format = useFormatter()
  const name = useLabelName()
  const intents = useIntents()
  const values: Record<ConditionName, readonly string[]> = {
    intents: intents.map((intent) => intent.id),
    sentiments,
    languages,
    urgencies,
  }
  const choose = (key: ConditionName, chosen: string[]) => {
    const { [key]: _old, ...rest } = line.when
    set({ when: chosen.length ? { ...rest, [key]: chosen } : rest })
  }
  const percent = (value: number) => format.number(value, { style: 'percent' })
  return (
    <fieldset className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
      <legend className="mb-2 font-semibold">{t('when')}</legend>
      {conditionNames.map((key) => (
        <Choice
          key={key}
          label={t(`form.${key}`)}
          items={values[key].map((value) => ({ value, label: name(fields[key], value) }))}
          value={line.when[key] ?? []}
          onChange={(chosen) => choose(key, chosen)}
        />
      ))}
      <Field label={t('form.confidence')} className="sm:col-span-2">
        <Select
          value={line.when.minConfidence ?? ''}
          onChange={(event) => {
            const { minConfidence: _old, ...rest } = line.when
            set({ when: event.target.value ? { ...rest, minConfidence: Number(event.target.value) } : rest })
          }}
        >
          <option value="">{t('form.usual', { percent: percent(usualConfidence) })}</option>
          {[...new Set([...confidences, ...(line.when.minConfidence ? [line.when.minConfidence] : [])])]
            .sort()
            .map((value) => (
              <option key={value} value={value}>
                {percent(value)}
              </option>
            ))}
        </Select>
      </Field>
    </fieldset>
  )
}

/** Several of many; none means anything. */
function Choice({
  label,
  items,
  value,
  onChange,
}: {
  label: string
  items: ComboboxItem[]
  value: readonly string[]
  onChange: (chosen: string[]) => void
}) {
  const t = useTranslations('settings.routing.form')
  const format = useFormatter()
  const names = items.filter((item) => value.includes(item.value)).map((item) => item.label)
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span aria-hidden className="font-medium">
        {label}
      </span>
      <Combobox
        multiple
        label={label}
        items={items}
        value={value}
        onChange={onChange}
        trigger={
          <Button
            aria-label={`${label}: ${names.length ? format.list(names) : t('anything')}`}
            className="w-full justify-between! font-normal!"
          >
            <span className={names.length ? 'truncate' : 'text-ink-3'}>
              {names.length ? format.list(names, { type: 'disjunction' }) : t('anything')}
            </span>
            <ChevronDown aria-hidden className="text-ink-3" />
          </Button>
        }
      />
    </div>
  )
}

function Then({ line, set }: PartProps) {
  const t = useTranslations('settings.routing')
  const people = usePeople()
  return (
    <fieldset className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
      <legend className="mb-2 font-semibold">{t('then')}</legend>
      <Field label={t('form.team')}>
        <Select value={line.teamId ?? ''} onChange={(event) => set({ teamId: event.target.value || null })}>
          <option value="">{t('form.noTeam')}</option>
          {people.teams.map((team) => (
            <option key={team.id} value={team.id}>
              {team.name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('form.priority')}>
        <Select
          value={line.priority ?? ''}
          onChange={(event) => set({ priority: (event.target.value || null) as Line['priority'] })}
        >
          <option value="">{t('form.keep')}</option>
          {[...priorities].reverse().map((priority) => (
            <option key={priority} value={priority}>
              {t(`priorities.${priority}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        inline
        label={t('form.assign')}
        hint={line.teamId ? undefined : t('form.assignHint')}
        className="sm:col-span-2"
      >
        <Switch
          checked={line.teamId !== null && line.assign === 'round_robin'}
          disabled={line.teamId === null}
          onChange={(event) => set({ assign: event.target.checked ? 'round_robin' : 'none' })}
        />
      </Field>
    </fieldset>
  )
}
