/** Tells next-intl which words and languages exist, so that an unknown word does not compile. */
import type { Locale } from './locale'
import type { Words } from './namespaces'

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale
    Messages: Words
  }
}
