/** What a scene of the demo shop is: why somebody writes, in which words, and how the shop answers. */

export const demoTeams = ['Orders', 'Care', 'Tea room'] as const
export type DemoTeam = (typeof demoTeams)[number]
export const demoLabels = [
  'VIP',
  'Wholesale',
  'Gift',
  'Bug',
  'Shipping partner',
  'Follow up',
  '老客户',
  '礼盒',
] as const
export type DemoLabel = (typeof demoLabels)[number]

/** Slots such as {order} or {tea} are filled once per conversation, so that an answer names the same order. */
export interface Script {
  open: string[]
  reply: string[]
  /** What the visitor says next, and how that is answered. */
  more?: string[]
  answer?: string[]
  /** What a colleague notes, unseen by the visitor. */
  note?: string[]
}

export interface Scene {
  /** What the message is about, whatever a model says: corrections go by this. */
  intent: string
  sentiment: 'negative' | 'neutral' | 'positive'
  team: DemoTeam
  /** How often it happens, compared with the others. */
  weight: number
  labels?: DemoLabel[]
  /** The visitor shows what happened. */
  photo?: true
  en: Script
  zh: Script
}
