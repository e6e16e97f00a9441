/** Mails in words: subject, plain text and a simple page with one button, in the reader's language. */
import { AppError } from '@/lib/core/errors'
import type { Locale } from '@/lib/core/locale'
import { type SayFacts, say } from '@/lib/words/say'

export type MailKind =
  | 'signIn'
  | 'reset'
  | 'confirm'
  | 'invite'
  | 'passwordChanged'
  | 'secondFactorOn'
  | 'secondFactorOff'
  | 'secondFactorReset'
  | 'recoveryCodesRenewed'
  | 'recoveryCodeUsed'
  | 'trialEnds'
  | 'demoEnds'
  | 'planEnds'
  | 'paymentFailed'
  | 'deskReadOnly'
  | 'peopleWait'
  | 'planChanged'
  | 'spendAlert'
  | 'labelsUsedUp'
  | 'disputed'
  | 'eventFailed'
  | 'trainingWaits'
  | 'versionGaveWay'
  | 'versionRefused'
  | 'modelDrift'
  | 'webhookFailing'
  | 'webhookGone'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)
/** A header is one line. */
const oneLine = (text: string): string => text.replace(/[\r\n\p{Cc}]+/gu, ' ').trim()

export interface Composed {
  subject: string
  text: string
  html: string
}

/** @param link where the button goes; mails without one only inform */
export function composeMail(locale: Locale, kind: MailKind, facts: SayFacts, link: string | null): Composed {
  const word = (key: string): string => {
    const found = say(locale, 'mail', key, facts)
    if (found === undefined) throw new AppError('unexpected', { word: key })
    return found
  }
  const title = word(`${kind}.subject`)
  const body = word(`${kind}.body`)
  const button = link ? word(`${kind}.button`) : null
  const foot = word(`${kind}.foot`)
  const signature = word('signature')
  const text = [body, ...(link ? [`${button}:\n${link}`] : []), foot, `— ${signature}`].join('\n\n')
  return {
    subject: oneLine(title),
    text: `${text}\n`,
    html: page({ locale, title, body, button, link, foot, signature }),
  }
}

interface Parts {
  locale: Locale
  title: string
  body: string
  button: string | null
  link: string | null
  foot: string
  signature: string
}

const font = "-apple-system,'Segoe UI',Inter,'PingFang SC','Microsoft YaHei',sans-serif"

function page({ locale, title, body, button, link, foot, signature }: Parts): string {
  const action = link
    ? `<p style="margin:24px 0"><a href="${escapeHtml(link)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#5b5bd6;color:#fff;text-decoration:none;font-weight:600">${escapeHtml(button ?? '')}</a></p><p style="margin:0 0 16px;font-size:12px;color:#6b6f7b;word-break:break-all">${escapeHtml(link)}</p>`
    : ''
  return [
    '<!doctype html>',
    `<html lang="${locale}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title></head>`,
    `<body style="margin:0;padding:32px 16px;font:15px/1.6 ${font}"><div style="max-width:32rem;margin:0 auto">`,
    `<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${escapeHtml(title)}</h1>`,
    `<p style="margin:0">${escapeHtml(body)}</p>`,
    action,
    `<p style="margin:16px 0 0;font-size:13px;color:#6b6f7b">${escapeHtml(foot)}</p>`,
    `<p style="margin:24px 0 0;font-size:13px;color:#6b6f7b">${escapeHtml(signature)}</p>`,
    '</div></body></html>',
  ].join('\n')
}
