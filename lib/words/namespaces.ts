/** Every namespace of words in both languages; the type check refuses a word that one of them lacks. */
import auditEn from './en/audit.json'
import billingEn from './en/billing.json'
import commonEn from './en/common.json'
import deskEn from './en/desk.json'
import errorsEn from './en/errors.json'
import fallbackEn from './en/fallback.json'
import identityEn from './en/identity.json'
import inboxEn from './en/inbox.json'
import intentsEn from './en/intents.json'
import mailEn from './en/mail.json'
import modelsEn from './en/models.json'
import operatorEn from './en/operator.json'
import outboxEn from './en/outbox.json'
import profileEn from './en/profile.json'
import routingEn from './en/routing.json'
import settingsEn from './en/settings.json'
import siteEn from './en/site.json'
import statusEn from './en/status.json'
import teamEn from './en/team.json'
import ticketsEn from './en/tickets.json'
import webhooksEn from './en/webhooks.json'
import whyEn from './en/why.json'
import auditZh from './zh-CN/audit.json'
import billingZh from './zh-CN/billing.json'
import commonZh from './zh-CN/common.json'
import deskZh from './zh-CN/desk.json'
import errorsZh from './zh-CN/errors.json'
import fallbackZh from './zh-CN/fallback.json'
import identityZh from './zh-CN/identity.json'
import inboxZh from './zh-CN/inbox.json'
import intentsZh from './zh-CN/intents.json'
import mailZh from './zh-CN/mail.json'
import modelsZh from './zh-CN/models.json'
import operatorZh from './zh-CN/operator.json'
import outboxZh from './zh-CN/outbox.json'
import profileZh from './zh-CN/profile.json'
import routingZh from './zh-CN/routing.json'
import settingsZh from './zh-CN/settings.json'
import siteZh from './zh-CN/site.json'
import statusZh from './zh-CN/status.json'
import teamZh from './zh-CN/team.json'
import ticketsZh from './zh-CN/tickets.json'
import webhooksZh from './zh-CN/webhooks.json'
import whyZh from './zh-CN/why.json'

const en = {
  audit: auditEn,
  billing: billingEn,
  common: commonEn,
  desk: deskEn,
  errors: errorsEn,
  fallback: fallbackEn,
  inbox: inboxEn,
  intents: intentsEn,
  identity: identityEn,
  team: teamEn,
  profile: profileEn,
  operator: operatorEn,
  outbox: outboxEn,
  mail: mailEn,
  models: modelsEn,
  site: siteEn,
  status: statusEn,
  routing: routingEn,
  settings: settingsEn,
  tickets: ticketsEn,
  webhooks: webhooksEn,
  why: whyEn,
}
const zh = {
  audit: auditZh,
  billing: billingZh,
  common: commonZh,
  desk: deskZh,
  errors: errorsZh,
  fallback: fallbackZh,
  inbox: inboxZh,
  intents: intentsZh,
  identity: identityZh,
  team: teamZh,
  profile: profileZh,
  operator: operatorZh,
  outbox: outboxZh,
  mail: mailZh,
  models: modelsZh,
  site: siteZh,
  status: statusZh,
  routing: routingZh,
  settings: settingsZh,
  tickets: ticketsZh,
  webhooks: webhooksZh,
  why: whyZh,
}

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
