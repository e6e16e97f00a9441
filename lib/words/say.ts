/** Words outside pages: the same sentences for mails, feeds and printed lines. */
import { createTranslator } from 'use-intl/core'
import type { Locale } from './locale'
import { type Namespace, words } from './namespaces'

export type SayFacts = Record<string, string | number | Date>

/** The sentence `key` of a namespace; `undefined` when there is none, so that callers can fall back by themselves. */
export function say(locale: Locale, namespace: Namespace, key: string, facts: SayFacts = {}): string | undefined {
  const translator = createTranslator({
    locale,
    messages: words[locale],
    namespace,
    timeZone: 'UTC',
    onError: () => {},
  })
  const loose = translator as unknown as { (key: string, facts: SayFacts): string; has(key: string): boolean }
  return loose.has(key) ? loose(key, facts) : undefined
}
