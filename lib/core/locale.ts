/** The two languages of the product and how to choose one. */

export const locales = ['en', 'zh-CN'] as const
export type Locale = (typeof locales)[number]

/** The closest language we have to a BCP 47 tag or an Accept-Language header. */
export function closestLocale(asked: string | null | undefined): Locale {
  for (const part of (asked ?? '').split(',')) {
    const tag = part.split(';')[0]?.trim().toLowerCase() ?? ''
    if (tag.startsWith('zh')) return 'zh-CN'
    if (tag.startsWith('en')) return 'en'
  }
  return 'en'
}
