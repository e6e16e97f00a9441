/** How failures leave the house: RFC 9457 problem documents with a stable code and words in the caller's language. */
import { AppError, type ErrorCode, isAppError, statusOf } from '../core/errors'
import type { Locale } from '../core/locale'
import type { Log } from '../platform/log'
import en from '../words/en/errors.json'
import zh from '../words/zh-CN/errors.json'

type Words = Record<ErrorCode, { title: string; detail: string }>
const words: Record<Locale, Words> = { en: en as Words, 'zh-CN': zh as Words }

export interface Problem {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail: string
  [fact: string]: unknown
}

const fill = (sentence: string, facts: AppError['facts']): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (facts[name] == null ? whole : String(facts[name])))

/** The failure as an AppError; what nobody foresaw is logged whole and leaves as `unexpected` without its message. */
export function known(error: unknown, log: Log): AppError {
  if (isAppError(error)) return error
  log.error({ err: error }, 'unexpected failure')
  return new AppError('unexpected', {}, { cause: error })
}

export function problemOf(error: AppError, locale: Locale): Problem {
  const { title, detail } = words[locale][error.code] ?? words.en.unexpected
  return {
    type: `about:blank#${error.code}`,
    ...error.facts,
    title,
    status: statusOf[error.code],
    code: error.code,
    detail: fill(detail, error.facts),
  }
}

/** Seconds after which trying again makes sense, for 429 and 503. */
export function retryAfter(error: AppError): number | null {
  if (error.status !== 429 && error.status !== 503) return null
  return typeof error.facts.retryAfter === 'number' ? Math.max(1, Math.ceil(error.facts.retryAfter)) : 1
}
