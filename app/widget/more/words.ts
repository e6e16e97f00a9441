/** The words of this file in the frame's language. */
import type all from '../frame/words.json'

/** words.json's `more`, both languages: put here by the build. */
declare const MORE_WORDS: typeof all.more

const place = document.documentElement.lang === 'en' ? 0 : 1

export const word = (name: keyof typeof all.more): string => MORE_WORDS[name][place] ?? ''
export const locale = document.documentElement.lang
