/** The chat as it will look with these settings, drawn with the page's own elements. */
'use client'

import ArrowUp from 'lucide-react/icons/arrow-up'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { type CSSProperties, useState } from 'react'
import { Mark } from '@/app/_ui/mark'
import { Segmented } from '@/app/_ui/segmented'
import own from '@/app/widget/frame/words.json'
import type { Locale } from '@/lib/core/locale'
import { inkOn } from '@/lib/features/inboxes/rules'
import { isAccent } from './accent'
import type { Draft } from './look'

const place = { en: 0, 'zh-CN': 1 } as const

/** What the chat says by itself where the account says nothing. */
export function usualWords(locale: Locale) {
  const pick = (pair: readonly string[]) => pair[place[locale]] ?? ''
  return {
    greeting: pick(own.markup.greeting),
    away: pick(own.script.away),
    placeholder: pick(own.markup.draft),
    disclosure: pick(own.markup.disclosure),
    online: pick(own.script.online),
  }
}

export function Preview({ draft, language }: { draft: Draft; language: Locale }) {
  const t = useTranslations('settings.inbox.look')
  const [presence, setPresence] = useState<'online' | 'away'>('online')
  const usual = usualWords(language)
  const texts = draft.texts[language]
  const accent = isAccent(draft.accent) ? draft.accent : '#5b5bd6'
  const colours = { '--accent': accent, '--on-accent': inkOn(accent) } as CSSProperties
  return (
    <figure aria-label={t('preview')} className="flex flex-col gap-3 lg:sticky lg:top-6 lg:self-start">
      <figcaption className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-medium">{t('preview')}</span>
        <Segmented
          label={t('preview')}
          options={[
            { value: 'online', label: t('previewOnline') },
            { value: 'away', label: t('previewAway') },
          ]}
          value={presence}
          onChange={setPresence}
          className="text-xs"
        />
      </figcaption>
      <div style={colours} lang={language} className="flex flex-col items-end gap-3 rounded-xl bg-sunken p-4">
        <div className="flex w-full flex-col overflow-hidden rounded-xl border border-line bg-surface text-base shadow-float">
          <div className="flex items-start gap-2 border-b border-line px-4 py-3">
            <div className="min-w-0 flex-1">
              <p className="truncate font-semibold">{draft.name || '…'}</p>
              <p className="text-xs text-ink-3">
                {presence === 'online' ? (
                  <>
                    <span aria-hidden className="text-good-ink">
                      ●{' '}
                    </span>
                    {usual.online}
                  </>
                ) : (
                  texts.away.trim() || usual.away
                )}
              </p>
            </div>
            <X aria-hidden className="mt-1 size-4 text-ink-3" />
          </div>
          <div className="flex min-h-52 flex-col justify-end gap-1.5 px-4 py-3">
            <div className="mb-auto">
              <p className="text-lg whitespace-pre-line">{texts.greeting.trim() || usual.greeting}</p>
              {draft.disclosure ? (
                <p className="text-xs text-ink-3">{texts.disclosure.trim() || usual.disclosure}</p>
              ) : null}
            </div>
            <p className="w-fit max-w-[86%] self-end rounded-xl bg-(--accent) px-3 py-1.5 text-(--on-accent)">
              {t('sample')}
            </p>
            <p className="w-fit max-w-[86%] rounded-xl bg-speech-in px-3 py-1.5">{t('answer')}</p>
          </div>
          <div className="flex items-center gap-2 border-t border-line py-2 ps-4 pe-2.5">
            <span className="min-w-0 flex-1 truncate text-ink-3">{texts.placeholder.trim() || usual.placeholder}</span>
            <span className="grid size-8 place-items-center rounded-full bg-(--accent) text-(--on-accent)">
              <ArrowUp aria-hidden className="size-5" />
            </span>
          </div>
        </div>
        <span className="grid size-14 place-items-center rounded-full bg-(--accent) text-(--on-accent) shadow-float">
          <Mark className="size-7" />
        </span>
      </div>
    </figure>
  )
}
