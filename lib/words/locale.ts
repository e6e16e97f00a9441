/** Which of our languages a person reads: their own choice (a cookie), else what their browser asks for, else English. */
import { closestLocale, type Locale, locales } from '@/lib/core/locale'

export { type Locale, locales }

export const localeCookie = 'lingxi_locale'

export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value)
}

export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null | undefined): Locale {
  return isLocale(cookie) ? cookie : closestLocale(acceptLanguage)
}
