/** Every namespace of words in both languages; the type check refuses a word that one of them lacks. */
import commonEn from './en/common.json'
import deskEn from './en/desk.json'
import errorsEn from './en/errors.json'
import mailEn from './en/mail.json'
import siteEn from './en/site.json'
import statusEn from './en/status.json'
import commonZh from './zh-CN/common.json'
import deskZh from './zh-CN/desk.json'
import errorsZh from './zh-CN/errors.json'
import mailZh from './zh-CN/mail.json'
import siteZh from './zh-CN/site.json'
import statusZh from './zh-CN/status.json'

const en = { common: commonEn, desk: deskEn, errors: errorsEn, mail: mailEn, site: siteEn, status: statusEn }
const zh = { common: commonZh, desk: deskZh, errors: errorsZh, mail: mailZh, site: siteZh, status: statusZh }

export type Words = typeof en
export type Namespace = keyof Words

/** `true` only when both trees have exactly the same keys; otherwise the assignment below does not compile. */
type Same<A, B> = [A] extends [B]
  ? [B] extends [A]
    ? true
    : 'a word is missing in English'
  : 'a word is missing in Chinese'
export const complete: Same<typeof en, typeof zh> = true

export const words: { en: Words; 'zh-CN': Words } = { en, 'zh-CN': zh }
