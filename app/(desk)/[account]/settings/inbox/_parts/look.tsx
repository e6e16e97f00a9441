/** Colour, words, name and reopening of a chat, with the chat itself beside them as it will look. */
'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Input, Switch, Textarea } from '@/app/_ui/input'
import { Segmented } from '@/app/_ui/segmented'
import type { Locale } from '@/lib/core/locale'
import type { InboxChange } from '@/lib/features/inboxes/input'
import { Section } from '../../_parts/page-frame'
import { Accent, isAccent } from './accent'
import { type InboxSettings, useChangeInbox } from './data'
import { Preview, usualWords } from './preview'

type Texts = Record<Locale, Record<(typeof textNames)[number], string>>
export interface Draft {
  name: string
  accent: string
  reopenDays: string
  disclosure: boolean
  texts: Texts
}
export const textNames = ['greeting', 'away', 'placeholder', 'disclosure'] as const

const filled = (texts: InboxSettings['texts'][Locale]) => ({
  greeting: texts?.greeting ?? '',
  away: texts?.away ?? '',
  placeholder: texts?.placeholder ?? '',
  disclosure: texts?.disclosure ?? '',
})
const draftOf = (inbox: InboxSettings): Draft => ({
  name: inbox.name,
  accent: inbox.accent,
  reopenDays: String(inbox.reopenDays),
  disclosure: inbox.disclosure,
  texts: { en: filled(inbox.texts.en), 'zh-CN': filled(inbox.texts['zh-CN']) },
})
const daysOf = (text: string): number | null => {
  const days = Number(text)
  return /^\d{1,3}$/.test(text.trim()) && days <= 365 ? days : null
}
/** Empty fields are left out, so that the chat's own words stand in. */
const said = (texts: Texts[Locale]) =>
  Object.fromEntries(textNames.flatMap((name) => (texts[name].trim() ? [[name, texts[name].trim()]] : [])))

/** What differs from the stored settings; null when something cannot be stored. */
function changeOf(inbox: InboxSettings, draft: Draft): InboxChange | null {
  const stored = draftOf(inbox)
  const days = daysOf(draft.reopenDays)
  if (days === null || !isAccent(draft.accent) || !draft.name.trim()) return null
  return {
    ...(draft.name.trim() !== stored.name ? { name: draft.name.trim() } : {}),
    ...(draft.accent.toLowerCase() !== stored.accent ? { accent: draft.accent.toLowerCase() } : {}),
    ...(days !== inbox.reopenDays ? { reopenDays: days } : {}),
    ...(draft.disclosure !== inbox.disclosure ? { disclosure: draft.disclosure } : {}),
    ...(JSON.stringify(draft.texts) !== JSON.stringify(stored.texts)
      ? { texts: { en: said(draft.texts.en), 'zh-CN': said(draft.texts['zh-CN']) } }
      : {}),
  }
}

export function LookAndWords({ inbox, may }: { inbox: InboxSettings; may: boolean }) {
  const t = useTranslations('settings.inbox')
  const change = useChangeInbox(inbox)
  const [own, setOwn] = useState<Draft | null>(null)
  const [busy, setBusy] = useState(false)
  const [language, setLanguage] = useState<Locale>('en')
  const draft = own ?? draftOf(inbox)
  const wanted = changeOf(inbox, draft)
  const dirty = own !== null && (wanted === null || Object.keys(wanted).length > 0)
  const set = (part: Partial<Draft>) => setOwn({ ...draft, ...part })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!wanted || !dirty) return
    setBusy(true)
    if (await change(wanted)) setOwn(null)
    setBusy(false)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-10" noValidate>
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[1fr_20rem]">
        <Section title={t('look.title')} lead={t('look.lead')}>
          <fieldset disabled={!may} className="flex flex-col gap-5">
            <Accent value={draft.accent} onChange={(accent) => set({ accent })} />
            <Words draft={draft} language={language} setLanguage={setLanguage} set={set} />
          </fieldset>
        </Section>
        <Preview draft={draft} language={language} />
      </div>
      <Section title={t('behaviour.title')}>
        <Behaviour draft={draft} set={set} may={may} />
      </Section>
      {dirty ? <SaveBar busy={busy} able={wanted !== null} discard={() => setOwn(null)} /> : null}
    </form>
  )
}

interface PartProps {
  draft: Draft
  set: (part: Partial<Draft>) => void
}

function Words({
  draft,
  language,
  setLanguage,
  set,
}: PartProps & { language: Locale; setLanguage: (next: Locale) => void }) {
  const t = useTranslations('settings.inbox.look')
  const texts = draft.texts[language]
  const write = (name: (typeof textNames)[number], text: string) =>
    set({ texts: { ...draft.texts, [language]: { ...texts, [name]: text } } })
  const usual = usualWords(language)
  const shared = (name: (typeof textNames)[number]) => ({
    value: texts[name],
    lang: language,
    placeholder: usual[name],
    maxLength: name === 'placeholder' ? 100 : 300,
  })
  return (
    <div className="flex flex-col gap-4">
      <Segmented
        label={t('language')}
        options={[
          { value: 'en', label: 'English' },
          { value: 'zh-CN', label: <span lang="zh-CN">简体中文</span> },
        ]}
        value={language}
        onChange={setLanguage}
        className="self-start"
      />
      <Field label={t('greeting')} optional>
        <Textarea
          {...shared('greeting')}
          className="min-h-14!"
          onChange={(event) => write('greeting', event.target.value)}
        />
      </Field>
      <Field label={t('away')} optional>
        <Input {...shared('away')} onChange={(event) => write('away', event.target.value)} />
      </Field>
      <Field label={t('placeholder')} optional>
        <Input {...shared('placeholder')} onChange={(event) => write('placeholder', event.target.value)} />
      </Field>
      <Field label={t('disclosure')} hint={t('disclosureHint')} inline>
        <Switch checked={draft.disclosure} onChange={(event) => set({ disclosure: event.target.checked })} />
      </Field>
      {draft.disclosure ? (
        <Field label={t('disclosureWords')} optional>
          <Input {...shared('disclosure')} onChange={(event) => write('disclosure', event.target.value)} />
        </Field>
      ) : null}
    </div>
  )
}

function Behaviour({ draft, set, may }: PartProps & { may: boolean }) {
  const t = useTranslations('settings.inbox.behaviour')
  return (
    <fieldset disabled={!may} className="grid gap-5 sm:grid-cols-2">
      <Field label={t('name')} hint={t('nameHint')}>
        <Input
          value={draft.name}
          maxLength={60}
          required
          autoComplete="off"
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label={t('days')} hint={t('daysHint')}>
        <Input
          type="number"
          inputMode="numeric"
          min={0}
          max={365}
          value={draft.reopenDays}
          aria-invalid={daysOf(draft.reopenDays) === null}
          className="max-w-28"
          onChange={(event) => set({ reopenDays: event.target.value })}
        />
      </Field>
    </fieldset>
  )
}

/** Stays in sight while something is unsaved. */
function SaveBar({ busy, able, discard }: { busy: boolean; able: boolean; discard: () => void }) {
  const t = useTranslations('settings.inbox.save')
  const common = useTranslations('common')
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className="float sticky bottom-4 z-10 mx-auto flex w-fit max-w-full animate-appear items-center gap-2 py-1.5 ps-4 pe-1.5"
    >
      <span id={id} className="me-2 text-ink-2">
        {t('dirty')}
      </span>
      <Button onClick={discard}>{t('discard')}</Button>
      <Button type="submit" look="primary" busy={busy} disabled={!able}>
        {common('save')}
      </Button>
    </section>
  )
}
