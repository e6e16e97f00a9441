/** The snippet that puts the chat on a website. */
'use client'

import { useTranslations } from 'next-intl'
import { CopyButton } from '@/app/_ui/copy-button'
import { Section } from '../../_parts/page-frame'
import type { InboxSettings } from './data'

export const snippetOf = (publicUrl: string, siteKey: string): string =>
  `<script async src="${publicUrl}/widget.js" data-site-key="${siteKey}"></script>`

export function Install({ inbox, publicUrl }: { inbox: InboxSettings; publicUrl: string }) {
  const t = useTranslations('settings.inbox.install')
  const snippet = snippetOf(publicUrl, inbox.siteKey)
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Code text={snippet} copy={t('copy')} />
    </Section>
  )
}

/** A piece of code to copy; long lines wrap, so that nothing hides. */
export function Code({ text, copy }: { text: string; copy?: string }) {
  return (
    <div className="panel flex flex-wrap items-start gap-3 bg-canvas p-3">
      <pre className="min-w-0 flex-1 basis-64 font-mono text-xs wrap-anywhere whitespace-pre-wrap">{text}</pre>
      <CopyButton text={text} label={copy} size="small" className="flex-none" />
    </div>
  )
}
