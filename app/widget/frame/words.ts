/** The words of the frame's language. One frame is built for each language, so that nobody loads the other's words. */
import type all from './words.json'

export type Word = keyof typeof all.script

/** 'en' or 'zh-CN', and the words of words.json's `script` in it: put here by the build. */
export declare const LOCALE: string
declare const WORDS: Record<Word, string>

export const locale = LOCALE
export const words = WORDS
